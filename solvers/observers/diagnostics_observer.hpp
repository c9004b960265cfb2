#pragma once
#include "solvers/hydro_system.hpp"
#include "solvers/observers/observer.hpp"

namespace ister::solvers {

/// The diagnostics of a system as columns of the history, measured when a row is written.
class DiagnosticsObserver final : public Observer {
 public:
  DiagnosticsObserver(HydroSystem& system, const SolverOptions& options);
  [[nodiscard]] std::string name() const override { return "diagnostics"; }
  [[nodiscard]] std::vector<std::string> columns() const override;
  void add_values(std::vector<double>& row) override;

 private:
  HydroSystem& m_system;
  bool m_averages;  ///< those of events, in Milne space
  bool m_driven;
  bool m_stabilized;
};

}  // namespace ister::solvers
