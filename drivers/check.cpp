#include <fmt/format.h>

#include "drivers/broadcast.hpp"
#include "drivers/commands.hpp"
#include "drivers/print.hpp"
#include "drivers/set_up.hpp"

namespace ister::drivers {

ExitCode check(const core::Session& session, const CheckCommand& command) {
  if (command.defaults) {
    if (session.is_root()) print_out("{}", default_input_text());
    return ExitCode::success;
  }
  const Input input = read_input_everywhere(session, command.input, command.overrides);
  const core::Decomposition decomposition(input.grid, session.ranks(), session.rank());
  core::ArrayPool pool;
  physics::FluidModel fluid = make_fluid(session, input);
  const solvers::InitialState initial = make_initial_fields(session, input, fluid, decomposition);
  solvers::HydroSystem system(session.comm(), decomposition, pool, fluid, input.solver, input.history.energy_cut);
  system.set_state(input.solver.time.start, initial);
  const std::string summary = describe(input, session, pool);
  if (session.is_root()) {
    print_out("{}\n{}", input.resolved_toml, summary);
    for (const std::string& line : warnings(input, fluid, system)) print_out("warning: {}\n", line);
  }
  return ExitCode::success;
}

}  // namespace ister::drivers
