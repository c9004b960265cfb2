#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "core/base/inline.hpp"

/// What sweeps and their kernels know of each other. A kernel provides
///   static constexpr int outputs: how many results it has.
///   void point(const GradientRow&, std::int64_t i, const OutputRow&) const: one point; vectorised over i.
///   void prefetch(int part, std::int64_t offset, std::int64_t count) const: may ask memory for a part of what finish
///     reads. There are as many parts as derivatives along x.
///   void finish(std::int64_t row, std::int64_t offset, std::int64_t count, const OutputRow&) const: takes the
///     results of `count` points that lie `offset` from the start of a component, in the row with that number.
///     It may overwrite the swept bundle at these points: their values are no longer needed.
namespace ister::core {

/// For each direction the components whose derivative along it is wanted.
using SweepComponents = std::array<std::vector<int>, 3>;

/// One row of consecutive points with the values and derivatives of a bundle. Entry (c, i) of an array with a
/// component stride is array[c * stride + i].
struct GradientRow {
  std::int64_t offset = 0;  ///< of the first point from the start of a component
  const double* values = nullptr;
  std::int64_t value_stride = 0;
  const double* derivatives[3] = {nullptr, nullptr, nullptr};  ///< d/dx, d/dy, d/dz
  std::int64_t derivative_stride[3] = {0, 0, 0};

  [[nodiscard]] ISTER_INLINE double value(int c, std::int64_t i) const { return values[c * value_stride + i]; }
  /// `slot` is the position of the component in the sweep's list for this direction.
  [[nodiscard]] ISTER_INLINE double derivative(int direction, int slot, std::int64_t i) const {
    return derivatives[direction][slot * derivative_stride[direction] + i];
  }
};

/// Results of a kernel on a row: (output, i) at data[output * stride + i].
struct OutputRow {
  double* data = nullptr;
  std::int64_t stride = 0;
  [[nodiscard]] ISTER_INLINE double& at(int output, std::int64_t i) const { return data[output * stride + i]; }
};

/// Where a row lies in its block.
struct RowPlace {
  std::int64_t number = 0;  ///< in the block
  std::int64_t offset = 0;  ///< of its first point from the start of a component
  std::int64_t points = 0;
};

namespace detail {

/// g++ vectorises this loop once everything in `point` is inlined; it never vectorises a Kokkos lambda. Never inlined
/// itself: whatever sweeps over a kernel on the host runs the same instructions.
template <class Kernel>
[[gnu::noinline]] void evaluate_row(const Kernel& kernel, const GradientRow& row, std::int64_t count,
                                    const OutputRow& out) {
#pragma omp simd
  for (std::int64_t i = 0; i < count; ++i) kernel.point(row, i, out);
}

}  // namespace detail

/// A kernel as sweeps on the host see it: functions of a row, compiled once for all sweeps. Refers to the kernel.
class RowKernel {
 public:
  template <class Kernel>
  explicit RowKernel(const Kernel& kernel)
      : m_kernel(&kernel), m_evaluate(&evaluate_and_finish<Kernel>), m_prefetch(&prefetch_part<Kernel>) {}

  /// `out` is scratch.
  void evaluate(const GradientRow& row, const RowPlace& place, const OutputRow& out) const {
    m_evaluate(m_kernel, row, place, out);
  }
  void prefetch(int part, std::int64_t offset, std::int64_t count) const { m_prefetch(m_kernel, part, offset, count); }

 private:
  template <class Kernel>
  static void evaluate_and_finish(const void* pointer, const GradientRow& row, const RowPlace& place,
                                  const OutputRow& out) {
    const Kernel& kernel = *static_cast<const Kernel*>(pointer);
    detail::evaluate_row(kernel, row, place.points, out);
    kernel.finish(place.number, place.offset, place.points, out);
  }
  template <class Kernel>
  static void prefetch_part(const void* pointer, int part, std::int64_t offset, std::int64_t count) {
    static_cast<const Kernel*>(pointer)->prefetch(part, offset, count);
  }

  const void* m_kernel;
  void (*m_evaluate)(const void*, const GradientRow&, const RowPlace&, const OutputRow&);
  void (*m_prefetch)(const void*, int, std::int64_t, std::int64_t);
};

}  // namespace ister::core
