#pragma once
#include <array>

#include "core/kernels/sound/biquad_lanes.hpp"
#include "core/kernels/sound/ramp_lanes.hpp"
#include "core/kernels/sound/sampler.hpp"

namespace ister::core {

/// Voices of a VoiceBank that are worked on side by side.
template <int lanes>
struct VoiceGroup {
  std::array<Sampler, lanes> samplers;
  BiquadLanes<lanes> filters;
  RampLanes<lanes> left, right;

  /// The sum of the voices over `count` samples; `scratch` has room for lanes * count and begins
  /// at a multiple of 64 bytes.
  void render(std::int64_t count, double* scratch, double* left_sum, double* right_sum) {
    for (int v = 0; v < lanes; ++v) samplers[static_cast<std::size_t>(v)].read(count, scratch + v, lanes);
    filters.apply(scratch, count);
    left.mix(count, scratch, left_sum);
    right.mix(count, scratch, right_sum);
  }
};

}  // namespace ister::core
