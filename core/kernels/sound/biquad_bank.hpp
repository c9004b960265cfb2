#pragma once
#include <cstdint>
#include <vector>

#include "core/kernels/sound/biquad_lanes.hpp"

namespace ister::core {

/// A filter for each of many channels. The state is carried from call to call, so that the result does not depend on
/// how the signals are cut into blocks; nor does it depend on the number of threads. Nothing is allocated after set-up.
/// On the host in all builds.
class BiquadBank {
 public:
  /// All filters pass everything.
  explicit BiquadBank(std::int64_t channels);

  /// From the next call of apply on.
  void set(std::int64_t channel, const Biquad& filter);
  /// Forgets the past of all channels.
  void clear();

  /// Filters the next `samples` samples of every channel in place; those of channel c begin at signals[c * stride].
  void apply(std::int64_t samples, double* signals, std::int64_t stride);

 private:
  static constexpr int lanes = 16;
  struct Apply;

  std::int64_t m_channels;
  std::vector<BiquadLanes<lanes>> m_groups;
};

}  // namespace ister::core
