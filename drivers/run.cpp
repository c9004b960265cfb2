#include "drivers/broadcast.hpp"
#include "drivers/commands.hpp"
#include "drivers/simulation.hpp"

namespace ister::drivers {

ExitCode run(const core::Session& session, const RunCommand& command) {
  return Simulation(session, read_input_everywhere(session, command.input, command.overrides), command).execute();
}

}  // namespace ister::drivers
