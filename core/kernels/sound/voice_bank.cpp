#include "core/kernels/sound/voice_bank.hpp"

#include <algorithm>

#include "core/base/error.hpp"

namespace ister::core {

VoiceBank::VoiceBank(int voices, std::int64_t ramp_samples) : m_panning(voices, ramp_samples) {
  m_groups.resize(static_cast<std::size_t>((voices + lanes - 1) / lanes));
  m_partial.resize(m_groups.size() * 2 * chunk);
}

VoiceBank::Group& VoiceBank::group_of(int voice) {
  ISTER_REQUIRE(voice >= 0 && voice < voices());
  return m_groups[static_cast<std::size_t>(voice / lanes)];
}

Sampler& VoiceBank::sampler(int voice) { return group_of(voice).samplers[static_cast<std::size_t>(voice % lanes)]; }

void VoiceBank::play(int voice, const WaveTable& table, double rate, double position) {
  sampler(voice).start(table, position, rate);
  Group& group = group_of(voice);
  group.filters.clear(voice % lanes);
  group.left.set(voice % lanes, {});
  group.right.set(voice % lanes, {});
  aim(voice);
}

void VoiceBank::set_rate(int voice, double rate) { sampler(voice).set_rate(rate); }

void VoiceBank::set_interpolation(int voice, Interpolation interpolation) {
  sampler(voice).set_interpolation(interpolation);
}

void VoiceBank::set_gain(int voice, double gain) {
  m_panning.set_gain(voice, gain);
  aim(voice);
}

void VoiceBank::set_pan(int voice, double position) {
  m_panning.set_pan(voice, position);
  aim(voice);
}

void VoiceBank::set_filter(int voice, const Biquad& filter) { group_of(voice).filters.set(voice % lanes, filter); }

void VoiceBank::aim(int voice) {
  const StereoGain gains = m_panning.gains(voice);
  const int lane = voice % lanes;
  Group& group = group_of(voice);
  group.left.set(lane, group.left.get(lane).to(gains.left, m_panning.ramp_samples()));
  group.right.set(lane, group.right.get(lane).to(gains.right, m_panning.ramp_samples()));
}

/// One group's part of a chunk.
struct VoiceBank::Render {
  Group* groups;
  double* partial;
  std::int64_t samples;

  void operator()(std::int64_t g) const {
    alignas(64) double scratch[tile * lanes];
    double* left = partial + g * 2 * chunk;
    for (std::int64_t begin = 0; begin < samples; begin += tile)
      groups[g].render(std::min(tile, samples - begin), scratch, left + begin, left + chunk + begin);
  }
};

void VoiceBank::render(std::int64_t samples, double* left, double* right) {
  const auto groups = static_cast<std::int64_t>(m_groups.size());
  for (std::int64_t begin = 0; begin < samples; begin += chunk) {
    const std::int64_t count = std::min(chunk, samples - begin);
    Kokkos::parallel_for("voices", Kokkos::RangePolicy<HostExecution>(host_execution(), 0, groups),
                         Render{m_groups.data(), m_partial.data(), count});
    // One group after the other, whoever rendered it.
    std::fill_n(left + begin, count, 0.0);
    std::fill_n(right + begin, count, 0.0);
    for (std::int64_t g = 0; g < groups; ++g) {
      const double* sides = m_partial.data() + g * 2 * chunk;
#pragma omp simd
      for (std::int64_t t = 0; t < count; ++t) {
        left[begin + t] += sides[t];
        right[begin + t] += sides[chunk + t];
      }
    }
  }
}

}  // namespace ister::core
