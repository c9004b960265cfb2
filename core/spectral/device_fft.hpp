#pragma once
#include "core/parallel/execution.hpp"
#ifdef KOKKOS_ENABLE_CUDA
#include <cufft.h>

#include "core/grid/array_pool.hpp"
#include "core/spectral/line_transform.hpp"

// Line operators on a GPU: whole fields at a time through cuFFT, on the stream of Kokkos' kernels.
namespace ister::core {

/// A LineSymbol where kernels can read it.
class DeviceSymbol {
 public:
  DeviceSymbol(ArrayPool& pool, int points) : m_factor(pool.acquire(points)) {}
  /// Nothing is copied when the symbol is the one loaded last.
  void load(const LineSymbol& symbol);
  [[nodiscard]] const double* factor() const { return m_factor.data(); }
  [[nodiscard]] bool imaginary() const { return m_loaded.imaginary; }

 private:
  ArrayPool::Lease m_factor;
  LineSymbol m_loaded;
};

/// A cuFFT plan whose work area comes from the pool.
class DevicePlan {
 public:
  /// Point i of line l lies at i * stride + l * distance, in numbers of the array's own type.
  struct Lines {
    long long stride, distance;
  };
  DevicePlan() = default;
  DevicePlan(ArrayPool& pool, cufftType type, int points, std::int64_t lines, const Lines& in, const Lines& out);

  /// Complex to complex, CUFFT_FORWARD or CUFFT_INVERSE; out may be in.
  void execute(const double* in, double* out, int sign) const;
  /// Real to complex and back; the second overwrites its input.
  void execute_forward(const double* in, double* out) const;
  void execute_backward(double* in, double* out) const;

 private:
  struct Destroy {
    void operator()(const cufftHandle* handle) const;
  };
  ArrayPool::Lease m_work;
  std::unique_ptr<cufftHandle, Destroy> m_handle;
};

/// Real columns side by side in memory are complex columns, two by two (see ColumnTransform).
class DeviceColumns {
 public:
  DeviceColumns() = default;
  /// Columns of `points` values, `width` (even) of them side by side, rows `width` doubles apart.
  DeviceColumns(ArrayPool& pool, int points, std::int64_t width);
  /// Arrays of points x width; out may be in.
  void apply(const DeviceSymbol& symbol, const double* in, double* out) const;

 private:
  int m_points = 0;
  std::int64_t m_columns = 0;  ///< complex ones
  DevicePlan m_plan;
};

/// Rows of contiguous real points, `pitch` doubles apart.
class DeviceRows {
 public:
  DeviceRows() = default;
  DeviceRows(ArrayPool& pool, int points, std::int64_t rows, std::int64_t pitch);
  /// out may be in.
  void apply(const DeviceSymbol& symbol, const double* in, double* out) const;

 private:
  std::int64_t m_modes = 0, m_rows = 0;
  DevicePlan m_forward, m_backward;
  ArrayPool::Lease m_spectrum;
};

}  // namespace ister::core
#endif
