#pragma once
#include "core/spectral/gradient_row.hpp"
#ifdef KOKKOS_ENABLE_CUDA
#include "core/spectral/device_gradient_sweep.hpp"
#else
#include <array>
#include <vector>

#include "core/spectral/slab_transform.hpp"

namespace ister::core {

/// Spectral derivatives of a bundle, handed row by row to a pointwise kernel while they are in cache: only the
/// derivative along the slab direction is ever stored as a whole field. The solver sees rows with gradients and
/// nothing of how the grid is distributed.
///
/// A kernel provides
///   static constexpr int outputs: how many results it has.
///   void point(const GradientRow&, std::int64_t i, const OutputRow&) const: one point; vectorised over i.
///   void prefetch(int part, std::int64_t offset, std::int64_t count) const: may ask memory for a part of what finish
///     reads. There are as many parts as derivatives along x.
///   void finish(std::int64_t row, std::int64_t offset, std::int64_t count, const OutputRow&) const: takes the
///     results of `count` points that lie `offset` from the start of a component, in the row with that number.
///     It may overwrite the swept bundle at these points: their values are no longer needed.
class GradientSweep {
 public:
  /// For each direction the components whose derivative along it is wanted.
  using Components = std::array<std::vector<int>, 3>;

  /// `outputs`: the most that a kernel has. Collective.
  GradientSweep(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool, const Components& components,
                int outputs, Profiler* profiler = nullptr);

  /// Collective; allocates nothing.
  template <class Kernel>
  void run(const FieldBundle& state, const Kernel& kernel);

  /// Applies a separable operator, one symbol per direction, to the listed components, which must be
  /// 0, 1, ... in order. Collective.
  void filter(FieldBundle& state, const std::array<LineSymbol, 3>& symbols, const std::vector<int>& components);

  [[nodiscard]] TransformStatistics statistics() const;
  [[nodiscard]] std::int64_t row_count() const { return m_layout.rows * m_layout.planes; }

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

  template <class Kernel>
  void differentiate_rows(const FieldBundle& state, const Kernel& kernel, const RowPair& pair,
                          const Scratch& scratch) const;
  template <class Kernel>
  void evaluate_rows(const FieldBundle& state, const Kernel& kernel, const RowPair& pair, const Scratch& scratch) const;
  template <class Body>
  static void for_each_index(std::int64_t count, const Body& body);

  [[nodiscard]] Scratch scratch(int thread) const;
  void differentiate_columns(const FieldBundle& state, std::int64_t plane, const Scratch& scratch) const;
  void transform_rows(const LineSymbol& symbol, const double* in, int count, double* out, double* work) const;
  void transform_columns(const LineSymbol& symbol, const double* in, double* out, double* work) const;

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

#include "core/spectral/gradient_sweep_run.hpp"
#endif
