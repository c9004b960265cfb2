#pragma once
#include <cstdint>
#include <vector>

namespace ister::core {

/// The modes of a bin of wavevectors and the frames that there are of them, apart from the values.
class ModeFrames {
 public:
  [[nodiscard]] std::int64_t frames() const { return m_frames; }
  [[nodiscard]] std::int64_t modes() const { return static_cast<std::int64_t>(m_weights.size()); }
  [[nodiscard]] const std::vector<double>& weights() const { return m_weights; }
  [[nodiscard]] double total_weight() const { return m_total_weight; }
  /// By frame; as long as the room there is, missing where nothing has been pushed.
  [[nodiscard]] const std::vector<bool>& present() const { return m_present; }

  // The errors of correlations: a record of more frames than there is room for, and a frame without any intensity.
  void expect_at_most(std::int64_t frames) const;
  [[noreturn]] static void refuse_dark(std::int64_t frame);

 protected:
  /// Room for `frames` frames. One weight per mode: 0 masks it, 2 lets it stand for a_-k = conj(a_k) as well.
  /// InputError without frames or modes, and for weights that are negative, not finite, or all zero.
  ModeFrames(std::int64_t frames, std::vector<double> weights);

  /// InputError when all frames are taken.
  void expect_room() const;
  /// The error for a mode whose value in the next frame is not finite.
  [[noreturn]] void refuse_mode(std::int64_t mode) const;
  /// The next frame is there, or missing.
  void take(bool present) { m_present[static_cast<std::size_t>(m_frames++)] = present; }

 private:
  std::vector<double> m_weights;
  double m_total_weight = 0;
  std::vector<bool> m_present;
  std::int64_t m_frames = 0;
};

}  // namespace ister::core
