#include "core/grid/decomposition.hpp"

#include <algorithm>

namespace ister::core {

Decomposition::Decomposition(const Grid& grid, int ranks, int rank) : m_grid(grid), m_rank(rank) {
  m_parts[slab_direction()] = ranks;
}

Decomposition::Decomposition(const Grid& grid, const std::array<int, 3>& parts, int rank)
    : m_grid(grid), m_parts(parts), m_rank(rank) {}

Box Decomposition::box(int rank) const {
  Box box;
  for (int d = 0; d < 3; rank /= m_parts[d++]) {
    const Range range = split_range(m_grid.points[d], m_parts[d], rank % m_parts[d]);
    box.offset[d] = range.begin;
    box.count[d] = range.size();
  }
  return box;
}

std::vector<Box> Decomposition::pieces(std::int64_t points) const {
  const int direction = slab_direction();
  const Box block = box();
  const std::int64_t layer = m_grid.total_points() / m_grid.points[direction];
  const std::int64_t thickness = std::max<std::int64_t>(1, points / layer),
                     end = block.offset[direction] + block.count[direction];
  std::vector<Box> pieces;
  for (std::int64_t begin = block.offset[direction]; begin < end; begin += thickness) {
    pieces.push_back(block);
    pieces.back().offset[direction] = begin;
    pieces.back().count[direction] = std::min(thickness, end - begin);
  }
  return pieces;
}

int Decomposition::sampling_stride(std::int64_t points) const {
  const auto lines = [&](int d, int stride) { return std::int64_t{(m_grid.points[d] - 1) / stride + 1}; };
  int stride = 1;
  while (lines(1, stride) * lines(2, stride) > std::max<std::int64_t>(1, points / m_grid.points[0])) ++stride;
  return stride;
}

std::vector<Box> Decomposition::lines(int stride) const {
  const Box block = box();
  const auto first = [&](int d) { return (block.offset[d] + stride - 1) / stride * stride; };
  std::vector<Box> lines;
  for (std::int64_t z = first(2); z < block.offset[2] + block.count[2]; z += stride)
    for (std::int64_t y = first(1); y < block.offset[1] + block.count[1]; y += stride)
      lines.push_back({{block.offset[0], y, z}, {block.count[0], 1, 1}});
  return lines;
}

}  // namespace ister::core
