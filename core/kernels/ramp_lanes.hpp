#pragma once
#include <cstdint>

#include "core/kernels/lane_vector.hpp"

namespace ister::core {

/// Factors of several channels that move to new values on straight lines. The factor follows from the samples that
/// remain of its line: it does not gather rounding, ends exactly on its value, and does not depend on blocks.
template <int lanes>
struct RampLanes {
  alignas(64) double target[lanes] = {}, slope[lanes] = {}, remaining[lanes] = {};

  [[nodiscard]] double value(int lane) const { return target[lane] - slope[lane] * remaining[lane]; }
  /// From where it is to `value` within so many samples, at least one.
  void start(int lane, double value, std::int64_t samples) {
    const auto length = static_cast<double>(samples);
    slope[lane] = (value - this->value(lane)) / length;
    target[lane] = value;
    remaining[lane] = length;
  }
  /// At `value` now.
  void jump(int lane, double value) {
    target[lane] = value;
    slope[lane] = remaining[lane] = 0;
  }

  /// The next samples of the sum of the channels times their factors; `samples` are ordered (time, lane)
  /// and begin at a multiple of 64 bytes.
  void mix(std::int64_t count, const double* samples, double* sum) {
    for (int v = 0; v < lanes; v += vector_lanes) {
      const LaneVector end = lanes_at(target + v), step = lanes_at(slope + v);
      LaneVector left = lanes_at(remaining + v);
      for (std::int64_t t = 0; t < count; ++t) {
        const double part = sum_of(lanes_at(samples + t * lanes + v) * (end - step * left));
        sum[t] = v == 0 ? part : sum[t] + part;
        left = left > 1.0 ? left - 1.0 : LaneVector{};
      }
      lanes_at(remaining + v) = left;
    }
  }
};

}  // namespace ister::core
