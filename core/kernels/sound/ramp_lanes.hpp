#pragma once
#include <algorithm>
#include <cstdint>

#include "core/kernels/sound/lane_vector.hpp"
#include "core/kernels/sound/ramp.hpp"

namespace ister::core {

/// The ramps of several channels side by side. How their samples are cut into blocks does not matter.
template <int lanes>
struct RampLanes {
  alignas(64) double target[lanes] = {}, slope[lanes] = {}, remaining[lanes] = {};

  [[nodiscard]] Ramp get(int lane) const { return {target[lane], slope[lane], remaining[lane]}; }
  void set(int lane, const Ramp& ramp) {
    target[lane] = ramp.target;
    slope[lane] = ramp.slope;
    remaining[lane] = ramp.remaining;
  }

  /// The next samples of the sum of the channels times their factors; `samples` are ordered (time, lane)
  /// and begin at a multiple of 64 bytes.
  void mix(std::int64_t count, const double* samples, double* sum) {
    const auto longest = static_cast<std::int64_t>(*std::max_element(remaining, remaining + lanes));
    const std::int64_t moving = std::min(count, longest);  // mostly none
    LaneVector end[vectors], step[vectors], left[vectors];
    for (int v = 0; v < vectors; ++v) {
      end[v] = lanes_at(target + v * vector_lanes);
      step[v] = lanes_at(slope + v * vector_lanes);
      left[v] = lanes_at(remaining + v * vector_lanes);
    }
    for (std::int64_t t = 0; t < moving; ++t) {
      LaneVector total{};
      for (int v = 0; v < vectors; ++v) {
        total += lanes_at(samples + t * lanes + v * vector_lanes) * (end[v] - step[v] * left[v]);
        left[v] = left[v] > 1.0 ? left[v] - 1.0 : LaneVector{};
      }
      sum[t] = sum_of(total);
    }
    for (int v = 0; v < vectors; ++v) lanes_at(remaining + v * vector_lanes) = left[v];
    for (std::int64_t t = moving; t < count; ++t) {
      LaneVector total{};
      for (int v = 0; v < vectors; ++v) total += lanes_at(samples + t * lanes + v * vector_lanes) * end[v];
      sum[t] = sum_of(total);
    }
  }

 private:
  static constexpr int vectors = lanes / vector_lanes;
};

}  // namespace ister::core
