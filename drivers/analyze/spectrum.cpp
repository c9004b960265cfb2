#include <fmt/format.h>

#include "core/spectral/spectrum.hpp"
#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/state_fields.hpp"
#include "io/state_file.hpp"

namespace ister::drivers {
namespace {

/// Shell spectra and structure factors of fields of state files, one row for each file.
struct SpectrumOptions {
  std::vector<std::filesystem::path> sources;
  std::vector<std::string> fields = {"energy_density"};
  Results results;

  void add_to(CLI::App& app) {
    app.add_option("RUN", sources, "the folder of a run, or state files on the same grid")->required();
    app.add_option("--field", fields, "a field; several are the components of a vector")
        ->type_name("NAME")
        ->capture_default_str();
    results.add_to(app);
    app.footer(
        "With f_k = (1/N) sum f exp(-i k x), shells n: (n - 1/2) dk <= |k| < (n + 1/2) dk, dk = 2 pi/(shortest "
        "side), and V the volume of the box:\n"
        "  E(k) = sum over the shell of |f_k|^2/2, so that all shells together hold <f^2>/2\n"
        "  S(k) = V times the mean over the shell of |f_k|^2\n"
        "Of several components both are summed over them. Reads /state/NAME of the files.\n"
        "Writes k = n dk (shells) in 1/fm; modes (shells), how many k a shell holds; energy = E and "
        "structure_factor = S (shells), in the units of the field squared and of that times fm^dimensions. Of "
        "several files both are (files, shells), with time (files) in fm. A row of the table is a shell.\n"
        "Example: ister analyze spectrum run --field ux uy -o spectrum.h5 --csv spectrum.csv");
  }

  [[nodiscard]] ExitCode execute() const {
    const std::vector<std::filesystem::path> states = states_of(sources);
    std::vector<double> times, energies, factors;
    core::ShellSpectrum shells;
    for (const auto& state : states) {
      const io::FieldFile file = io::open_state(MPI_COMM_SELF, state);
      const core::ShellSpectrum next = spectrum_of(file);
      if (!shells.k.empty() && (next.k.size() != shells.k.size() || next.dk != shells.dk))
        throw InputError(state.string() + ": its grid is not that of " + states.front().string());
      shells = next;
      times.push_back(time_of(file));
      energies.insert(energies.end(), next.energy.begin(), next.energy.end());
      factors.insert(factors.end(), next.structure_factor.begin(), next.structure_factor.end());
    }
    const std::vector<std::size_t> shape = {states.size(), shells.k.size()};
    std::vector<io::NamedArray> arrays = {{"k", io::Array(shells.k)}, {"modes", io::Array(shells.modes)}};
    if (states.size() == 1) {
      arrays.push_back({"energy", io::Array(energies)});
      arrays.push_back({"structure_factor", io::Array(factors)});
    } else {
      arrays.push_back({"energy", {shape, energies}});
      arrays.push_back({"structure_factor", {shape, factors}});
    }
    std::vector<io::NamedArray> table = arrays;  // rows are shells
    for (io::NamedArray& column : table) column.array = transposed(column.array);
    if (states.size() > 1) arrays.push_back({"time", io::Array(times)});
    results.write(
        arrays, {{"analysis", std::string("spectrum")}, {"fields", fmt::format("{}", fmt::join(fields, " "))}}, table);
    return ExitCode::success;
  }

 private:
  [[nodiscard]] core::ShellSpectrum spectrum_of(const io::FieldFile& file) const {
    const core::Grid grid = grid_of(file);
    const core::Decomposition whole(grid, 1, 0);
    core::Fft3d fft(MPI_COMM_SELF, whole);
    std::vector<std::vector<double>> values;
    std::vector<const double*> components;
    for (const std::string& field : fields) values.push_back(read_field(file, field, whole));
    for (const auto& component : values) components.push_back(component.data());
    return core::shell_spectrum(fft, components);
  }
};

}  // namespace

void add_spectrum(CLI::App& analyze, AnalyzeCommand& command) {
  add_analysis<SpectrumOptions>(analyze, command, "spectrum", "shell spectrum and structure factor of state files");
}

}  // namespace ister::drivers
