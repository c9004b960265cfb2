#pragma once
#include <cstddef>
#include <vector>

#include "physics/stress_tensor.hpp"

/// Matter without collisions before the fluid: what it makes of an event.
namespace ister::solvers {

/// Points of a transverse plane: (ix, iy) is at (first_x + ix dx, first_y + iy dy) and has the index iy nx + ix.
struct TransverseGrid {
  int nx = 0, ny = 0;
  double first_x = 0, first_y = 0;  ///< [fm]
  double dx = 0, dy = 0;            ///< [fm]

  [[nodiscard]] std::size_t size() const { return static_cast<std::size_t>(nx) * static_cast<std::size_t>(ny); }
};

/// T^{mn} on a plane, metric (-,+,+,+); components with an index eta are zero. T^{xx} + T^{yy} = T^{tau tau}.
struct StreamedPlane {
  TransverseGrid grid;
  std::vector<double> tautau, taux, tauy, xx, xy, yy;  ///< grid.size() values each

  [[nodiscard]] physics::StressTensor at(std::size_t i) const {
    return {tautau[i], {taux[i], tauy[i], 0}, {xx[i], xy[i], 0, yy[i], 0, 0}};
  }
};

/// T^{mn} at time `to` of massless particles that stream freely from time `from` on, in all transverse directions alike
/// and with p_eta = 0: with v = (1, cos phi, sin phi)
///     tau T^{mn}(x) = int dphi/(2 pi) v^m v^n n(x - (to - from) v)
/// of `profile` n = tau e (dE/d^2x d eta), values on `grid`, zero outside, units of tau T^{mn}. Exact for the
/// trigonometric polynomial through the profile, as is sum T^{tau tau}: where the profile is not resolved that
/// polynomial swings below zero, and T^{tau tau} and what Landau matching makes of it with it.
///
/// The grid of the result has the same spacing and the points of `grid` among its own; around these there is room for
/// all that streams, and four points more. Depends on nothing but the arguments, bit for bit.
///
/// Throws InputError unless 0 <= from <= to, to > 0, and no side of the result's grid has over 16384 points.
[[nodiscard]] StreamedPlane free_stream(const TransverseGrid& grid, const std::vector<double>& profile, double from,
                                        double to);

}  // namespace ister::solvers
