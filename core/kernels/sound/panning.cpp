#include "core/kernels/sound/panning.hpp"

#include <fmt/format.h>

#include "core/base/error.hpp"

namespace ister::core {

Panning::Panning(int voices, std::int64_t ramp_samples) : m_ramp(ramp_samples) {
  if (voices < 1) throw InputError(fmt::format("a bank of {} voices", voices));
  if (ramp_samples < 1) throw InputError(fmt::format("gains that change within {} samples: at least 1", ramp_samples));
  m_places.resize(static_cast<std::size_t>(voices));
}

std::size_t Panning::index(int voice) const {
  ISTER_REQUIRE(voice >= 0 && voice < voices());
  return static_cast<std::size_t>(voice);
}

void Panning::set_gain(int voice, double gain) {
  if (!std::isfinite(gain)) throw InputError(fmt::format("the gain of a voice cannot be {}", gain));
  m_places[index(voice)].gain = gain;
}

void Panning::set_pan(int voice, double position) {
  if (!(position >= -1 && position <= 1))
    throw InputError(fmt::format("the place of a voice is between -1 (left) and 1 (right), not {}", position));
  m_places[index(voice)].pan = position;
}

StereoGain Panning::gains(int voice) const {
  const Place& place = m_places[index(voice)];
  const StereoGain pan = equal_power_pan(place.pan);
  return {place.gain * pan.left, place.gain * pan.right};
}

}  // namespace ister::core
