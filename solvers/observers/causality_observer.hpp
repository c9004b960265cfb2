#pragma once
#include "core/grid/rows.hpp"
#include "solvers/hydro_system.hpp"
#include "solvers/observers/observer.hpp"

namespace ister::solvers {

/// The column `acausal_fraction`: of the matter with e > verdict_cut, weighted with e u^0, the part in which fronts
/// along a principal axis of the shear stress are faster than light or have no real speed
/// (physics/nonlinear_causality.hpp). Without the column where the pi-omega term is on, which the conditions do not
/// know. Measured when a row is written.
class CausalityObserver final : public Observer {
 public:
  CausalityObserver(HydroSystem& system, const SolverOptions& options);
  [[nodiscard]] std::string name() const override { return "causality"; }
  [[nodiscard]] std::vector<std::string> columns() const override;
  void add_values(std::vector<double>& row) override;

  [[nodiscard]] bool measures() const { return m_measures; }
  /// Of the state; measured when first asked for after a step. Collective.
  double fraction();

 private:
  [[nodiscard]] double measure() const;

  HydroSystem& m_system;
  bool m_measures;
  double m_fraction = 0;
  std::int64_t m_step = -1;  ///< that it is of
  core::RowTable m_rows;     ///< the weight of acausal matter and of all, of each row
};

}  // namespace ister::solvers
