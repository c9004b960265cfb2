#pragma once
// Implementation of GradientSweep::run.
#include "core/parallel/stream.hpp"
#include "core/spectral/gradient_sweep.hpp"

namespace ister::core {

template <class Kernel>
void GradientSweep::run(const FieldBundle& state, const Kernel& kernel) {
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

template <class Kernel>
void GradientSweep::evaluate_rows(const FieldBundle& state, const Kernel& kernel, const RowPair& pair,
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
    detail::evaluate_row(kernel, row, m_layout.columns, out);
    kernel.finish(pair.first_row_index + which, offset, m_layout.columns, out);
  }
}

template <class Kernel>
void GradientSweep::differentiate_rows(const FieldBundle& state, const Kernel& kernel, const RowPair& pair,
                                       const Scratch& scratch) const {
  double* out = scratch.rows;
  int part = 0;
  for (const int c : m_components[0]) {
    // What the kernel and its end will read is fetched meanwhile, a little at a time.
    if (part < m_slab_derivative.components())
      prefetch(m_slab_derivative.component(part) + pair.offset, pair.count * m_layout.pitch);
    kernel.prefetch(part++, pair.offset, pair.count * m_layout.pitch);
    transform_rows(m_derivative[0], state.component(c) + pair.offset, pair.count, out, scratch.work);
    out += 2 * m_layout.pitch;
  }
}

template <class Body>
void GradientSweep::for_each_index(std::int64_t count, const Body& body) {
  static const std::string label = "sweep";
  Kokkos::parallel_for(label, Kokkos::RangePolicy<HostExecution>(host_execution(), 0, count), body);
}

}  // namespace ister::core
