#include "drivers/run/run_end.hpp"

#include <fmt/format.h>

#include "core/base/error.hpp"

namespace ister::drivers {

bool is_frozen(const Input& input, const RunObservers& observers) {
  return input.surface.stop && observers.surface != nullptr && observers.surface->all_frozen();
}

bool at_end(const Input& input, const solvers::HydroSystem& system, const RunObservers& observers) {
  const solvers::TimeOptions& time = input.solver.time;
  return system.time() >= time.end ||
         (time.stop_temperature > 0.0 && system.highest_temperature() <= time.stop_temperature) ||
         is_frozen(input, observers);
}

bool is_condemned(const Input& input, const solvers::HydroSystem& system, const RunObservers& observers) {
  const bool shown = system.step_count() > 1 || system.time() >= input.solver.time.end;
  return shown && !input.run.keep_going && observers.verdict->verdicts().end_run();
}

void fail_condemned(const solvers::HydroSystem& system, const RunObservers& observers) {
  throw BreakdownError(fmt::format("the result is lost at time {:.6g} fm (step {}): {}; run.keep_going = true goes on",
                                   system.time(), system.step_count(),
                                   fmt::join(observers.verdict->verdicts().remarks(solvers::Grade::bad), "; ")));
}

}  // namespace ister::drivers
