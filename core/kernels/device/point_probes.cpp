#include "core/kernels/device/point_probes.hpp"

#include <string>

#include "core/base/error.hpp"
#include "core/kernels/device/launch.hpp"

namespace ister::core::device {
namespace {

/// Sums a field over z at y node i / x_nodes and x node i % x_nodes, both counted through all probes.
struct SumColumn {
  const GridWeight *x, *y, *z;
  std::int64_t x_nodes, y_nodes, z_nodes;
  PointProbes::Field field;
  double* columns;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    const std::int64_t probe = i / (y_nodes * x_nodes);
    const std::int64_t row = y[i / x_nodes].index, point = x[probe * x_nodes + i % x_nodes].index;
    double sum = 0;
    for (std::int64_t n = probe * z_nodes; n < (probe + 1) * z_nodes; ++n)
      sum += z[n].value * field(z[n].index, row, point);
    columns[i] = sum;
  }
};

/// Sums values ordered (probe, node, inner) over the nodes of a direction.
struct SumNodes {
  const GridWeight* weights;
  std::int64_t nodes, inner;
  const double* values;
  double* sums;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    const std::int64_t probe = i / inner;
    double sum = 0;
    for (std::int64_t n = probe * nodes; n < (probe + 1) * nodes; ++n)
      sum += weights[n].value * values[n * inner + i % inner];
    sums[i] = sum;
  }
};

}  // namespace

PointProbes::PointProbes(const Grid& grid, const std::vector<std::array<double, 3>>& positions,
                         GridInterpolation interpolation)
    : m_size(static_cast<std::int64_t>(positions.size())), m_points(grid.points) {
  if (m_size == 0) throw InputError("no positions at which to read a field");
  for (std::size_t d = 0; d < 3; ++d) {
    std::vector<GridWeight> all;
    for (const std::array<double, 3>& position : positions) {
      const std::vector<GridWeight> one = grid_weights(grid, static_cast<int>(d), position[d], interpolation);
      all.insert(all.end(), one.begin(), one.end());
    }
    m_weights[d].nodes = static_cast<std::int64_t>(all.size()) / m_size;
    m_weights[d].at_position = array_of(all);
  }
  const std::int64_t lines = m_size * m_weights[0].nodes;
  m_columns = DeviceArray("probe columns", static_cast<std::size_t>(lines * m_weights[1].nodes));
  m_lines = DeviceArray("probe lines", static_cast<std::size_t>(lines));
}

void PointProbes::read(const Field& field, const DeviceArray& values) const {
  for (std::size_t d = 0; d < 3; ++d) ISTER_REQUIRE(field.extent(2 - d) == static_cast<std::size_t>(m_points[d]));
  ISTER_REQUIRE(static_cast<std::int64_t>(values.size()) >= m_size);
  static const std::string columns = "probe columns", lines = "probe lines", points = "probe values";
  const auto& [x, y, z] = m_weights;
  Kokkos::parallel_for(columns, items(m_size * y.nodes * x.nodes),
                       SumColumn{x.at_position.data(), y.at_position.data(), z.at_position.data(), x.nodes, y.nodes,
                                 z.nodes, field, m_columns.data()});
  Kokkos::parallel_for(lines, items(m_size * x.nodes),
                       SumNodes{y.at_position.data(), y.nodes, x.nodes, m_columns.data(), m_lines.data()});
  Kokkos::parallel_for(points, items(m_size),
                       SumNodes{x.at_position.data(), x.nodes, 1, m_lines.data(), values.data()});
}

}  // namespace ister::core::device
