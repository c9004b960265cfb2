#include "drivers/commands.hpp"
#include "drivers/input/broadcast.hpp"
#include "drivers/run/simulation.hpp"

namespace ister::drivers {

ExitCode run(const core::Ranks& ranks, const RunCommand& command) {
  Simulation simulation(ranks, read_input_everywhere(ranks, command.input, command.overrides), command);
  return simulation.prepare() ? simulation.evolve() : ExitCode::success;
}

}  // namespace ister::drivers
