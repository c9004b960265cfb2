#pragma once
#include <algorithm>
#include <cstdint>

#include "core/kernels/biquad.hpp"
#include "core/kernels/lane_vector.hpp"

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

  /// Filters in place.
  void apply(double* samples, std::int64_t count) {
    for (int v = 0; v < lanes; v += 2 * vector_lanes) apply_pair(v, samples + v, count);
  }

 private:
  /// Two vectors at a time: the machine works on one while it waits for the other.
  void apply_pair(int v, double* samples, std::int64_t count) {
    const int w = v + vector_lanes;
    const LaneVector b0_v = load_lanes(b0 + v), b1_v = load_lanes(b1 + v), b2_v = load_lanes(b2 + v);
    const LaneVector b0_w = load_lanes(b0 + w), b1_w = load_lanes(b1 + w), b2_w = load_lanes(b2 + w);
    const LaneVector a1_v = load_lanes(a1 + v), a2_v = load_lanes(a2 + v);
    const LaneVector a1_w = load_lanes(a1 + w), a2_w = load_lanes(a2 + w);
    LaneVector s1_v = load_lanes(s1 + v), s2_v = load_lanes(s2 + v);
    LaneVector s1_w = load_lanes(s1 + w), s2_w = load_lanes(s2 + w);
    for (std::int64_t t = 0; t < count; ++t, samples += lanes) {
      const LaneVector x_v = load_lanes(samples), x_w = load_lanes(samples + vector_lanes);
      const LaneVector y_v = b0_v * x_v + s1_v, y_w = b0_w * x_w + s1_w;
      s1_v = b1_v * x_v + s2_v - a1_v * y_v;
      s1_w = b1_w * x_w + s2_w - a1_w * y_w;
      s2_v = b2_v * x_v - a2_v * y_v;
      s2_w = b2_w * x_w - a2_w * y_w;
      store_lanes(y_v, samples);
      store_lanes(y_w, samples + vector_lanes);
    }
    store_lanes(s1_v, s1 + v);
    store_lanes(s2_v, s2 + v);
    store_lanes(s1_w, s1 + w);
    store_lanes(s2_w, s2 + w);
  }
};

}  // namespace ister::core
