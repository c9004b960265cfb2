#include "core/spectral/fused_sweep.hpp"

#include <algorithm>

#include "core/base/error.hpp"
#include "core/parallel/stream.hpp"

namespace ister::core {
namespace {

constexpr int tile_width = SlabTransform::tile_width;

std::int64_t even(std::int64_t n) { return n + n % 2; }

template <class Body>
void for_each_index(std::int64_t count, const Body& body) {
  static const std::string label = "sweep";
  Kokkos::parallel_for(label, Kokkos::RangePolicy<HostExecution>(host_execution(), 0, count), body);
}

}  // namespace

FusedSweep::FusedSweep(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool, const Components& components,
                       int outputs, Profiler* profiler)
    : m_decomposition(decomposition),
      m_layout(decomposition),
      m_components(components),
      m_slab(comm, decomposition, pool, static_cast<int>(components[decomposition.slab_direction()].size()), profiler),
      m_slab_derivative(pool, m_layout, static_cast<int>(components[decomposition.slab_direction()].size())),
      m_profiler(profiler) {
  ISTER_REQUIRE(on_host);
  const Grid& grid = decomposition.grid();
  m_rows_size = 2 * m_layout.pitch * static_cast<std::int64_t>(components[0].size());
  m_columns_size = grid.dimensions == 3 ? m_layout.plane * static_cast<std::int64_t>(components[1].size()) : 0;
  m_outputs_size = m_layout.pitch * outputs;
  m_work_size = RowPairTransform::work_size(grid.points[0], m_layout.pitch);
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

FusedSweep::Scratch FusedSweep::scratch(int thread) const {
  const std::int64_t per_thread = padded(m_rows_size + m_columns_size + m_outputs_size + m_work_size);
  double* rows = m_scratch.data() + thread * per_thread;
  double* columns = rows + m_rows_size;
  double* outputs = columns + m_columns_size;
  return {rows, columns, outputs, outputs + m_outputs_size};
}

TransformStatistics FusedSweep::statistics() const {
  TransformStatistics s = m_slab.statistics();
  s.plans += 2 * static_cast<std::int64_t>(m_row_pair.size() + m_columns.size());
  s.applied += m_applied;
  return s;
}

void FusedSweep::transform_columns(const LineSymbol& symbol, const double* in, double* out, double* work) const {
  const std::int64_t columns = even(m_layout.columns);
  for (std::int64_t x = 0; x < columns; x += tile_width) {
    const auto& transform = columns - x >= tile_width ? m_columns.front() : m_columns.back();
    transform.apply(symbol, in + x, out + x, work);
  }
}

void FusedSweep::differentiate_columns(const FieldBundle& state, std::int64_t plane, const Scratch& s) const {
  double* out = s.columns;
  for (const int c : m_components[1]) {
    transform_columns(m_derivative[1], state.component(c) + plane * m_layout.plane, out, s.work);
    out += m_layout.plane;
  }
}

void FusedSweep::run_rows(const FieldBundle& state, const RowKernel& kernel) {
  const int slab_direction = m_decomposition.slab_direction();
  m_slab.apply(m_derivative[slab_direction], state, m_components[slab_direction], m_slab_derivative);

  const Profiler::Region region(m_profiler, "sweep");
  for (int d = 0; d < slab_direction; ++d) m_applied += static_cast<std::int64_t>(m_components[d].size());
  const bool volume = m_layout.dimensions == 3;
  const std::int64_t rows = volume ? m_layout.rows : m_layout.planes;  // in 2-D the planes are single rows
  const std::int64_t pairs = (rows + 1) / 2;
  // In 3-D a thread takes a plane, for its derivatives along y; otherwise a pair of rows.
  for_each_index(volume ? m_layout.planes : pairs, [&](std::int64_t index) {
    const ThreadToken token;
    const Scratch s = scratch(token.value());
    const std::int64_t plane = volume ? index : 0;
    if (volume) differentiate_columns(state, plane, s);
    for (std::int64_t p = volume ? 0 : index; p < (volume ? pairs : index + 1); ++p)
      evaluate_rows(state, kernel,
                    {plane * m_layout.plane + 2 * p * m_layout.pitch, 2 * p, plane * rows + 2 * p,
                     static_cast<int>(2 * p + 1 < rows ? 2 : 1)},
                    s);
  });
}

void FusedSweep::evaluate_rows(const FieldBundle& state, const RowKernel& kernel, const RowPair& pair,
                               const Scratch& scratch) const {
  const int slab_direction = m_decomposition.slab_direction();
  if (m_layout.dimensions > 1) differentiate_rows(state, kernel, pair, scratch);
  for (int which = 0; which < pair.count; ++which) {
    const std::int64_t offset = pair.offset + which * m_layout.pitch;
    GradientRow row;
    row.offset = offset;
    row.values = state.data() + offset;
    row.value_stride = m_layout.component;
    row.derivatives[slab_direction] = m_slab_derivative.data() + offset;
    row.derivative_stride[slab_direction] = m_layout.component;
    if (m_layout.dimensions > 1) {
      row.derivatives[0] = scratch.rows + which * m_layout.pitch;
      row.derivative_stride[0] = 2 * m_layout.pitch;
    }
    if (m_layout.dimensions > 2) {
      row.derivatives[1] = scratch.columns + (pair.row + which) * m_layout.pitch;
      row.derivative_stride[1] = m_layout.plane;
    }
    const OutputRow out{scratch.outputs, m_layout.pitch};
    kernel.evaluate(row, {pair.first_row_index + which, offset, m_layout.columns}, out);
  }
}

void FusedSweep::differentiate_rows(const FieldBundle& state, const RowKernel& kernel, const RowPair& pair,
                                    const Scratch& scratch) const {
  double* out = scratch.rows;
  int part = 0;
  for (const int c : m_components[0]) {
    // What the kernel and its end will read is fetched meanwhile, a little at a time.
    if (part < m_slab_derivative.components())
      prefetch(m_slab_derivative.component(part) + pair.offset, pair.count * m_layout.pitch);
    kernel.prefetch(part++, pair.offset, pair.count * m_layout.pitch);
    m_row_pair.front().apply(m_derivative[0], state.component(c) + pair.offset, pair.count, out, scratch.work);
    out += 2 * m_layout.pitch;
  }
}

void FusedSweep::filter(FieldBundle& state, const std::array<LineSymbol, 3>& symbols,
                        const std::vector<int>& components) {
  m_slab.apply(symbols[m_decomposition.slab_direction()], state, components, state);
  if (m_layout.dimensions > 1)
    transform_planes(m_layout.dimensions == 3 ? &symbols[1] : nullptr, &symbols[0], state, components);
}

void FusedSweep::apply(int direction, const LineSymbol& symbol, FieldBundle& fields,
                       const std::vector<int>& components) {
  if (direction == m_decomposition.slab_direction())
    m_slab.apply(symbol, fields, components, fields);
  else
    transform_planes(direction == 1 ? &symbol : nullptr, direction == 0 ? &symbol : nullptr, fields, components);
}

void FusedSweep::transform_planes(const LineSymbol* y, const LineSymbol* x, FieldBundle& fields,
                                  const std::vector<int>& components) {
  const Profiler::Region region(m_profiler, "filter rows");
  m_applied += static_cast<std::int64_t>(components.size()) * ((y != nullptr) + (x != nullptr));
  const bool volume = m_layout.dimensions == 3;
  const std::int64_t planes = volume ? m_layout.planes : 1, rows = volume ? m_layout.rows : m_layout.planes;
  for_each_index(planes * static_cast<std::int64_t>(components.size()), [&](std::int64_t i) {
    const ThreadToken token;
    double* work = scratch(token.value()).work;
    double* values = fields.component(components[i / planes]) + i % planes * m_layout.plane;
    if (y != nullptr) transform_columns(*y, values, values, work);
    for (std::int64_t r = 0; x != nullptr && r < rows; r += 2) {
      double* row = values + r * m_layout.pitch;
      m_row_pair.front().apply(*x, row, rows - r > 1 ? 2 : 1, row, work);
    }
  });
}

}  // namespace ister::core
