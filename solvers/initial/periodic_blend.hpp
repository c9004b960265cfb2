#pragma once
#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"

/// How functions that are not periodic are closed smoothly at the seam of the box, so that Fourier series of them
/// converge down to rounding on a grid that resolves the width of the blend.
namespace ister::solvers {

/// cos^8(pi s/2), 0 beyond |s| = 1.
inline double bump(double s) {
  const double c = std::fabs(s) < 1.0 ? std::cos(0.5 * M_PI * s) : 0.0;
  return std::pow(c, 8);
}

/// Integral of the bump cos^8(pi s/2), normalised: 0 below s = -1, 1 above s = 1. On 12 points per unit of s its
/// spectrum has fallen by 1e-11 at the Nyquist mode, faster than that of C-infinity steps of the same width.
inline double smooth_step(double s) {
  s = std::fmin(std::fmax(s, -1.0), 1.0);
  const double a = M_PI * s;
  return 0.5 * (1.0 + s) +
         (1.6 * std::sin(a) + 0.4 * std::sin(2 * a) + 8.0 / 105.0 * std::sin(3 * a) + std::sin(4 * a) / 140.0) /
             (2.0 * M_PI);
}

/// Integral of smooth_step from -1 to s <= 1.
inline double smooth_step_integral(double s) {
  s = std::fmin(std::fmax(s, -1.0), 1.0);
  const double a = M_PI * s;
  return 0.25 * (1.0 + s) * (1.0 + s) - (1.6 * (std::cos(a) + 1.0) + 0.2 * (std::cos(2 * a) - 1.0) +
                                         8.0 / 315.0 * (std::cos(3 * a) + 1.0) + (std::cos(4 * a) - 1.0) / 560.0) /
                                            (2.0 * M_PI * M_PI);
}

/// A coordinate made periodic: the sawtooth of the box, convolved with the bump. It equals x - middle up to `radius`
/// from the middle of the box, turns round smoothly over the rest and vanishes at the seam; `half_square` is its
/// integral, (x - middle)^2/2 within the radius.
class PeriodicCoordinate {
 public:
  /// Throws InputError unless 0 < radius < length/2.
  PeriodicCoordinate(double middle, double length, double radius)
      : m_middle(middle), m_length(length), m_width(0.5 * length - radius) {
    if (radius > 0 && m_width > 0) return;
    throw InputError(fmt::format("initial.blend_radius = {:.6g} must be positive and less than half the box, {:.6g}",
                                 radius, 0.5 * length));
  }

  struct Value {
    double x, half_square;
    double inside;  ///< 1 up to the radius, falling smoothly to 0 at the seam
  };
  [[nodiscard]] Value operator()(double position) const {
    const double offset = position - m_middle, distance = std::abs(offset), s = seam(distance);
    return {std::copysign(distance - m_length * smooth_step(s), offset),
            0.5 * distance * distance - m_length * m_width * smooth_step_integral(s), 1.0 - bump(s)};
  }

  /// How far a position on the right of the middle has been blended into the left end of the next period.
  [[nodiscard]] double blend(double position) const { return smooth_step(seam(position - m_middle)); }

 private:
  [[nodiscard]] double seam(double distance) const { return (distance - 0.5 * m_length) / m_width; }

  double m_middle, m_length, m_width;
};

}  // namespace ister::solvers
