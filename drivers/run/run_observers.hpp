#pragma once
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "core/grid/series.hpp"
#include "drivers/input/input.hpp"
#include "solvers/observers/medium.hpp"
#include "solvers/observers/observers.hpp"
#include "solvers/observers/surface_observer.hpp"
#include "solvers/observers/verdict_observer.hpp"

namespace ister::drivers {

/// The observers that an input asks for, and the series that they make.
struct RunObservers {
  solvers::Observers observers;
  std::vector<core::Series*> series;
  solvers::VerdictObserver* verdict;
  solvers::SurfaceObserver* surface = nullptr;  ///< where there are levels
  solvers::MediumObserver* medium = nullptr;    ///< where it has a cadence

  RunObservers(solvers::HydroSystem& system, const Input& input);
};

/// Something that the run does itself where a state is due for it.
class CallingObserver final : public solvers::Observer {
 public:
  CallingObserver(std::string name, std::function<bool(const solvers::Moment&)> due, std::function<void()> call)
      : m_name(std::move(name)), m_due(std::move(due)), m_call(std::move(call)) {}
  [[nodiscard]] std::string name() const override { return m_name; }
  [[nodiscard]] bool due(const solvers::Moment& moment) const override { return m_due(moment); }
  void observe(const solvers::Observation& /*observation*/) override { m_call(); }

 private:
  std::string m_name;
  std::function<bool(const solvers::Moment&)> m_due;
  std::function<void()> m_call;
};

}  // namespace ister::drivers
