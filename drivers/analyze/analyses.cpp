#include "drivers/analyze/analyses.hpp"

#include "drivers/subcommands.hpp"

namespace ister::drivers {

void add_analyses(CLI::App& analyze, AnalyzeCommand& command) {
  analyze.require_subcommand(0, 1);
  add_compare(analyze, command);
  add_spectrum(analyze, command);
  add_correlate(analyze, command);
  add_g2(analyze, command);
  add_angles(analyze, command);
  add_probes(analyze, command);
  add_sonify(analyze, command);
  add_volterra(analyze, command);
  add_fit(analyze, command);
  add_surface(analyze, command);
  add_particles(analyze, command);
  add_ensemble(analyze, command);
  add_medium(analyze, command);
}

}  // namespace ister::drivers
