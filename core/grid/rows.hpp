#pragma once
#include <algorithm>
#include <string>

#include "core/grid/field_bundle.hpp"

namespace ister::core {

template <class Functor>
struct RowCall {
  BlockLayout layout;
  Functor functor;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t r) const {
    functor(r, layout.row_offset(r / layout.rows, r % layout.rows), layout.columns);
  }
};

/// Calls functor(row number, offset of the row from the start of a component, points) for all rows of a block, in
/// parallel. Inside a row the functor loops with `#pragma omp simd`, which is what g++ vectorises.
template <class Functor>
void for_each_row(const std::string& label, const BlockLayout& layout, const Functor& functor) {
  Kokkos::parallel_for(label, Kokkos::RangePolicy<Execution>(execution(), 0, layout.rows * layout.planes),
                       RowCall<Functor>{layout, functor});
}

template <class Functor>
struct SinglePointCall {
  BlockLayout layout;
  Functor functor;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t point) const {
    const std::int64_t r = point / layout.columns;
    functor(r, layout.row_offset(r / layout.rows, r % layout.rows) + point % layout.columns, 1);
  }
};

/// The same for functors that treat each point for itself: a GPU calls them for single points, one thread for each.
template <class Functor>
void for_each_point(const std::string& label, const BlockLayout& layout, const Functor& functor) {
  if constexpr (on_host)
    for_each_row(label, layout, functor);
  else
    Kokkos::parallel_for(label, Kokkos::RangePolicy<Execution>(execution(), 0, layout.points()),
                         SinglePointCall<Functor>{layout, functor});
}

/// Partial results of every row, combined on the host in row order: the same for any number of threads.
class RowTable {
 public:
  RowTable() = default;
  RowTable(ArrayPool& pool, const BlockLayout& layout, int columns)
      : m_rows(layout.rows * layout.planes), m_columns(columns), m_memory(pool.acquire(m_rows * columns)) {
    if (!pool.counts()) m_host = Kokkos::create_mirror_view(Kokkos::HostSpace(), m_memory.view());
  }

  /// Entry of a row and column at data()[row * columns + column].
  [[nodiscard]] double* data() const { return m_memory.data(); }
  [[nodiscard]] int columns() const { return m_columns; }

  void clear() const { set_zero(m_memory.view()); }
  /// Brings what kernels wrote to the host.
  void fetch() const { copy(m_host, m_memory.view()); }
  [[nodiscard]] double sum(int column) const {
    double s = 0.0;
    for (std::int64_t r = 0; r < m_rows; ++r) s += m_host(static_cast<std::size_t>(r * m_columns + column));
    return s;
  }
  /// Zero when the block is empty.
  [[nodiscard]] double max(int column) const {
    if (m_rows == 0) return 0.0;
    double largest = m_host(static_cast<std::size_t>(column));
    for (std::int64_t r = 1; r < m_rows; ++r)
      largest = std::max(largest, m_host(static_cast<std::size_t>(r * m_columns + column)));
    return largest;
  }

 private:
  std::int64_t m_rows = 0;
  int m_columns = 0;
  ArrayPool::Lease m_memory;
  HostArray m_host;
};

}  // namespace ister::core
