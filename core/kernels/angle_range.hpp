#pragma once
#include <vector>

#include "core/kernels/interval.hpp"

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
  /// InputError for ends that are not finite or beyond a million degrees.
  AngleRange(double lower, double upper, bool axial = false);

  [[nodiscard]] double lower() const { return m_lower; }
  [[nodiscard]] double upper() const { return m_upper; }

  /// The definition.
  [[nodiscard]] bool contains(double angle) const;

  /// All that it contains of [-limit, limit], as intervals of doubles: their ends are the first and the last double
  /// that `contains` accepts. Appends to `intervals`; these may reach beyond the limit.
  void append_intervals(double limit, std::vector<Interval>& intervals) const;

 private:
  double m_lower, m_upper, m_period, m_width;
};

}  // namespace ister::core
