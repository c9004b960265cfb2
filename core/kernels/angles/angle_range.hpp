#pragma once
#include <vector>

#include "core/kernels/angles/interval.hpp"

namespace ister::core {

/// A range of angles in degrees, both ends included: it runs upwards from `lower` to `upper`, through the end of the
/// circle where upper < lower, so that 170 to -170 means through 180.
///
/// With the period P (360, or 180 for axes, which have no head) an angle is inside if
///   mod(angle - lower, P) <= w  or  mod(upper - angle, P) <= w,   w = upper - lower, + P where that is negative,
/// as doubles have it. The ends are inside, and so are the ends +- 180 (axes) and +- 360, however these round. A range
/// as wide as the period takes every angle. What is not finite is inside nothing.
class AngleRange {
 public:
  AngleRange() = default;  ///< zero degrees alone
  /// InputError for ends that are not finite or beyond a million degrees.
  AngleRange(double lower, double upper, bool axial = false);

  [[nodiscard]] double lower() const { return m_lower; }
  [[nodiscard]] double upper() const { return m_upper; }

  /// The definition.
  [[nodiscard]] ISTER_FUNCTION bool contains(double angle) const {
    if (!std::isfinite(angle)) return false;
    if (m_width >= m_period) return true;
    if (modulo(angle - m_lower, m_period) <= m_width || modulo(m_upper - angle, m_period) <= m_width) return true;
    const double turns[] = {-360.0, -m_period, 0.0, m_period, 360.0};
    for (const double turn : turns)
      if (angle == m_lower + turn || angle + turn == m_lower || angle == m_upper + turn || angle + turn == m_upper)
        return true;
    return false;
  }

  /// All that it contains of [-limit, limit], as intervals of doubles: their ends are the first and the last double
  /// that `contains` accepts. Appends to `intervals`; these may reach beyond the limit.
  void append_intervals(double limit, std::vector<Interval>& intervals) const;

 private:
  /// x - period floor(x / period), in [0, period] after rounding.
  ISTER_FUNCTION static double modulo(double x, double period) {
    const double rest = std::fmod(x, period);
    return rest < 0 ? rest + period : rest;
  }

  double m_lower = 0.0, m_upper = 0.0, m_period = 360.0, m_width = 0.0;
};

}  // namespace ister::core
