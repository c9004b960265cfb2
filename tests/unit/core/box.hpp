#pragma once
#include <vector>

#include "core/grid/grid.hpp"

namespace ister::tests {

/// A grid of so many points, with sides that differ and do not begin at 0.
inline core::Grid box(const std::vector<int>& points) {
  core::Grid grid;
  grid.dimensions = static_cast<int>(points.size());
  for (std::size_t d = 0; d < points.size(); ++d) {
    grid.points[d] = points[d];
    grid.lower[d] = -1.0 - static_cast<double>(d);
    grid.upper[d] = 2.5 + 0.5 * static_cast<double>(d);
  }
  return grid;
}

}  // namespace ister::tests
