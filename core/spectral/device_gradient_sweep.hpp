#pragma once
#include "core/parallel/execution.hpp"
#ifdef KOKKOS_ENABLE_CUDA
#include <array>
#include <string>
#include <vector>

#include "core/spectral/device_slab_transform.hpp"
#include "core/spectral/gradient_row.hpp"

namespace ister::core {

/// GradientSweep on a GPU (see gradient_sweep.hpp for what it does and what a kernel provides). There is no cache to
/// keep a row in: all derivatives are stored as fields, then one thread per point evaluates the kernel and finishes
/// that point. A kernel also says how many results it has: static constexpr int outputs.
class GradientSweep {
 public:
  using Components = std::array<std::vector<int>, 3>;

  GradientSweep(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool, const Components& components,
                int outputs, Profiler* profiler = nullptr);

  template <class Kernel>
  void run(const FieldBundle& state, const Kernel& kernel);

  void filter(FieldBundle& state, const std::array<LineSymbol, 3>& symbols, const std::vector<int>& components);

  [[nodiscard]] TransformStatistics statistics() const;
  [[nodiscard]] std::int64_t row_count() const { return m_layout.rows * m_layout.planes; }

 private:
  void differentiate(const FieldBundle& state);
  /// Along x in 2-D and 3-D, along y in 3-D; out may be in.
  void transform_rows(const double* in, double* out) const;
  void transform_columns(const double* in, double* out) const;

  Decomposition m_decomposition;
  BlockLayout m_layout;
  Components m_components;
  std::array<LineSymbol, 3> m_derivative;
  std::array<FieldBundle, 3> m_derivatives;
  SlabTransform m_slab;
  DeviceSymbol m_row_symbol, m_column_symbol;
  DeviceRows m_rows;
  DeviceColumns m_columns;
  LineBlock m_column_lines;
  ArrayPool::Lease m_packed;
  Profiler* m_profiler;
  std::int64_t m_applied = 0;
};

namespace detail {

template <class Kernel>
struct PointCall {
  Kernel kernel;
  GradientRow fields;  ///< at the first point of the block
  BlockLayout layout;

  KOKKOS_FUNCTION void operator()(std::int64_t point) const {
    const std::int64_t row = point / layout.columns;
    const std::int64_t offset = layout.row_offset(row / layout.rows, row % layout.rows) + point % layout.columns;
    GradientRow here = fields;
    here.values += offset;
    for (int d = 0; d < layout.dimensions; ++d) here.derivatives[d] += offset;
    double results[Kernel::outputs];
    const OutputRow out{results, 1};
    kernel.point(here, 0, out);
    kernel.finish(row, offset, 1, out);
  }
};

}  // namespace detail

template <class Kernel>
void GradientSweep::run(const FieldBundle& state, const Kernel& kernel) {
  differentiate(state);
  const Profiler::Region region(m_profiler, "sweep");
  GradientRow fields;
  fields.values = state.data();
  fields.value_stride = m_layout.component;
  for (int d = 0; d < m_layout.dimensions; ++d) {
    fields.derivatives[d] = m_derivatives[d].data();
    fields.derivative_stride[d] = m_layout.component;
  }
  static const std::string label = "sweep";
  Kokkos::parallel_for(label, Kokkos::RangePolicy<Execution>(0, m_layout.points()),
                       detail::PointCall<Kernel>{kernel, fields, m_layout});
  Execution().fence();  // the region shall contain what it has started
}

}  // namespace ister::core
#endif
