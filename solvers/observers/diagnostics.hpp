#pragma once
#include <cstdint>

#include "core/grid/halo.hpp"
#include "core/grid/rows.hpp"
#include "solvers/equations.hpp"

namespace ister::solvers {

/// Integrals and extrema of a state over the whole box, the same on all ranks. Natural units. Conserved quantities are
/// integrals of tau T^{0m} (tau = 1 in Minkowski space); event averages are over e > energy_cut
/// (linear between points; absent in 1-D).
struct Diagnostics {
  double energy = 0, momentum_x = 0, momentum_y = 0, momentum_z = 0;
  double e_max = 0, e_min = 0, u_max = 0;
  double pi_ratio_max = 0;      ///< largest sqrt(pi:pi)/(e+p)
  double eps_p = 0;             ///< int(T^xx - T^yy) / int(T^xx + T^yy)
  double mean_radial_flow = 0;  ///< v_r = (x u^x + y u^y)/(r u^0), averaged with weight e u^0
  double mean_T = 0;            ///< [1/fm], the same average
  double hot_area = 0;          ///< [fm^2] in 2-D; the hot volume in 3-D, length in 1-D
  std::int64_t not_finite = 0;  ///< points where any field is not finite
};

/// Measures states; owns what that needs, so that it allocates nothing when called.
class DiagnosticsMeter {
 public:
  DiagnosticsMeter(const EquationContext& context, double energy_cut);
  Diagnostics measure(double time, const core::FieldBundle& primitives);

 private:
  EquationContext m_context;
  double m_log_cut;
  core::RowTable m_rows;
  core::Halo m_halo;
  core::FieldBundle m_beyond;  ///< the row beyond this rank's last of each z, for the cells in between; none in 1-D
};

}  // namespace ister::solvers
