#pragma once
#include <Kokkos_Macros.hpp>
#include <cstdint>

namespace ister::core {

/// One row of consecutive points with the values and derivatives of a bundle. Entry (c, i) of an array with a
/// component stride is array[c * stride + i].
struct GradientRow {
  std::int64_t offset = 0;  ///< of the first point from the start of a component
  const double* values = nullptr;
  std::int64_t value_stride = 0;
  const double* derivatives[3] = {nullptr, nullptr, nullptr};  ///< d/dx, d/dy, d/dz
  std::int64_t derivative_stride[3] = {0, 0, 0};

  [[nodiscard]] KOKKOS_FORCEINLINE_FUNCTION double value(int c, std::int64_t i) const {
    return values[c * value_stride + i];
  }
  /// `slot` is the position of the component in the sweep's list for this direction.
  [[nodiscard]] KOKKOS_FORCEINLINE_FUNCTION double derivative(int direction, int slot, std::int64_t i) const {
    return derivatives[direction][slot * derivative_stride[direction] + i];
  }
};

/// Results of a kernel on a row: (output, i) at data[output * stride + i].
struct OutputRow {
  double* data = nullptr;
  std::int64_t stride = 0;
  [[nodiscard]] KOKKOS_FORCEINLINE_FUNCTION double& at(int output, std::int64_t i) const {
    return data[output * stride + i];
  }
};

namespace detail {

/// g++ vectorises this loop once everything in `point` is inlined; it never vectorises a Kokkos lambda.
template <class Kernel>
void evaluate_row(const Kernel& kernel, const GradientRow& row, std::int64_t count, const OutputRow& out) {
#pragma omp simd
  for (std::int64_t i = 0; i < count; ++i) kernel.point(row, i, out);
}

}  // namespace detail

}  // namespace ister::core
