#pragma once
#include <algorithm>
#include <cstdint>

#include "core/kernels/sound/biquad.hpp"
#include "core/kernels/sound/lane_vector.hpp"

namespace ister::core {

/// Filters of several channels side by side, so that one instruction serves all of them. Samples are ordered (time,
/// lane) with the lane fastest. The state is carried from call to call: how a signal is cut into blocks does not
/// matter.
template <int lanes>
struct BiquadLanes {
  static_assert(lanes % (2 * vector_lanes) == 0);
  alignas(64) double b0[lanes], b1[lanes] = {}, b2[lanes] = {}, a1[lanes] = {}, a2[lanes] = {};
  alignas(64) double s1[lanes] = {}, s2[lanes] = {};  ///< of the transposed direct form II

  BiquadLanes() { std::fill_n(b0, lanes, 1.0); }

  void set(int lane, const Biquad& filter) {
    b0[lane] = filter.b0;
    b1[lane] = filter.b1;
    b2[lane] = filter.b2;
    a1[lane] = filter.a1;
    a2[lane] = filter.a2;
  }
  void clear(int lane) { s1[lane] = s2[lane] = 0; }

  /// Filters in place. The samples begin at a multiple of 64 bytes.
  void apply(double* samples, std::int64_t count) {
    for (int v = 0; v < lanes; v += 2 * vector_lanes) apply_pair(v, samples + v, count);
  }

 private:
  /// Two vectors at a time: the machine works on one while it waits for the other.
  void apply_pair(int v, double* samples, std::int64_t count) {
    const int w = v + vector_lanes;
    const LaneVector b0_v = lanes_at(b0 + v), b1_v = lanes_at(b1 + v), b2_v = lanes_at(b2 + v);
    const LaneVector b0_w = lanes_at(b0 + w), b1_w = lanes_at(b1 + w), b2_w = lanes_at(b2 + w);
    const LaneVector a1_v = lanes_at(a1 + v), a2_v = lanes_at(a2 + v);
    const LaneVector a1_w = lanes_at(a1 + w), a2_w = lanes_at(a2 + w);
    LaneVector s1_v = lanes_at(s1 + v), s2_v = lanes_at(s2 + v);
    LaneVector s1_w = lanes_at(s1 + w), s2_w = lanes_at(s2 + w);
    for (std::int64_t t = 0; t < count; ++t, samples += lanes) {
      const LaneVector x_v = lanes_at(samples), x_w = lanes_at(samples + vector_lanes);
      const LaneVector y_v = b0_v * x_v + s1_v, y_w = b0_w * x_w + s1_w;
      s1_v = b1_v * x_v + s2_v - a1_v * y_v;
      s1_w = b1_w * x_w + s2_w - a1_w * y_w;
      s2_v = b2_v * x_v - a2_v * y_v;
      s2_w = b2_w * x_w - a2_w * y_w;
      lanes_at(samples) = y_v;
      lanes_at(samples + vector_lanes) = y_w;
    }
    lanes_at(s1 + v) = s1_v;
    lanes_at(s2 + v) = s2_v;
    lanes_at(s1 + w) = s1_w;
    lanes_at(s2 + w) = s2_w;
  }
};

}  // namespace ister::core
