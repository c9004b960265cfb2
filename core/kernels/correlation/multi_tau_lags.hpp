#pragma once
#include <cstdint>
#include <vector>

#include "core/kernels/correlation/correlation_setup.hpp"
#include "core/parallel/execution.hpp"

namespace ister::core {

/// The levels of a multi-tau correlator and their channels.
struct MultiTauShape {
  int channels, levels;

  [[nodiscard]] KOKKOS_FUNCTION int first_channel(int level) const { return level == 0 ? 0 : channels / 2; }
  /// Where the lag of a channel stands among all.
  [[nodiscard]] KOKKOS_FUNCTION std::int64_t lag(int level, int channel) const {
    return std::int64_t{level} * (channels / 2) + channel;
  }
};

/// What a multi-tau correlator knows of the frames apart from their values: which were there, and so which pairs each
/// lag has seen.
class MultiTauLags {
 public:
  /// InputError unless there are 1 to 40 levels and an even number of channels from 2 on.
  MultiTauLags(int channels, int levels);

  /// The next frame, there or missing.
  void take(bool present);

  [[nodiscard]] const MultiTauShape& shape() const { return m_shape; }
  [[nodiscard]] std::int64_t frames() const { return m_frames; }
  /// Frames that were there.
  [[nodiscard]] double taken() const { return m_taken; }
  /// In frames, ascending.
  [[nodiscard]] const std::vector<std::int64_t>& lags() const { return m_lags; }
  /// That each lag has seen.
  [[nodiscard]] const std::vector<double>& pairs() const { return m_pairs; }

  /// Whether a frame of a level, one of its last `channels`, was there.
  [[nodiscard]] bool has(int level, std::int64_t frame) const {
    return m_present[static_cast<std::size_t>(level * m_shape.channels + frame % m_shape.channels)];
  }
  /// What the sum over the pairs of a lag is multiplied by; `scale` is 1/(sigma_x sigma_y).
  [[nodiscard]] double weight(std::size_t lag, Normalisation normalisation, double scale) const;

  /// The errors for a series whose next value is not finite, and for one that is constant.
  [[noreturn]] void refuse_value(std::int64_t series) const;
  [[noreturn]] static void refuse_constant(std::int64_t series);

 private:
  MultiTauShape m_shape;
  std::int64_t m_frames = 0;
  double m_taken = 0;
  std::vector<std::int64_t> m_lags;
  std::vector<double> m_pairs, m_pair_weight;  ///< by lag
  std::vector<bool> m_present;                 ///< (level, slot)
  std::vector<bool> m_pending_present;         ///< the first half of the frame of the level above
};

}  // namespace ister::core
