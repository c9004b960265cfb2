#include "drivers/analyze/analyses.hpp"

#include <fmt/format.h>

namespace ister::drivers {

void add_analyses(CLI::App& analyze, AnalyzeCommand& command) {
  analyze.require_subcommand(0, 1);
  add_spectrum(analyze, command);
  add_correlate(analyze, command);
  add_g2(analyze, command);
  add_volterra(analyze, command);
  add_angles(analyze, command);
  add_probes(analyze, command);
  add_sonify(analyze, command);
}

void Results::add_to(CLI::App& app) {
  app.add_option("-o,--output", output, "HDF5 file for the results")->required()->type_name("FILE.h5");
  app.add_option("--csv", csv, "the results as a table as well")->type_name("FILE.csv");
}

void Results::write(const std::vector<io::NamedArray>& arrays, const core::Attributes& attributes) const {
  io::write_arrays(output, arrays, attributes);
  if (csv) io::write_csv(*csv, arrays);
  fmt::print("written: {}{}\n", output.string(), csv ? " and " + csv->string() : "");
}

}  // namespace ister::drivers
