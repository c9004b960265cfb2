#pragma once
#include <complex>
#include <vector>

#include "core/kernels/device/launch.hpp"

/// Copies between vectors of the tests and arrays where kernels run.
namespace ister::tests {

template <class Scalar>
struct KernelNumber {
  using Type = Scalar;
};
template <>
struct KernelNumber<std::complex<double>> {
  using Type = Kokkos::complex<double>;
};
/// What stands for a number of the tests in kernels.
template <class Scalar>
using InKernels = typename KernelNumber<Scalar>::Type;

template <class Scalar>
core::device::Rows<InKernels<Scalar>> on_device(std::int64_t rows, std::int64_t columns,
                                                const std::vector<Scalar>& values) {
  const core::device::Rows<InKernels<Scalar>> array("test", rows, columns);
  const auto mirror = Kokkos::create_mirror_view(array);
  std::copy_n(values.data(), mirror.size(), reinterpret_cast<Scalar*>(mirror.data()));
  Kokkos::deep_copy(array, mirror);
  return array;
}

template <class Scalar, class Array>
std::vector<Scalar> from_device(const Array& array) {
  const auto mirror = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), array);
  const auto* values = reinterpret_cast<const Scalar*>(mirror.data());
  return std::vector<Scalar>(values, values + mirror.size());
}

}  // namespace ister::tests
