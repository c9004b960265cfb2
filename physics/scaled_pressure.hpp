#pragma once

namespace ister::physics {

/// p/T^4 and its derivatives by ln T at a temperature: the thermodynamics of matter without charges, since s = dp/dT
/// and e = T s - p.
struct ScaledPressure {
  double value, first, second;

  /// e/T^4
  [[nodiscard]] double energy() const { return 3.0 * value + first; }
  /// dp/de = s/(T ds/dT)
  [[nodiscard]] double sound_speed_squared() const {
    return (4.0 * value + first) / (12.0 * value + 7.0 * first + second);
  }
};

}  // namespace ister::physics
