#include "core/spectral/device_gradient_sweep.hpp"
#ifdef KOKKOS_ENABLE_CUDA

namespace ister::core {

GradientSweep::GradientSweep(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool,
                             const Components& components, int /*outputs*/, Profiler* profiler)
    : m_decomposition(decomposition),
      m_layout(decomposition),
      m_components(components),
      m_slab(comm, decomposition, pool, static_cast<int>(components[decomposition.slab_direction()].size()), profiler),
      m_row_symbol(pool, decomposition.grid().points[0]),
      m_column_symbol(pool, decomposition.grid().points[1]),
      m_profiler(profiler) {
  const Grid& grid = decomposition.grid();
  for (int d = 0; d < grid.dimensions; ++d) {
    if (!pool.counts()) m_derivative[d] = derivative_symbol(grid.points[d], grid.upper[d] - grid.lower[d]);
    m_derivatives[d] = FieldBundle(pool, m_layout, static_cast<int>(components[d].size()));
  }
  if (grid.dimensions > 1) m_rows = DeviceRows(pool, grid.points[0], row_count(), m_layout.pitch);
  if (grid.dimensions > 2) {
    m_column_lines = column_lines(m_layout);
    m_columns = DeviceColumns(pool, grid.points[1], m_column_lines.lines());
    m_packed = pool.acquire(m_column_lines.points * m_column_lines.lines());
  }
}

void GradientSweep::differentiate(const FieldBundle& state) {
  const int slab_direction = m_decomposition.slab_direction();
  m_slab.apply(m_derivative[slab_direction], state, m_components[slab_direction], m_derivatives[slab_direction]);
  if (m_layout.dimensions == 1) return;

  const Profiler::Region region(m_profiler, "derivatives");
  for (int d = 0; d < slab_direction; ++d) m_applied += static_cast<std::int64_t>(m_components[d].size());
  m_row_symbol.load(m_derivative[0]);
  int slot = 0;
  for (const int c : m_components[0]) transform_rows(state.component(c), m_derivatives[0].component(slot++));
  if (m_layout.dimensions == 3) {
    m_column_symbol.load(m_derivative[1]);
    slot = 0;
    for (const int c : m_components[1]) transform_columns(state.component(c), m_derivatives[1].component(slot++));
  }
  Execution().fence();  // the region shall contain what it has started
}

void GradientSweep::filter(FieldBundle& state, const std::array<LineSymbol, 3>& symbols,
                           const std::vector<int>& components) {
  m_slab.apply(symbols[m_decomposition.slab_direction()], state, components, state);
  if (m_layout.dimensions == 1) return;
  const Profiler::Region region(m_profiler, "filter rows");
  m_applied += static_cast<std::int64_t>(components.size()) * (m_layout.dimensions - 1);
  m_row_symbol.load(symbols[0]);
  if (m_layout.dimensions == 3) m_column_symbol.load(symbols[1]);
  for (const int c : components) {
    transform_rows(state.component(c), state.component(c));
    if (m_layout.dimensions == 3) transform_columns(state.component(c), state.component(c));
  }
  Execution().fence();  // the region shall contain what it has started
}

void GradientSweep::transform_rows(const double* in, double* out) const { m_rows.apply(m_row_symbol, in, out); }

void GradientSweep::transform_columns(const double* in, double* out) const {
  pack_lines(m_column_lines, 1, in, m_packed.data());
  m_columns.apply(m_column_symbol, m_packed.data(), m_packed.data());
  unpack_lines(m_column_lines, 1, m_packed.data(), out);
}

TransformStatistics GradientSweep::statistics() const {
  TransformStatistics s = m_slab.statistics();
  if (m_layout.dimensions > 1) s.plans += 2;
  if (m_layout.dimensions > 2) s.plans += 1;
  s.applied += m_applied;
  return s;
}

}  // namespace ister::core
#endif
