#include "drivers/run/run_observers.hpp"

#include <memory>

#include "solvers/observers/causality_observer.hpp"
#include "solvers/observers/diagnostics_observer.hpp"
#include "solvers/observers/modes.hpp"

namespace ister::drivers {

RunObservers::RunObservers(solvers::HydroSystem& system, const Input& input) : observers(system) {
  observers.add(std::make_unique<solvers::DiagnosticsObserver>(system, input.solver));
  if (!input.modes.wavevectors.empty()) {
    auto modes = std::make_unique<solvers::ModesObserver>(system.context(), input.modes);
    series.push_back(&modes->series());
    observers.add(std::move(modes));
  }
  if (input.medium.active()) {
    auto seen = std::make_unique<solvers::MediumObserver>(system.context(), input.medium);
    medium = seen.get();
    series.push_back(&seen->series());
    observers.add(std::move(seen));
  }
  auto causality = std::make_unique<solvers::CausalityObserver>(system, input.solver);
  auto judge = std::make_unique<solvers::VerdictObserver>(system, *causality, input.history.every_steps);
  verdict = judge.get();
  observers.add(std::move(judge));
  observers.add(std::move(causality));
  if (input.surface.active()) {
    auto finder = std::make_unique<solvers::SurfaceObserver>(system, input.surface, *verdict);
    surface = finder.get();
    observers.add(std::move(finder));
  }
}

}  // namespace ister::drivers
