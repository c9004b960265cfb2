#pragma once
#include <array>
#include <cstdint>

#include "core/grid/halo.hpp"
#include "core/grid/rows.hpp"
#include "solvers/observers/resolution.hpp"

namespace ister::solvers {

/// Integrals and extrema of a state over the whole box, the same on all ranks. Natural units. Conserved quantities are
/// integrals of tau T^{0m} (tau = 1 in Minkowski space); event averages are over e > energy_cut
/// (linear between points; absent in 1-D).
struct Diagnostics {
  double energy = 0, momentum_x = 0, momentum_y = 0, momentum_z = 0;
  double e_max = 0, e_min = 0, u_max = 0;
  double pi_ratio_max = 0;         ///< largest sqrt(pi:pi)/(e+p)
  double eps_p = 0;                ///< int(T^xx - T^yy) / int(T^xx + T^yy)
  double mean_radial_flow = 0;     ///< v_r = (x u^x + y u^y)/(r u^0), averaged with weight e u^0
  double mean_T = 0;               ///< [1/fm], the same average
  double hot_area = 0;             ///< [fm^2] in 2-D; the hot volume in 3-D, length in 1-D
  std::int64_t not_finite = 0;     ///< points where any field is not finite
  double bulk_ratio_max = 0;       ///< largest |Pi|/p where e > verdict_cut
  double inverse_reynolds = 0;     ///< sqrt(pi:pi)/p averaged with weight e where e > verdict_cut
  std::array<double, 3> seam_e{};  ///< largest e at the seam of the periodic box, by direction
  double seam_rate = 0;            ///< integral of |T^{0n}| over the seam, as that of the energy: dE/dt through it
  double resolution = 0;           ///< see ResolutionMeter
};

/// Measures states; owns what that needs, so that it allocates nothing when called.
class DiagnosticsMeter {
 public:
  /// `equations` transform fields, and must stay.
  DiagnosticsMeter(const EquationContext& context, Equations& equations, double energy_cut);
  Diagnostics measure(double time, const core::FieldBundle& primitives);

 private:
  EquationContext m_context;
  double m_log_cut;
  core::RowTable m_rows;
  core::Halo m_halo;
  ResolutionMeter m_resolution;
  core::FieldBundle m_beyond;  ///< the row beyond this rank's last of each z, for the cells in between; none in 1-D
};

}  // namespace ister::solvers
