#include "core/kernels/probes/point_probe.hpp"

namespace ister::core {

PointProbe::PointProbe(const Grid& grid, const std::array<double, 3>& position, GridInterpolation interpolation)
    : m_points(grid.points) {
  for (int d = 0; d < 3; ++d) {
    const auto axis = static_cast<std::size_t>(d);
    m_weights[axis] = grid_weights(grid, d, position[axis], interpolation);
  }
}

double PointProbe::read(const double* values) const {
  double sum = 0;
  for (const GridWeight& z : m_weights[2]) {
    double plane = 0;
    for (const GridWeight& y : m_weights[1]) {
      const double* row = values + (z.index * m_points[1] + y.index) * m_points[0];
      double line = 0;
      for (const GridWeight& x : m_weights[0]) line += x.value * row[x.index];
      plane += y.value * line;
    }
    sum += z.value * plane;
  }
  return sum;
}

}  // namespace ister::core
