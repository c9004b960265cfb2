#pragma once
#include "core/grid/rows.hpp"
#include "solvers/equations.hpp"

namespace ister::solvers {

/// How well the grid resolves a state: the share of the power of ln e - mean in |k_d| > 3/4 k_N,d, k_N,d = pi/dx_d,
/// along the direction d where it is largest (by Parseval's theorem). White noise has 1/4; 0 where ln e is uniform but
/// for rounding.
class ResolutionMeter {
 public:
  ResolutionMeter(const EquationContext& context, Equations& equations);
  /// `mean` is that of ln e over all points. Collective; allocates nothing.
  double measure(const core::FieldBundle& primitives, double mean);

 private:
  EquationContext m_context;
  Equations& m_equations;
  std::array<core::LineSymbol, 3> m_high_pass;
  core::FieldBundle m_field;
  core::RowTable m_rows;  ///< the power by direction, then the whole power
};

}  // namespace ister::solvers
