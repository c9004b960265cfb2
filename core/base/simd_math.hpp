#pragma once
#include <cstdint>
#include <cstring>

#include "core/base/tensor.hpp"

namespace ister {

/// e^x to 1 ulp without a branch or a call, so that loops around it vectorise; 0 below -708, e^709 above 709,
/// not a number for not a number.
///
/// x = n ln 2 + r with |r| <= ln 2/2. Adding 1.5 * 2^52 rounds to the integer n and leaves n in the low bits of the
/// sum, from where a shift puts it into the exponent of the result; e^r is its Taylor polynomial (remainder 4e-18).
ISTER_INLINE double simd_exp(double argument) {
  constexpr double log2_e = 1.4426950408889634074;
  constexpr double ln2_high = 6.93147180369123816490e-01;  // 33 bits: n * ln2_high is exact
  constexpr double ln2_low = 1.90821492927058770002e-10;
  constexpr double rounder = 6755399441055744.0;
  const double x = argument > 709.0 ? 709.0 : argument;
  const double shifted = x * log2_e + rounder;
  const double n = shifted - rounder;
  const double r = (x - n * ln2_high) - n * ln2_low;
  double p = 1.0 / 6227020800.0;
  p = p * r + 1.0 / 479001600.0;
  p = p * r + 1.0 / 39916800.0;
  p = p * r + 1.0 / 3628800.0;
  p = p * r + 1.0 / 362880.0;
  p = p * r + 1.0 / 40320.0;
  p = p * r + 1.0 / 5040.0;
  p = p * r + 1.0 / 720.0;
  p = p * r + 1.0 / 120.0;
  p = p * r + 1.0 / 24.0;
  p = p * r + 1.0 / 6.0;
  p = p * r + 0.5;
  p = 1.0 + (r + (r * r) * p);
  std::uint64_t bits = 0;
  std::memcpy(&bits, &shifted, sizeof bits);
  std::uint64_t result = 0;
  std::memcpy(&result, &p, sizeof result);
  result += bits << 52;
  std::memcpy(&p, &result, sizeof p);
  return argument < -708.0 ? 0.0 : p;
}

}  // namespace ister
