#pragma once
#include <array>

#include "core/grid/halo.hpp"
#include "core/grid/rows.hpp"
#include "core/spectral/line_transform.hpp"
#include "solvers/equations.hpp"

namespace ister::solvers {

/// Diffusion where, and only where, a sensor finds flow that the grid does not resolve.
///
/// Sensor: what a low-pass filter f -> f~ (one half at half the Nyquist wavenumber) takes off ln e and u,
///   h^2 = S[(ln e - ln e~)^2 + |u - u~|^2/(1 + u^2)],   S = (1/4, 1/2, 1/4) twice in every direction,
/// the sub-grid content. Its excess r = min(max(h/threshold - 1, 0), 3) is exactly zero on resolved flow. In a time dt
/// every pair of neighbours exchanges the share a of its difference in tau T^{0m}, pi^{ij} and Pi,
///   a = face max(alpha, alpha'),   alpha = 1 - exp(-r dt/(0.4 dx)),
/// with face = 1/5, 1/5, 2/15 in 1, 2, 3 dimensions, so that an update stays a mean of what was there: a viscosity of
/// r dx/2. Energy and momentum are conserved to rounding; e and u follow from T^{0m} at the new stresses.
class LocalDiffusion {
 public:
  LocalDiffusion(const EquationContext& context, Equations& equations, double threshold);

  struct Result {
    double energy = 0;  ///< added to the sum of T^{00} over points: rounding, but where no state could be recovered
    double points = 0;  ///< changed
    double hot_points = 0, hot = 0;  ///< of those with e > verdict_cut: changed, and all of them; none where r = 0
  };
  /// For a time dt on a grid whose finest spacing is dx [fm]; of this rank. Collective.
  Result apply(double dt, double dx, core::FieldBundle& primitives);

 private:
  [[nodiscard]] bool find_excess(const core::FieldBundle& primitives);
  [[nodiscard]] double largest(const double* values);
  Result exchange(double dt_over_tf, core::FieldBundle& primitives);

  EquationContext m_context;
  Equations& m_equations;
  double m_threshold;
  std::vector<int> m_flow, m_content;  ///< components of m_work that the sensor filters
  std::array<core::LineSymbol, 3> m_low_pass, m_smooth;
  core::FieldBundle m_work;         ///< what the sensor needs
  core::Halo m_halo, m_alpha_halo;  ///< of m_wide but alpha, of alpha
  core::FieldBundle m_wide;         ///< T^{0m} and stresses where points exchange, alpha; with a layer of neighbours
  core::RowTable m_largest, m_rows;
};

}  // namespace ister::solvers
