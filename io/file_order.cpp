#include "io/file_order.hpp"

namespace ister::io {

std::vector<Run> runs_of(const core::Grid& grid, const core::Box& box) {
  std::vector<Run> runs;
  if (box.points() == 0) return runs;
  const auto whole = [&](int d) { return box.count[d] == grid.points[d]; };
  const std::int64_t rows = whole(0) ? box.count[1] : 1, layers = whole(0) && whole(1) ? box.count[2] : 1;
  const std::int64_t count = box.count[0] * rows * layers;
  for (std::int64_t z = 0; z < box.count[2]; z += layers)
    for (std::int64_t y = 0; y < box.count[1]; y += rows)
      runs.push_back({static_cast<std::int64_t>(runs.size()) * count,
                      ((box.offset[2] + z) * grid.points[1] + box.offset[1] + y) * grid.points[0] + box.offset[0],
                      count});
  return runs;
}

}  // namespace ister::io
