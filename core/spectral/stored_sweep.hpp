#pragma once
#include <string>
#include <vector>

#include "core/parallel/profiler.hpp"
#include "core/spectral/gradient_row.hpp"
#include "core/spectral/packed_lines.hpp"

namespace ister::core {

/// Spectral derivatives of a bundle, stored as whole fields in the memory of kernels, then handed to a pointwise kernel
/// (see gradient_row.hpp). What a GPU does, where there is no cache to keep a row in: one thread evaluates the kernel
/// at a point and finishes that point. On a host rows are evaluated as FusedSweep does it, which is faster there.
class StoredSweep {
 public:
  using Components = SweepComponents;

  /// `outputs`: the most that a kernel has. Collective.
  StoredSweep(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool, const Components& components,
              int outputs, Profiler* profiler = nullptr);

  /// Collective; allocates nothing.
  template <class Kernel>
  void run(const FieldBundle& state, const Kernel& kernel);

  /// Applies a separable operator, one symbol per direction, to the listed components, which must be
  /// 0, 1, ... in order. Collective.
  void filter(FieldBundle& state, const std::array<LineSymbol, 3>& symbols, const std::vector<int>& components);

  /// The same along one direction only.
  void apply(int direction, const LineSymbol& symbol, FieldBundle& fields, const std::vector<int>& components) {
    apply(direction, symbol, fields, components, fields);
  }

  [[nodiscard]] TransformStatistics statistics() const;

 private:
  /// Component i of `out` becomes the operator along direction d on component components[i] of `in`.
  void apply(int d, const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components,
             FieldBundle& out);
  void apply(int d, const LineSymbol& symbol, const double* in, double* out);
  void differentiate(const FieldBundle& state);
  /// Values and derivatives from the first point of the block on.
  [[nodiscard]] GradientRow fields(const FieldBundle& state) const;
  void evaluate_rows(const GradientRow& fields, const RowKernel& kernel) const;

  Decomposition m_decomposition;
  BlockLayout m_layout;
  Components m_components;
  std::array<LineSymbol, 3> m_derivative;
  std::array<FieldBundle, 3> m_derivatives;
  PackedLines m_slab;                    ///< along the slab direction
  std::unique_ptr<LineOperator> m_rows;  ///< along x in 2-D and 3-D
  PackedLines m_columns;                 ///< along y in 3-D
  ArrayPool::Lease m_outputs;            ///< of each thread, on a host
  Profiler* m_profiler;
  std::int64_t m_applied = 0;
};

namespace detail {

/// The part of a block's values and derivatives from a point on.
KOKKOS_FORCEINLINE_FUNCTION GradientRow row_from(GradientRow fields, std::int64_t offset) {
  fields.offset += offset;
  fields.values += offset;
  for (const double*& derivatives : fields.derivatives)
    if (derivatives != nullptr) derivatives += offset;
  return fields;
}

template <class Kernel>
struct PointCall {
  Kernel kernel;
  GradientRow fields;
  BlockLayout layout;

  KOKKOS_FUNCTION void operator()(std::int64_t point) const {
    const std::int64_t row = point / layout.columns;
    const std::int64_t offset = layout.row_offset(row / layout.rows, row % layout.rows) + point % layout.columns;
    double results[Kernel::outputs];
    const OutputRow out{results, 1};
    kernel.point(row_from(fields, offset), 0, out);
    kernel.finish(row, offset, 1, out);
  }
};

}  // namespace detail

template <class Kernel>
void StoredSweep::run(const FieldBundle& state, const Kernel& kernel) {
  differentiate(state);
  const Profiler::Region region(m_profiler, "sweep");
  if constexpr (on_host) {
    evaluate_rows(fields(state), RowKernel(kernel));
  } else {
    static const std::string label = "sweep";
    Kokkos::parallel_for(label, Kokkos::RangePolicy<Execution>(execution(), 0, m_layout.points()),
                         detail::PointCall<Kernel>{kernel, fields(state), m_layout});
    wait_for_kernels();  // the region shall contain what it has started
  }
}

}  // namespace ister::core
