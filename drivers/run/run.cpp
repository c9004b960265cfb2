#include "core/parallel/signals.hpp"
#include "drivers/commands.hpp"
#include "drivers/input/broadcast.hpp"
#include "drivers/machine/launcher.hpp"
#include "drivers/run/simulation.hpp"

namespace ister::drivers {

ExitCode run(const core::Session& session, const RunCommand& command) {
  core::ignore_broken_pipes();
  require_whole_world(session);
  Simulation simulation(session, read_input_everywhere(session, command.input, command.overrides), command);
  return simulation.prepare() ? simulation.evolve() : ExitCode::success;
}

}  // namespace ister::drivers
