#pragma once
#include <array>
#include <string>
#include <vector>

#include "core/grid/rows.hpp"
#include "core/grid/series.hpp"
#include "solvers/equations.hpp"
#include "solvers/observers/observer.hpp"

namespace ister::solvers {

/// Fourier modes of output fields over time by direct sums:
///   f_k = (1/N) sum over the points of f exp(-i k.(x - lower)),  k = 2 pi mode/L,
/// so that f = 2 Re(f_k exp(i k.(x - lower))) for a single wave. Costs a pass over a field for each mode and field.
class ModesObserver final : public Observer {
 public:
  ModesObserver(const EquationContext& context, const ModesOptions& options);
  [[nodiscard]] std::string name() const override { return "modes"; }
  [[nodiscard]] bool due(const Moment& moment) const override { return moment.step % m_options.every_steps == 0; }
  void observe(const Observation& observation) override;
  /// Rows of (mode, field), on rank 0.
  [[nodiscard]] core::Series& series() { return m_series; }

 private:
  void make_waves();
  void sum_rows();

  EquationContext m_context;
  ModesOptions m_options;
  std::vector<int> m_fields;  ///< numbers of the output fields
  core::FieldBundle m_field;
  core::RowTable m_rows;           ///< real and imaginary part for each mode
  core::ArrayPool::Lease m_waves;  ///< per mode cos, then -sin, of k_x x along a row
  core::ArrayPool::Lease m_k;      ///< per mode k_y, k_z
  std::vector<double> m_sums;      ///< (mode, field, part)
  core::Series m_series;
};

}  // namespace ister::solvers
