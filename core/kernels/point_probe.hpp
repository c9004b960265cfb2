#pragma once
#include <array>
#include <vector>

#include "core/grid.hpp"

namespace ister::core {

enum class GridInterpolation {
  spectral,  ///< the trigonometric polynomial through all points: exact for resolved periodic fields
  cubic,     ///< Lagrange's polynomial through four points in each direction, of fourth order: for fields with fronts
};

/// The value of a field on a periodic grid at one point in the box, as a weighted sum of its values:
/// f(x) = sum_ijk w_i(x) w_j(y) w_k(z) f_ijk. Positions beyond the box are taken by its period.
class PointProbe {
 public:
  /// `position` has the grid's number of coordinates, x first.
  PointProbe(const Grid& grid, const std::array<double, 3>& position, GridInterpolation interpolation);

  /// `values` in the order (z, y, x), x fastest. Allocates nothing.
  [[nodiscard]] double read(const double* values) const;

 private:
  struct Weight {
    std::int64_t index;
    double value;
  };
  static std::vector<Weight> weights(const Grid& grid, int direction, double position, GridInterpolation interpolation);

  std::array<int, 3> m_points;
  std::array<std::vector<Weight>, 3> m_weights;  ///< those that are not zero
};

}  // namespace ister::core
