#pragma once
#include <cstdint>

#include "core/base/inline.hpp"

namespace ister::core {

/// A factor that moves to new values on straight lines. It follows from the samples that remain of its line: it does
/// not gather rounding, ends exactly on its value, and is known for all time until the next line.
struct Ramp {
  double target = 0, slope = 0, remaining = 0;

  /// After so many samples.
  [[nodiscard]] ISTER_FUNCTION double at(std::int64_t samples) const {
    const double left = remaining - static_cast<double>(samples);
    return target - slope * (left > 0 ? left : 0.0);
  }
  /// Goes past the next samples.
  void skip(std::int64_t samples) { remaining -= static_cast<double>(samples); }
  /// From where this is to `value` within so many samples, at least one.
  [[nodiscard]] Ramp to(double value, std::int64_t samples) const {
    const auto length = static_cast<double>(samples);
    return {value, (value - at(0)) / length, length};
  }
};

}  // namespace ister::core
