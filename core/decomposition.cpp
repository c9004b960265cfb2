#include "core/decomposition.hpp"

namespace ister::core {

Decomposition::Decomposition(const Grid& grid, int ranks, int rank) : m_grid(grid), m_ranks(ranks), m_rank(rank) {}

Box Decomposition::box(int rank) const {
  Box box;
  for (int d = 0; d < m_grid.dimensions; ++d) box.count[d] = m_grid.points[d];
  const Range slab = split_range(m_grid.points[cut_direction()], m_ranks, rank);
  box.offset[cut_direction()] = slab.begin;
  box.count[cut_direction()] = slab.size();
  return box;
}

}  // namespace ister::core
