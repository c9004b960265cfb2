#include "core/spectral/field_transform.hpp"
#ifndef ISTER_GPU
#include <algorithm>
#include <optional>
#include <string>

namespace ister::core {
namespace {

constexpr int tile_width = 16;  ///< columns at a time, as in SlabTransform

/// Work arrays of the threads.
class ThreadWork {
 public:
  ThreadWork(ArrayPool& pool, std::int64_t size) : m_size(size), m_memory(pool.acquire(size * thread_count())) {}
  [[nodiscard]] double* data() const { return m_memory.data(); }

  /// body(index, work array of the thread)
  template <class Body>
  void for_each_index(std::int64_t count, const Body& body) const {
    static const std::string label = "lines";
    Kokkos::parallel_for(label, Kokkos::RangePolicy<HostExecution>(host_execution(), 0, count), [&](std::int64_t i) {
      const ThreadToken token;
      body(i, data() + token.value() * m_size);
    });
  }

 private:
  std::int64_t m_size;
  ArrayPool::Lease m_memory;
};

/// Tiles are copied, so that ranks with more and with fewer columns have the same plans.
class FftwColumns final : public LineOperator {
 public:
  FftwColumns(MPI_Comm comm, ArrayPool& pool, int points, std::int64_t width)
      : m_points(points),
        m_width(width),
        m_tile_size(padded(static_cast<std::int64_t>(transform_length(points)) * tile_width)),
        m_work(pool, 2 * m_tile_size) {
    if (pool.counts()) return;
    double *lines = m_work.data(), *work = lines + m_tile_size;
    plan_alike(comm, [&] { m_transform.emplace(points, tile_width, tile_width, tile_width, lines, lines, work); });
  }

  void apply(const LineSymbol& symbol, const double* in, double* out) override {
    m_work.for_each_index((m_width + tile_width - 1) / tile_width, [&](std::int64_t tile, double* lines) {
      const std::int64_t x = tile * tile_width;
      apply_to_tile(symbol, in + x, out + x, std::min<std::int64_t>(tile_width, m_width - x), lines);
    });
  }

  [[nodiscard]] int plans() const override { return 2; }

 private:
  void apply_to_tile(const LineSymbol& symbol, const double* in, double* out, std::int64_t columns,
                     double* lines) const {
    for (int i = 0; i < m_points; ++i) {
      double* row = lines + i * tile_width;
      std::fill(std::copy_n(in + i * m_width, columns, row), row + tile_width, 0.0);
    }
    m_transform->apply(symbol, lines, lines, lines + m_tile_size);
    for (int i = 0; i < m_points; ++i) std::copy_n(lines + i * tile_width, columns, out + i * m_width);
  }

  int m_points;
  std::int64_t m_width, m_tile_size;
  ThreadWork m_work;
  std::optional<ColumnTransform> m_transform;
};

class FftwRows final : public LineOperator {
 public:
  FftwRows(MPI_Comm comm, ArrayPool& pool, const BlockLayout& layout)
      : m_layout(layout),
        m_work(pool, padded(RowPairTransform::work_size(static_cast<int>(layout.columns), layout.pitch))) {
    const ArrayPool::Lease in = pool.acquire(2 * layout.pitch), out = pool.acquire(2 * layout.pitch);
    if (pool.counts()) return;
    plan_alike(comm, [&] {
      m_transform.emplace(static_cast<int>(layout.columns), layout.pitch, layout.pitch, in.data(), out.data(),
                          m_work.data());
    });
  }

  void apply(const LineSymbol& symbol, const double* in, double* out) override {
    const bool volume = m_layout.dimensions == 3;
    const std::int64_t rows = volume ? m_layout.rows : m_layout.planes, pairs = (rows + 1) / 2;
    m_work.for_each_index(volume ? m_layout.planes * pairs : pairs, [&](std::int64_t i, double* work) {
      const std::int64_t row = 2 * (i % pairs), offset = i / pairs * m_layout.plane + row * m_layout.pitch;
      m_transform->apply(symbol, in + offset, rows - row > 1 ? 2 : 1, out + offset, work);
    });
  }

  [[nodiscard]] int plans() const override { return 2; }

 private:
  BlockLayout m_layout;
  ThreadWork m_work;
  std::optional<RowPairTransform> m_transform;
};

}  // namespace

std::unique_ptr<LineOperator> make_column_operator(MPI_Comm comm, ArrayPool& pool, int points, std::int64_t width) {
  return std::make_unique<FftwColumns>(comm, pool, points, width);
}

std::unique_ptr<LineOperator> make_row_operator(MPI_Comm comm, ArrayPool& pool, const BlockLayout& layout) {
  return std::make_unique<FftwRows>(comm, pool, layout);
}

}  // namespace ister::core
#endif
