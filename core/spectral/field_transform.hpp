#pragma once
#include <mpi.h>

#include <cstdint>
#include <memory>

#include "core/grid/field_bundle.hpp"
#include "core/spectral/line_transform.hpp"

namespace ister::core {

/// A line operator on all lines of a field at once, in the memory of kernels and in parallel. Of the sources beside
/// this header a build uses one: field_transform_fftw.cpp on a host, field_transform_gpu.cpp on a GPU.
class LineOperator {
 public:
  virtual ~LineOperator() = default;
  /// Fields as the operator was made for, aligned to 64 bytes; out may be in.
  virtual void apply(const LineSymbol& symbol, const double* in, double* out) = 0;
  [[nodiscard]] virtual int plans() const = 0;
};

/// On columns of `points` values, `width` (even) of them side by side: fields of points x width. Collective.
std::unique_ptr<LineOperator> make_column_operator(MPI_Comm comm, ArrayPool& pool, int points, std::int64_t width);

/// On the rows of a component, whole on this rank (2-D, 3-D). Collective.
std::unique_ptr<LineOperator> make_row_operator(MPI_Comm comm, ArrayPool& pool, const BlockLayout& layout);

}  // namespace ister::core
