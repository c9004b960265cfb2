#include "core/spectral/gradient_sweep.hpp"
#ifndef KOKKOS_ENABLE_CUDA
#include <algorithm>

namespace ister::core {
namespace {

constexpr int tile_width = SlabTransform::tile_width;

std::int64_t even(std::int64_t n) { return n + n % 2; }

}  // namespace

GradientSweep::GradientSweep(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool,
                             const Components& components, int outputs, Profiler* profiler)
    : m_decomposition(decomposition),
      m_layout(decomposition),
      m_components(components),
      m_slab(comm, decomposition, pool, static_cast<int>(components[decomposition.slab_direction()].size()), profiler),
      m_slab_derivative(pool, m_layout, static_cast<int>(components[decomposition.slab_direction()].size())),
      m_profiler(profiler) {
  const Grid& grid = decomposition.grid();
  m_rows_size = 2 * m_layout.pitch * static_cast<std::int64_t>(components[0].size());
  m_columns_size = grid.dimensions == 3 ? m_layout.plane * static_cast<std::int64_t>(components[1].size()) : 0;
  m_outputs_size = m_layout.pitch * outputs;
  m_work_size = 2 * (m_layout.pitch + padded(transform_length(grid.points[0])));
  if (grid.dimensions == 3)
    m_work_size =
        std::max(m_work_size, padded(static_cast<std::int64_t>(transform_length(grid.points[1])) * tile_width));
  const std::int64_t per_thread = padded(m_rows_size + m_columns_size + m_outputs_size + m_work_size);
  m_scratch = pool.acquire(per_thread * thread_count());

  const ArrayPool::Lease plane =
      grid.dimensions > 1 ? pool.acquire(std::max(m_layout.plane, 2 * m_layout.pitch)) : ArrayPool::Lease();
  if (pool.counts()) return;

  for (int d = 0; d < grid.dimensions; ++d)
    m_derivative[d] = derivative_symbol(grid.points[d], grid.upper[d] - grid.lower[d]);
  if (grid.dimensions == 1) return;
  const Scratch s = scratch(0);
  plan_alike(comm, [&] {
    m_row_pair.clear();
    m_columns.clear();
    m_row_pair.emplace_back(grid.points[0], m_layout.pitch, m_layout.pitch, plane.data(), s.rows, s.work);
    if (grid.dimensions < 3) return;
    const auto rest = static_cast<int>(even(m_layout.columns % tile_width));
    for (const int width : {tile_width, rest})
      if (width > 0 && width <= even(m_layout.columns))
        m_columns.emplace_back(grid.points[1], width, m_layout.pitch, m_layout.pitch, plane.data(), s.columns, s.work);
  });
}

GradientSweep::Scratch GradientSweep::scratch(int thread) const {
  const std::int64_t per_thread = padded(m_rows_size + m_columns_size + m_outputs_size + m_work_size);
  double* rows = m_scratch.data() + thread * per_thread;
  double* columns = rows + m_rows_size;
  double* outputs = columns + m_columns_size;
  return {rows, columns, outputs, outputs + m_outputs_size};
}

TransformStatistics GradientSweep::statistics() const {
  TransformStatistics s = m_slab.statistics();
  s.plans += 2 * static_cast<std::int64_t>(m_row_pair.size() + m_columns.size());
  s.applied += m_applied;
  return s;
}

void GradientSweep::transform_rows(const LineSymbol& symbol, const double* in, int count, double* out,
                                   double* work) const {
  if (count == 2) return m_row_pair.front().apply(symbol, in, out, work);
  // A single row travels with a row of zeros through copies.
  double* pair = work;
  std::copy_n(in, m_layout.columns, pair);
  std::fill_n(pair + m_layout.pitch, m_layout.columns, 0.0);
  m_row_pair.front().apply(symbol, pair, pair, work + 2 * m_layout.pitch);
  std::copy_n(pair, m_layout.columns, out);
}

void GradientSweep::transform_columns(const LineSymbol& symbol, const double* in, double* out, double* work) const {
  const std::int64_t columns = even(m_layout.columns);
  for (std::int64_t x = 0; x < columns; x += tile_width) {
    const auto& transform = columns - x >= tile_width ? m_columns.front() : m_columns.back();
    transform.apply(symbol, in + x, out + x, work);
  }
}

void GradientSweep::differentiate_columns(const FieldBundle& state, std::int64_t plane, const Scratch& s) const {
  double* out = s.columns;
  for (const int c : m_components[1]) {
    transform_columns(m_derivative[1], state.component(c) + plane * m_layout.plane, out, s.work);
    out += m_layout.plane;
  }
}

void GradientSweep::filter(FieldBundle& state, const std::array<LineSymbol, 3>& symbols,
                           const std::vector<int>& components) {
  m_slab.apply(symbols[m_decomposition.slab_direction()], state, components, state);
  if (m_layout.dimensions == 1) return;
  const Profiler::Region region(m_profiler, "filter rows");
  m_applied += static_cast<std::int64_t>(components.size()) * (m_layout.dimensions - 1);
  const bool volume = m_layout.dimensions == 3;
  const std::int64_t planes = volume ? m_layout.planes : 1, rows = volume ? m_layout.rows : m_layout.planes;
  for_each_index(planes * static_cast<std::int64_t>(components.size()), [&](std::int64_t i) {
    const ThreadToken token;
    double* work = scratch(token.value()).work;
    double* values = state.component(components[i / planes]) + i % planes * m_layout.plane;
    if (volume) transform_columns(symbols[1], values, values, work);
    for (std::int64_t r = 0; r < rows; r += 2) {
      double* row = values + r * m_layout.pitch;
      transform_rows(symbols[0], row, rows - r > 1 ? 2 : 1, row, work);
    }
  });
}

}  // namespace ister::core
#endif
