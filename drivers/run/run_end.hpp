#pragma once
#include "drivers/input/input.hpp"
#include "drivers/run/run_observers.hpp"
#include "solvers/hydro_system.hpp"

// When a run ends, from its state and what its observers saw: the same on all ranks.
namespace ister::drivers {

/// Whether the surface that the run was to go on for is complete.
bool is_frozen(const Input& input, const RunObservers& observers);

/// Whether it has come to its end.
bool at_end(const Input& input, const solvers::HydroSystem& system, const RunObservers& observers);

/// Whether a verdict ends it: not before a second step, so that the history shows what the first one led to.
bool is_condemned(const Input& input, const solvers::HydroSystem& system, const RunObservers& observers);

/// Throws the BreakdownError of a run that a verdict ended.
[[noreturn]] void fail_condemned(const solvers::HydroSystem& system, const RunObservers& observers);

}  // namespace ister::drivers
