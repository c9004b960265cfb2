#include "core/kernels/device/voice_bank.hpp"

#include <string>
#include <utility>

#include "core/base/error.hpp"
#include "core/kernels/device/launch.hpp"

namespace ister::core::device {
namespace {

constexpr std::int64_t group_size = 32;

/// Sample i / count of voice i % count, before its filter.
struct Read {
  const Voice* voices;
  std::int64_t count, done;
  double* samples;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    const Voice& voice = voices[i % count];
    samples[i] = voice.sampler.at(done + i / count - voice.since);
  }
};

/// Sample i % length of the sum of group i / length of the voices.
struct MixGroup {
  const Voice* voices;
  std::int64_t count, done, length;
  const double* samples;
  double* partial;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    const std::int64_t group = i / length, t = i % length, begin = group * group_size;
    const std::int64_t end = begin + group_size < count ? begin + group_size : count;
    double left = 0, right = 0;
    for (std::int64_t v = begin; v < end; ++v) {
      const double x = samples[t * count + v];
      const std::int64_t passed = done + t - voices[v].since;
      left += x * voices[v].left.at(passed);
      right += x * voices[v].right.at(passed);
    }
    partial[2 * group * length + t] = left;
    partial[(2 * group + 1) * length + t] = right;
  }
};

/// Sample t of the sum of the groups.
struct Mix {
  std::int64_t groups, length;
  const double* partial;
  double *left, *right;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t t) const {
    double left_sum = 0, right_sum = 0;
    for (std::int64_t g = 0; g < groups; ++g) {
      left_sum += partial[2 * g * length + t];
      right_sum += partial[(2 * g + 1) * length + t];
    }
    left[t] = left_sum;
    right[t] = right_sum;
  }
};

std::int64_t groups_of(std::int64_t voices) { return (voices + group_size - 1) / group_size; }

}  // namespace

VoiceBank::VoiceBank(int voices, std::int64_t ramp_samples)
    : m_panning(voices, ramp_samples),
      m_voices("voices", voices),
      m_samples("voice samples", static_cast<std::size_t>(voices), chunk),
      m_filters(voices),
      m_partial("voice sums", static_cast<std::size_t>(groups_of(voices) * 2 * chunk)) {}

/// The voice as it stands now.
Voice& VoiceBank::change(int voice) {
  Voice& v = m_voices.change(voice);
  const std::int64_t passed = m_done - v.since;
  v.sampler.skip(passed);
  v.left.skip(passed);
  v.right.skip(passed);
  v.since = m_done;
  return v;
}

void VoiceBank::play(int voice, const WaveTable& table, double rate, double position) {
  Voice& v = change(voice);
  v.sampler.start(table, position, rate);
  v.left = v.right = {};
  m_filters.clear(voice);
  aim(voice);
}

void VoiceBank::set_rate(int voice, double rate) { change(voice).sampler.set_rate(rate); }

void VoiceBank::set_interpolation(int voice, Interpolation interpolation) {
  change(voice).sampler.set_interpolation(interpolation);
}

void VoiceBank::set_gain(int voice, double gain) {
  m_panning.set_gain(voice, gain);
  aim(voice);
}

void VoiceBank::set_pan(int voice, double position) {
  m_panning.set_pan(voice, position);
  aim(voice);
}

void VoiceBank::set_filter(int voice, const Biquad& filter) { m_filters.set(voice, filter); }

void VoiceBank::aim(int voice) {
  const StereoGain gains = m_panning.gains(voice);
  Voice& v = change(voice);
  v.left = v.left.to(gains.left, m_panning.ramp_samples());
  v.right = v.right.to(gains.right, m_panning.ramp_samples());
}

void VoiceBank::render(std::int64_t samples, const DeviceArray& left, const DeviceArray& right) {
  ISTER_REQUIRE(samples <= static_cast<std::int64_t>(left.size()) &&
                samples <= static_cast<std::int64_t>(right.size()));
  for (std::int64_t begin = 0; begin < samples; begin += chunk)
    render_chunk(std::min(chunk, samples - begin), left.data() + begin, right.data() + begin);
}

void VoiceBank::render_chunk(std::int64_t samples, double* left, double* right) {
  static const std::string read = "voice samples", group_sums = "voice groups", mix = "voices";
  const Voice* voices = m_voices.read();
  const std::int64_t count = m_voices.size(), groups = groups_of(count);
  Kokkos::parallel_for(read, items(count * samples), Read{voices, count, m_done, m_samples.data()});
  m_filters.apply(Kokkos::subview(m_samples, Kokkos::ALL, std::make_pair(std::int64_t{0}, samples)));
  Kokkos::parallel_for(group_sums, items(groups * samples),
                       MixGroup{voices, count, m_done, samples, m_samples.data(), m_partial.data()});
  Kokkos::parallel_for(mix, items(samples), Mix{groups, samples, m_partial.data(), left, right});
  m_done += samples;
}

}  // namespace ister::core::device
