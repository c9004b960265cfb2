#pragma once
#include <vector>

#include "core/spectral/gradient_row.hpp"
#include "core/spectral/slab_transform.hpp"

namespace ister::core {

/// Spectral derivatives of a bundle in host memory, handed row by row to a pointwise kernel (see gradient_row.hpp)
/// while they are in cache: only the derivative along the slab direction is ever stored as a whole field. The solver
/// sees rows with gradients and nothing of how the grid is distributed.
class FusedSweep {
 public:
  using Components = SweepComponents;

  /// `outputs`: the most that a kernel has. Collective.
  FusedSweep(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool, const Components& components,
             int outputs, Profiler* profiler = nullptr);

  /// Collective; allocates nothing.
  template <class Kernel>
  void run(const FieldBundle& state, const Kernel& kernel) {
    run_rows(state, RowKernel(kernel));
  }

  /// Applies a separable operator, one symbol per direction, to the listed components, which must be
  /// 0, 1, ... in order. Collective.
  void filter(FieldBundle& state, const std::array<LineSymbol, 3>& symbols, const std::vector<int>& components);

  /// The same along one direction only.
  void apply(int direction, const LineSymbol& symbol, FieldBundle& fields, const std::vector<int>& components);

  [[nodiscard]] TransformStatistics statistics() const;

 private:
  /// Work arrays of a thread: derivatives of two rows, of a plane, a kernel's results, transforms.
  struct Scratch {
    double *rows, *columns, *outputs, *work;
  };
  struct RowPair {
    std::int64_t offset;           ///< of the first row from the start of a component
    std::int64_t row;              ///< its number in the plane
    std::int64_t first_row_index;  ///< its number in the block
    int count;                     ///< 2, or 1 for the last row of an odd number
  };

  void run_rows(const FieldBundle& state, const RowKernel& kernel);
  void differentiate_rows(const FieldBundle& state, const RowKernel& kernel, const RowPair& pair,
                          const Scratch& scratch) const;
  void evaluate_rows(const FieldBundle& state, const RowKernel& kernel, const RowPair& pair,
                     const Scratch& scratch) const;

  [[nodiscard]] Scratch scratch(int thread) const;
  void differentiate_columns(const FieldBundle& state, std::int64_t plane, const Scratch& scratch) const;
  void transform_columns(const LineSymbol& symbol, const double* in, double* out, double* work) const;
  /// Along y in 3-D and along x, where there is a symbol, while a plane is in cache.
  void transform_planes(const LineSymbol* y, const LineSymbol* x, FieldBundle& fields,
                        const std::vector<int>& components);

  Decomposition m_decomposition;
  BlockLayout m_layout;
  Components m_components;
  std::array<LineSymbol, 3> m_derivative;
  SlabTransform m_slab;
  FieldBundle m_slab_derivative;
  std::vector<RowPairTransform> m_row_pair;  ///< one, where there are rows (2-D, 3-D)
  std::vector<ColumnTransform> m_columns;    ///< along y in 3-D: full tiles, and the narrower rest
  std::int64_t m_rows_size = 0, m_columns_size = 0, m_outputs_size = 0, m_work_size = 0;
  ArrayPool::Lease m_scratch;
  Profiler* m_profiler;
  std::int64_t m_applied = 0;  ///< along the other directions than that of the slabs
};

}  // namespace ister::core
