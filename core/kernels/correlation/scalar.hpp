#pragma once
#include <Kokkos_Complex.hpp>
#include <complex>

/// What kernels for real and complex numbers alike need of them: double and Kokkos::complex<double> everywhere,
/// std::complex<double> on the host.
namespace ister::core {

template <class Scalar>
inline constexpr bool is_complex = !std::is_same_v<Scalar, double>;

/// conj(a) b, written out: the operator of std::complex looks for infinities, which keeps loops from becoming vectors.
KOKKOS_INLINE_FUNCTION double conj_times(double a, double b) { return a * b; }
KOKKOS_INLINE_FUNCTION Kokkos::complex<double> conj_times(const Kokkos::complex<double>& a,
                                                          const Kokkos::complex<double>& b) {
  return {a.real() * b.real() + a.imag() * b.imag(), a.real() * b.imag() - a.imag() * b.real()};
}
inline std::complex<double> conj_times(std::complex<double> a, std::complex<double> b) {
  return {a.real() * b.real() + a.imag() * b.imag(), a.real() * b.imag() - a.imag() * b.real()};
}

/// |a|^2.
KOKKOS_INLINE_FUNCTION double squared_modulus(double a) { return a * a; }
KOKKOS_INLINE_FUNCTION double squared_modulus(const Kokkos::complex<double>& a) {
  return a.real() * a.real() + a.imag() * a.imag();
}

KOKKOS_INLINE_FUNCTION bool is_finite(double a) { return a - a == 0.0; }
KOKKOS_INLINE_FUNCTION bool is_finite(const Kokkos::complex<double>& a) {
  return is_finite(a.real()) && is_finite(a.imag());
}
inline bool is_finite(std::complex<double> a) { return is_finite(a.real()) && is_finite(a.imag()); }

}  // namespace ister::core
