#pragma once
#include "core/kernels/device/settings.hpp"
#include "core/kernels/sound/biquad.hpp"

namespace ister::core::device {

/// A filter for each of many channels, all at work at the same time in the memory of Execution. The state is carried
/// from call to call: the result does not depend on how the signals are cut into blocks, nor on threads. Nothing is
/// allocated after set-up.
class BiquadBank {
 public:
  /// Samples as (channel, time). A view of any layout is one; a device reads fastest where the channel is fastest.
  using Signals = Kokkos::View<double**, Kokkos::LayoutStride, Memory>;
  /// What is set of a channel. Its samples are counted from the bank's first on; those before `begin` are forgotten.
  struct Channel {
    Biquad filter;
    std::int64_t begin = 0;
  };

  /// All filters pass everything. InputError for no channels.
  explicit BiquadBank(std::int64_t channels);

  /// From the next call of apply on.
  void set(std::int64_t channel, const Biquad& filter);
  /// Forgets the past of a channel, or of all.
  void clear(std::int64_t channel);
  void clear();

  /// Filters the next samples of every channel in place.
  void apply(const Signals& signals);

 private:
  std::int64_t m_done = 0;  ///< samples filtered
  Settings<Channel> m_channels;
  Values<BiquadMemory> m_memories;
};

}  // namespace ister::core::device
