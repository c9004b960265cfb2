#pragma once
#include <cmath>

namespace ister::core {

struct StereoGain {
  double left, right;
};

/// Places a sound between left (-1) and right (1) at equal power: the squares of the gains add up to 1.
inline StereoGain equal_power_pan(double position) {
  const double angle = (position + 1) * (0.25 * M_PI);
  return {std::cos(angle), std::sin(angle)};
}

}  // namespace ister::core
