#include "core/grid/decomposition.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.hpp"

namespace ister::core {

Decomposition::Decomposition(const Grid& grid, int ranks, int rank) : m_grid(grid), m_rank(rank) {
  m_parts[grid.dimensions - 1] = ranks;
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

int Decomposition::slab_direction() const {
  const int direction = m_grid.dimensions - 1;
  ISTER_REQUIRE(m_parts[direction] == ranks());
  return direction;
}

int Decomposition::idle_ranks() const {
  int busy = 1;
  for (int d = 0; d < 3; ++d) busy *= std::min(m_parts[d], m_grid.points[d]);
  return ranks() - busy;
}

double Decomposition::balance() const {
  return static_cast<double>(m_grid.total_points()) / (static_cast<double>(ranks()) * largest_box().points());
}

std::vector<int> Decomposition::cut_directions() const {
  std::vector<int> directions;
  for (int d = 0; d < 3; ++d)
    if (m_parts[d] > 1) directions.push_back(d);
  if (directions.empty()) directions.push_back(slab_direction());
  return directions;
}

std::string Decomposition::describe() const {
  std::vector<std::string> names, sizes;
  for (const int d : cut_directions()) {
    names.emplace_back(1, "xyz"[d]);
    std::vector<std::int64_t> layers;
    for (int part = 0; part < m_parts[d]; ++part)
      layers.push_back(split_range(m_grid.points[d], m_parts[d], part).size());
    sizes.push_back(fmt::format("{}", fmt::join(layers, " ")));
  }
  return fmt::format("cut along {} among {} ranks ({} layers)", fmt::join(names, " and "), ranks(),
                     fmt::join(sizes, " x "));
}

std::string Decomposition::describe_shares() const {
  std::vector<std::string> names;
  std::vector<int> layers;
  for (const int d : cut_directions()) {
    names.emplace_back(1, "xyz"[d]);
    layers.push_back(m_grid.points[d]);
  }
  return fmt::format("{} layers along {}", fmt::join(layers, " x "), fmt::join(names, " and "));
}

std::vector<Box> Decomposition::pieces(std::int64_t points) const {
  const int direction = m_grid.dimensions - 1;
  const Box block = box();
  if (block.points() == 0) return {};
  const std::int64_t layer = block.points() / block.count[direction];
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
