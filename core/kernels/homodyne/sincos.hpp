#pragma once
#include <cstdint>
#include <cstring>

#include "core/base/tensor.hpp"

namespace ister::core {

struct SineCosine {
  double sine, cosine;
};

/// Sine and cosine without a branch or a call, so that loops around them vectorise: to 1.5 ulp of the larger of the
/// two, for |x| > 10^6 to the rounding of x itself; not a number for not a number, and meaningless beyond 10^15.
///
/// x = n pi/2 + r with |r| <= pi/4: pi/2 in three pieces of 33 bits, n rounded as in ister::simd_exp; then the Taylor
/// polynomials (remainders 6e-17 r and 2e-18), exchanged and signed by n mod 4.
ISTER_INLINE SineCosine sincos(double x) {
  constexpr double two_over_pi = 0.63661977236758134308;
  constexpr double high = 1.57079632673412561417e+00, middle = 6.07710050630396597660e-11;
  constexpr double low = 2.02226624879595063154e-21;
  constexpr double rounder = 6755399441055744.0;
  const double shifted = x * two_over_pi + rounder;
  const double n = shifted - rounder;
  const double r = ((x - n * high) - n * middle) - n * low;
  const double z = r * r;
  double s = -1.0 / 1307674368000.0;
  s = s * z + 1.0 / 6227020800.0;
  s = s * z - 1.0 / 39916800.0;
  s = s * z + 1.0 / 362880.0;
  s = s * z - 1.0 / 5040.0;
  s = s * z + 1.0 / 120.0;
  s = s * z - 1.0 / 6.0;
  s = r + r * (z * s);
  double c = 1.0 / 20922789888000.0;
  c = c * z - 1.0 / 87178291200.0;
  c = c * z + 1.0 / 479001600.0;
  c = c * z - 1.0 / 3628800.0;
  c = c * z + 1.0 / 40320.0;
  c = c * z - 1.0 / 720.0;
  c = c * z + 1.0 / 24.0;
  c = 1.0 - 0.5 * z + (z * z) * c;
  std::uint64_t quadrant = 0;
  std::memcpy(&quadrant, &shifted, sizeof quadrant);
  const bool exchanged = (quadrant & 1u) != 0, lower = (quadrant & 2u) != 0, left = ((quadrant + 1u) & 2u) != 0;
  const double sine = exchanged ? c : s, cosine = exchanged ? s : c;
  return {lower ? -sine : sine, left ? -cosine : cosine};
}

}  // namespace ister::core
