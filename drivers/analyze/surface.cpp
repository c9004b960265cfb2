#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "core/base/error.hpp"
#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/surface_choice.hpp"
#include "drivers/analyze/surface_formats.hpp"
#include "drivers/analyze/surface_hadrons.hpp"
#include "drivers/print.hpp"

namespace ister::drivers {
namespace {

/// The elements of a surface in the formats of other codes.
struct SurfaceOptions {
  SurfaceChoice surface;
  std::filesystem::path output;
  std::string format = "csv";
  std::vector<double> eta;

  void add_to(CLI::App& app) {
    surface.add_to(app);
    app.add_option("--to", format, "the format")->check(CLI::IsMember(names()))->capture_default_str();
    app.add_option("-o,--output", output, "where to write it")->required()->type_name("FILE");
    app.add_option("--eta-slices", eta, "a boost-invariant surface is written in this many slices between LOW and HIGH")
        ->expected(3)
        ->type_name("LOW HIGH NUMBER");
    app.footer(
        "csv: the columns of the file. music: MUSIC's 34 float32 numbers an element; iss: the same, with the "
        "music_input that iSS reads beside it (its equation of state 9 gives T at the energy density); music-text: "
        "29 columns, bulk pressure the last; is3d: these for runs in x and y (mode 6), else mode 1; vhlle: 27 "
        "Cartesian columns, as SMASH-hadron-sampler reads them; fist: 30 float64 numbers (type 1 of the FIST sampler), "
        "with the fist_input that it is started with (its hadron gas gives T where that of the surface would change "
        "the energy); frzout: 16 "
        "float64 numbers as osu-hydro's, for runs with eta 22: t x y z, d sigma, v, pi tt tx ty tz xx xy xz yy yz zz, "
        "Pi. SMASH and FIST do not integrate over eta: give them a boost-invariant surface in --eta-slices, else it is "
        "one slice of width 1.\n"
        "Says by how much energy and entropy of all hadrons (inputs/hadrons.csv) in equilibrium at the temperature of "
        "the surface differ from the fluid's; they agree with eos.type = hotqcd_hrg up to eos.hadron_gas_below.\n"
        "Example: ister analyze surface out/pbpb_surface.h5 --to vhlle --eta-slices -4 4 80 -o freezeout.dat");
  }

  [[nodiscard]] ExitCode execute() const {
    const io::SurfaceContent content = io::read_surface_file(surface.source);
    const core::surface::ElementTable& table = surface.of(content);
    const std::vector<io::FileContent> files = surface_as(format, content, table, slices(), output);
    io::write_files(files);
    for (const io::FileContent& file : files) print_out("written: {}\n", file.path.string());
    print_out("{}\n", precision());
    if (format == "frzout") print_level(table);
    if (table.rows() > 0) print_mismatch(table);
    return ExitCode::success;
  }

 private:
  static std::vector<std::string> names() {
    std::vector<std::string> names;
    for (const SurfaceFormat& one : surface_formats()) names.emplace_back(one.name);
    return names;
  }

  [[nodiscard]] const char* precision() const {
    const auto& all = surface_formats();
    return std::find_if(all.begin(), all.end(), [this](const SurfaceFormat& one) { return format == one.name; })
        ->precision;
  }

  /// frzout reads no temperature from files.
  static void print_level(const core::surface::ElementTable& table) {
    const SurfaceLevel level = surface_level(table);
    print_out("tell frzout.HRG its temperature: {:.6g} GeV, or that where HRG.energy_density() is {:.6g} GeV/fm^3\n",
              level.temperature, level.energy_density);
  }

  static void print_mismatch(const core::surface::ElementTable& table) {
    const HadronMismatch more = hadron_mismatch(table, physics::HadronGas(physics::shipped_hadrons()));
    print_out("all hadrons at its temperature, against the fluid: energy {:+.6g} %, entropy {:+.6g} %\n",
              100.0 * more.energy, 100.0 * more.entropy);
  }

  [[nodiscard]] std::optional<EtaSlices> slices() const {
    if (eta.empty()) return {};
    const double low = eta[0], high = eta[1];
    constexpr double most = 1e5;
    if (!(high > low) || !(eta[2] >= 1.0 && eta[2] <= most) || eta[2] != std::floor(eta[2]))
      throw InputError("--eta-slices must be LOW HIGH NUMBER with LOW < HIGH and a whole NUMBER from 1 to 100000");
    const auto number = static_cast<int>(eta[2]);
    EtaSlices result{{}, (high - low) / number};
    for (int i = 0; i < number; ++i) result.middles.push_back(low + (i + 0.5) * result.width);
    return result;
  }
};

}  // namespace

void add_surface(CLI::App& analyze, AnalyzeCommand& command) {
  add_analysis<SurfaceOptions>(analyze, command, "surface", "freeze-out surfaces in the formats of other codes");
}

}  // namespace ister::drivers
