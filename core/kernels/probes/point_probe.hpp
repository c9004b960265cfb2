#pragma once
#include <array>
#include <vector>

#include "core/kernels/probes/grid_weights.hpp"

namespace ister::core {

/// The value of a field on a periodic grid at one point in the box, as a weighted sum of its values:
/// f(x) = sum_ijk w_i(x) w_j(y) w_k(z) f_ijk, see grid_weights. device/point_probes.hpp reads where kernels run.
class PointProbe {
 public:
  /// `position` has the grid's number of coordinates, x first.
  PointProbe(const Grid& grid, const std::array<double, 3>& position, GridInterpolation interpolation);

  /// `values` in the order (z, y, x), x fastest. Allocates nothing.
  [[nodiscard]] double read(const double* values) const;

 private:
  std::array<int, 3> m_points;
  std::array<std::vector<GridWeight>, 3> m_weights;
};

}  // namespace ister::core
