#include "core/base/error.hpp"
#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/medium_formats.hpp"
#include "drivers/print.hpp"

namespace ister::drivers {
namespace {

/// The medium of a run in the formats of codes for jets and photons.
struct MediumChoice {
  std::filesystem::path source, output;
  std::string format;
  std::optional<double> energy_cut;

  void add_to(CLI::App& app) {
    app.add_option("FILE.h5", source, "what observers saw, <name>_observers.h5, with [observers] medium")->required();
    app.add_option("--to", format, "the format")->required()->check(CLI::IsMember({"music", "hydroinfo"}));
    app.add_option("-o,--output", output, "where to write it")->required()->type_name("FILE");
    app.add_option("--energy-cut", energy_cut, "music: without cells below this energy density [GeV/fm^3]")
        ->check(CLI::NonNegativeNumber)
        ->type_name("E");
    app.footer(
        "music: evolution_all_xyeta.dat of MUSIC, binary, as JETSCAPE reads it (evolution_all_xyeta_MUSIC.dat; a grid "
        "that is the same along x and y). hydroinfo: JetData.h5 of OSU hydro and VISHNew, in x and y. T, e, p, u, "
        "without stresses, at the times and points of observers.medium.\n"
        "Example: ister analyze medium out/pbpb_observers.h5 --to hydroinfo -o JetData.h5");
  }

  [[nodiscard]] ExitCode execute() const {
    if (energy_cut && format != "music") throw InputError("--energy-cut applies to --to music only");
    const Medium medium = read_medium(source);
    io::write_files(
        {format == "music" ? as_music(medium, energy_cut.value_or(0.0), output) : as_hydroinfo(medium, output)});
    print_out("written: {}, {} times from {:g} fm on, {:g} fm apart\n", output.string(), medium.series.rows(),
              medium.start, medium.every);
    const auto& [x, y, eta] = medium.nodes;
    if (format == "music" && (x.count != y.count || x.step != y.step || x.first != y.first))
      print_out("x and y differ: JETSCAPE takes the grid of x for y as well\n");
    return ExitCode::success;
  }
};

}  // namespace

void add_medium(CLI::App& analyze, AnalyzeCommand& command) {
  add_analysis<MediumChoice>(analyze, command, "medium", "T, e, p, u over time for codes of jets and photons");
}

}  // namespace ister::drivers
