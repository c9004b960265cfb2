#pragma once
#include "core/grid/decomposition.hpp"
#include "core/parallel/execution.hpp"

namespace ister::core {

/// Distances of the rows of this rank's block, as kernels number them, from the lower corner of the grid.
class BlockCoordinates {
 public:
  explicit BlockCoordinates(const Decomposition& decomposition) : m_rows(decomposition.box().count[1]) {
    const Grid& grid = decomposition.grid();
    const Box box = decomposition.box();
    for (int d = 0; d < grid.dimensions; ++d) {
      m_spacing[d] = grid.spacing(d);
      m_first[d] = static_cast<double>(box.offset[d]) * m_spacing[d];
    }
  }

  [[nodiscard]] KOKKOS_FUNCTION double x(std::int64_t i) const { return along(0, i); }
  [[nodiscard]] KOKKOS_FUNCTION double y(std::int64_t row) const { return along(1, row % m_rows); }
  [[nodiscard]] KOKKOS_FUNCTION double z(std::int64_t row) const { return along(2, row / m_rows); }

 private:
  [[nodiscard]] KOKKOS_FUNCTION double along(int d, std::int64_t i) const {
    return m_first[d] + m_spacing[d] * static_cast<double>(i);
  }

  std::int64_t m_rows;  ///< of equal z
  double m_first[3] = {}, m_spacing[3] = {};
};

}  // namespace ister::core
