#include "core/spectral/stored_sweep.hpp"

namespace ister::core {

StoredSweep::StoredSweep(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool,
                         const Components& components, int outputs, Profiler* profiler)
    : m_decomposition(decomposition),
      m_layout(decomposition),
      m_components(components),
      m_slab(comm, pool, slab_lines(m_layout), slab_shares(decomposition)),
      m_profiler(profiler) {
  const Grid& grid = decomposition.grid();
  for (int d = 0; d < grid.dimensions; ++d) {
    m_derivatives[d] = FieldBundle(pool, m_layout, static_cast<int>(components[d].size()));
    if (!pool.counts()) m_derivative[d] = derivative_symbol(grid.points[d], grid.upper[d] - grid.lower[d]);
  }
  if (grid.dimensions > 1) m_rows = make_row_operator(comm, pool, m_layout);
  if (grid.dimensions > 2) m_columns = PackedLines(comm, pool, column_lines(m_layout), LineShares{0, {m_layout.rows}});
  if (on_host) m_outputs = pool.acquire(m_layout.pitch * outputs * thread_count());
}

void StoredSweep::differentiate(const FieldBundle& state) {
  for (int d = m_layout.dimensions - 1; d >= 0; --d)
    apply(d, m_derivative[d], state, m_components[d], m_derivatives[d]);
}

void StoredSweep::filter(FieldBundle& state, const std::array<LineSymbol, 3>& symbols,
                         const std::vector<int>& components) {
  for (int d = m_layout.dimensions - 1; d >= 0; --d) apply(d, symbols[d], state, components, state);
}

void StoredSweep::apply(int d, const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components,
                        FieldBundle& out) {
  static constexpr const char* names[] = {"rows", "columns", "slab direction"};
  const Profiler::Region region(m_profiler, names[d == m_decomposition.slab_direction() ? 2 : d]);
  m_applied += static_cast<std::int64_t>(components.size());
  int slot = 0;
  for (const int c : components) apply(d, symbol, in.component(c), out.component(slot++));
  wait_for_kernels();  // the region shall contain what it has started
}

void StoredSweep::apply(int d, const LineSymbol& symbol, const double* in, double* out) {
  if (d == m_decomposition.slab_direction())
    m_slab.apply(symbol, in, out);
  else if (d == 0)
    m_rows->apply(symbol, in, out);
  else
    m_columns.apply(symbol, in, out);
}

GradientRow StoredSweep::fields(const FieldBundle& state) const {
  GradientRow fields;
  fields.values = state.data();
  fields.value_stride = m_layout.component;
  for (int d = 0; d < m_layout.dimensions; ++d) {
    fields.derivatives[d] = m_derivatives[d].data();
    fields.derivative_stride[d] = m_layout.component;
  }
  return fields;
}

void StoredSweep::evaluate_rows(const GradientRow& fields, const RowKernel& kernel) const {
  static const std::string label = "sweep";
  const std::int64_t rows = m_layout.rows * m_layout.planes, outputs_size = m_outputs.size() / thread_count();
  Kokkos::parallel_for(label, Kokkos::RangePolicy<HostExecution>(host_execution(), 0, rows), [&](std::int64_t row) {
    const ThreadToken token;
    const std::int64_t offset = m_layout.row_offset(row / m_layout.rows, row % m_layout.rows);
    const OutputRow out{m_outputs.data() + token.value() * outputs_size, m_layout.pitch};
    kernel.evaluate(detail::row_from(fields, offset), {row, offset, m_layout.columns}, out);
  });
}

TransformStatistics StoredSweep::statistics() const {
  TransformStatistics s{m_slab.plans(), m_applied, m_slab.bytes_sent()};
  if (m_layout.dimensions > 1) s.plans += m_rows->plans();
  if (m_layout.dimensions > 2) s.plans += m_columns.plans();
  return s;
}

}  // namespace ister::core
