#pragma once
#include <cstdint>
#include <vector>

#include "core/kernels/sound/pan.hpp"

namespace ister::core {

/// How loud and where the voices of a bank are to sound; on their way there they follow ramps.
class Panning {
 public:
  /// All voices in the middle with gain 1. InputError for no voices or a ramp of less than one sample.
  Panning(int voices, std::int64_t ramp_samples);

  /// InputError for what is not finite.
  void set_gain(int voice, double gain);
  /// From -1, left, to 1, right; InputError beyond.
  void set_pan(int voice, double position);

  [[nodiscard]] int voices() const { return static_cast<int>(m_places.size()); }
  [[nodiscard]] std::int64_t ramp_samples() const { return m_ramp; }
  /// The factors of both sides at the end of a ramp.
  [[nodiscard]] StereoGain gains(int voice) const;

 private:
  struct Place {
    double gain = 1, pan = 0;
  };
  [[nodiscard]] std::size_t index(int voice) const;

  std::int64_t m_ramp;
  std::vector<Place> m_places;
};

}  // namespace ister::core
