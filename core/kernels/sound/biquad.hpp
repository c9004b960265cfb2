#pragma once
#include <cmath>

#include "core/base/error.hpp"
#include "core/base/inline.hpp"

namespace ister::core {

/// A recursive filter of second order, y[n] = b0 x[n] + b1 x[n-1] + b2 x[n-2] - a1 y[n-1] - a2 y[n-2]; the default
/// passes everything. The designs are those of Robert Bristow-Johnson's "Cookbook formulae for audio equalizer biquad
/// filter coefficients": `omega` is the corner or centre in radians per sample, between 0 and pi, `q` > 0 the quality
/// (1/sqrt 2 gives the flattest pass band), `decibels` the gain of what is raised. InputError for values outside.
struct Biquad {
  double b0 = 1, b1 = 0, b2 = 0, a1 = 0, a2 = 0;

  static Biquad low_pass(double omega, double q) {
    const Design d(omega, q);
    const double b = 1 - d.cosine;
    return d.biquad(0.5 * b, b, 0.5 * b);
  }
  static Biquad high_pass(double omega, double q) {
    const Design d(omega, q);
    const double b = 1 + d.cosine;
    return d.biquad(0.5 * b, -b, 0.5 * b);
  }
  /// Gain 1 at the centre.
  static Biquad band_pass(double omega, double q) {
    const Design d(omega, q);
    return d.biquad(d.alpha, 0, -d.alpha);
  }
  static Biquad notch(double omega, double q) {
    const Design d(omega, q);
    return d.biquad(1, -2 * d.cosine, 1);
  }
  static Biquad all_pass(double omega, double q) {
    const Design d(omega, q);
    return d.biquad(1 - d.alpha, -2 * d.cosine, 1 + d.alpha);
  }
  static Biquad peak(double omega, double q, double decibels) {
    const Design d(omega, q);
    const double a = amplitude(decibels);
    return normalised(1 + d.alpha * a, -2 * d.cosine, 1 - d.alpha * a, 1 + d.alpha / a, -2 * d.cosine, 1 - d.alpha / a);
  }
  static Biquad low_shelf(double omega, double q, double decibels) {
    const Design d(omega, q);
    return shelf(d.cosine, d.alpha, amplitude(decibels), 1);
  }
  static Biquad high_shelf(double omega, double q, double decibels) {
    const Design d(omega, q);
    return shelf(d.cosine, d.alpha, amplitude(decibels), -1);
  }

 private:
  struct Design {
    double cosine, alpha;
    Design(double omega, double q) : cosine(std::cos(omega)), alpha(std::sin(omega) / (2 * q)) {
      if (!(omega > 0 && omega < M_PI))
        throw InputError("a filter's frequency is between 0 and half the sampling rate");
      if (!(q > 0 && std::isfinite(q))) throw InputError("a filter's quality is positive");
    }
    [[nodiscard]] Biquad biquad(double b0, double b1, double b2) const {
      return normalised(b0, b1, b2, 1 + alpha, -2 * cosine, 1 - alpha);
    }
  };

  static double amplitude(double decibels) {
    if (!std::isfinite(decibels)) throw InputError("a filter's gain is a finite number of decibels");
    return std::pow(10.0, decibels / 40);
  }
  static Biquad normalised(double b0, double b1, double b2, double a0, double a1, double a2) {
    return {b0 / a0, b1 / a0, b2 / a0, a1 / a0, a2 / a0};
  }
  /// Of the low frequencies for side = 1, of the high ones for -1.
  static Biquad shelf(double cosine, double alpha, double a, double side) {
    const double up = a + 1, down = a - 1, c = side * cosine, r = 2 * std::sqrt(a) * alpha;
    return normalised(a * (up - down * c + r), 2 * a * side * (down - up * c), a * (up - down * c - r),
                      up + down * c + r, -2 * side * (down + up * c), up + down * c - r);
  }
};

/// What a filter knows of its past, in transposed direct form II.
struct BiquadMemory {
  double s1 = 0, s2 = 0;

  /// The next sample, filtered.
  ISTER_FUNCTION double pass(const Biquad& f, double x) {
    const double y = f.b0 * x + s1;
    s1 = f.b1 * x + s2 - f.a1 * y;
    s2 = f.b2 * x - f.a2 * y;
    return y;
  }
};

}  // namespace ister::core
