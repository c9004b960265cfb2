#pragma once
#include <array>
#include <string>
#include <vector>

#include "core/grid/decomposition.hpp"

/// Grids and ways to cut them, for tests of what asks a decomposition for boxes.
namespace ister::tests {

inline core::Grid unit_grid(const std::vector<int>& points) {
  core::Grid grid;
  grid.dimensions = static_cast<int>(points.size());
  for (int d = 0; d < grid.dimensions; ++d) grid.points[d] = points[d];
  return grid;
}

/// Sizes that do not divide, and less of them than there are ranks, or neighbours wanted.
inline std::vector<std::vector<int>> shapes_to_cut() {
  return {{1}, {13}, {40}, {7, 1}, {9, 5}, {8, 24}, {5, 4, 3}, {6, 7, 13}};
}

/// Every way to share a grid out among so many ranks by a grid of processes: slabs of each direction, and boxes.
inline std::vector<std::array<int, 3>> ways_to_cut(const core::Grid& grid, int ranks) {
  std::vector<std::array<int, 3>> ways;
  for (int x = 1; x <= ranks; ++x)
    for (int y = 1; y <= ranks / x; ++y) {
      const std::array<int, 3> parts{x, y, ranks / x / y};
      if (parts[0] * parts[1] * parts[2] != ranks) continue;
      if ((grid.dimensions < 2 && y > 1) || (grid.dimensions < 3 && parts[2] > 1)) continue;
      ways.push_back(parts);
    }
  return ways;
}

/// Calls body(x, y, z) for the points of a box in file order.
template <class Body>
void for_each_index(const core::Box& box, const Body& body) {
  for (std::int64_t z = box.offset[2]; z < box.offset[2] + box.count[2]; ++z)
    for (std::int64_t y = box.offset[1]; y < box.offset[1] + box.count[1]; ++y)
      for (std::int64_t x = box.offset[0]; x < box.offset[0] + box.count[0]; ++x) body(x, y, z);
}

inline std::int64_t wrapped(std::int64_t i, std::int64_t points) { return (i % points + points) % points; }

}  // namespace ister::tests
