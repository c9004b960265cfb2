#pragma once
#include <array>
#include <cstdint>

namespace ister::core {

/// A uniform periodic box in 1, 2 or 3 resolved directions, always named x, y, z (z is eta in Milne coordinates).
/// Point i of a direction sits at lower + i (upper - lower) / points. Unresolved directions have one point.
struct Grid {
  int dimensions = 1;
  std::array<int, 3> points{1, 1, 1};
  std::array<double, 3> lower{0, 0, 0};
  std::array<double, 3> upper{1, 1, 1};

  [[nodiscard]] double spacing(int d) const { return (upper[d] - lower[d]) / points[d]; }
  [[nodiscard]] double coordinate(int d, std::int64_t i) const {
    return d < dimensions ? lower[d] + static_cast<double>(i) * spacing(d) : 0.0;
  }
  [[nodiscard]] std::int64_t total_points() const {
    return static_cast<std::int64_t>(points[0]) * points[1] * points[2];
  }
  /// Volume of a cell in the resolved directions.
  [[nodiscard]] double cell_volume() const {
    double v = 1.0;
    for (int d = 0; d < dimensions; ++d) v *= spacing(d);
    return v;
  }
};

}  // namespace ister::core
