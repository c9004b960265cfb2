#pragma once
#include <array>

#include "core/base/simd_math.hpp"

namespace ister::core {

/// int from^to s^exponent ds, and its derivative by the exponent.
struct PowerIntegral {
  double value, by_exponent;
};

/// With b = exponent + 1 and u = b ln(to/from): the integral is from^b ln(to/from) (e^u - 1)/u, which passes through
/// the logarithm of exponent -1 without a special case. Branchless, so that loops over intervals vectorise.
ISTER_INLINE PowerIntegral power_integral(double log_from, double log_ratio, double exponent) {
  const double b = exponent + 1.0, u = b * log_ratio;
  // g = (e^u - 1)/u and its derivative: the Taylor series (u^14/15! is below rounding) where the difference cancels.
  double series = 1.0 / 1307674368000.0, slope = 0.0;
  const auto next = [&](double coefficient) {
    slope = slope * u + series;
    series = series * u + coefficient;
  };
  next(1.0 / 87178291200.0);
  next(1.0 / 6227020800.0);
  next(1.0 / 479001600.0);
  next(1.0 / 39916800.0);
  next(1.0 / 3628800.0);
  next(1.0 / 362880.0);
  next(1.0 / 40320.0);
  next(1.0 / 5040.0);
  next(1.0 / 720.0);
  next(1.0 / 120.0);
  next(1.0 / 24.0);
  next(1.0 / 6.0);
  next(1.0 / 2.0);
  next(1.0);
  const bool near = u * u < 0.25;
  const double safe = near ? 1.0 : u, power = simd_exp(safe);
  const double g = near ? series : (power - 1.0) / safe;
  const double dg = near ? slope : (power - g) / safe;
  const double scale = simd_exp(b * log_from) * log_ratio;
  return {scale * g, scale * (log_from * g + log_ratio * dg)};
}

/// A rate max(amplitude t^exponent + offset, 0).
struct PowerLaw {
  double amplitude, exponent, offset;

  [[nodiscard]] double operator()(double t) const;

  /// The integral over [from, to], 0 <= from <= to, and its derivatives by amplitude, exponent and offset, exact to
  /// rounding, split where the floor clips. InputError where it diverges: from = 0 with an exponent <= -1.
  [[nodiscard]] std::array<double, 4> integral(double from, double to) const;
};

}  // namespace ister::core
