#pragma once
#include <algorithm>
#include <cmath>
#include <optional>
#include <random>
#include <vector>

#include "core/kernels/device/voice_bank.hpp"
#include "core/kernels/sound/voice_bank.hpp"

namespace ister::tests {

using Signal = std::vector<double>;

inline Signal noise(std::size_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> any(-1.0, 1.0);
  Signal x(count);
  for (double& v : x) v = any(random);
  return x;
}

/// The samples of a table as they are played: the attack, then the loop for ever.
inline long double played(const Signal& x, std::optional<core::Loop> loop, std::int64_t i) {
  if (loop && i >= loop->end) i = loop->begin + (i - loop->begin) % (loop->end - loop->begin);
  if (i < 0) return loop && loop->begin == 0 ? x[loop->end - 1] : 4 * x[0] - 6 * x[1] + 4.0L * x[2] - x[3];
  const auto n = static_cast<std::int64_t>(x.size());
  if (i >= n) return 4 * x[n - 1] - 6 * x[n - 2] + 4.0L * x[n - 3] - x[n - 4];
  return x[i];
}

/// Lagrange's polynomial through 2 or 4 samples at a position that has no end.
inline long double interpolated(const Signal& x, std::optional<core::Loop> loop, long double position,
                                core::Interpolation kind) {
  const auto i = static_cast<std::int64_t>(std::floor(position));
  const int first = kind == core::Interpolation::cubic ? -1 : 0, last = kind == core::Interpolation::cubic ? 2 : 1;
  long double sum = 0;
  for (int a = first; a <= last; ++a) {
    long double weight = 1;
    for (int b = first; b <= last; ++b)
      if (a != b) weight *= (position - i - b) / (a - b);
    sum += weight * played(x, loop, i + a);
  }
  return sum;
}

/// The next samples, written to host memory.
inline void render(core::VoiceBank& bank, std::int64_t samples, double* left, double* right) {
  bank.render(samples, left, right);
}
inline void render(core::device::VoiceBank& bank, std::int64_t samples, double* left, double* right) {
  const auto count = static_cast<std::size_t>(samples);
  const core::DeviceArray left_d("left", count), right_d("right", count);
  bank.render(samples, left_d, right_d);
  core::copy(core::HostArray(left, count), left_d);
  core::copy(core::HostArray(right, count), right_d);
}

/// The two banks that there are.
struct OnHost {
  using Bank = core::VoiceBank;
  using Table = core::WaveTable;
};
struct OnDevice {
  using Bank = core::device::VoiceBank;
  using Table = core::device::WaveTable;
};

constexpr std::int64_t ramp = 100;

/// A bank of many different voices.
template <class Place>
struct Band {
  std::vector<typename Place::Table> tables;
  typename Place::Bank bank{70, ramp};

  Band() {
    tables.reserve(3);
    tables.emplace_back(core::WaveTable(noise(500, 5), core::Loop{100, 400}));
    tables.emplace_back(core::WaveTable(noise(900, 6)));
    tables.emplace_back(core::WaveTable(noise(64, 7), core::Loop{0, 64}));
    for (int v = 0; v < 70; ++v) {
      bank.set_interpolation(v, v % 2 == 0 ? core::Interpolation::linear : core::Interpolation::cubic);
      bank.set_gain(v, 0.01 * (v + 1));
      bank.set_pan(v, v / 35.0 - 1);
      if (v % 3 != 0) bank.set_filter(v, core::Biquad::low_pass(0.1 + 0.02 * v, 0.9));
      if (v != 13) bank.play(v, tables[static_cast<std::size_t>(v % 3)], 0.37 + 0.05 * v, v % 5);
    }
  }
};

struct Stereo {
  Signal left, right;
  bool operator==(const Stereo& other) const { return left == other.left && right == other.right; }
};

/// 3000 samples with changes after 1000, 1040 and 1200, in blocks of up to so many.
template <class Place>
Stereo concert(std::int64_t block) {
  Band<Place> band;
  Stereo out{Signal(3000), Signal(3000)};
  const auto play = [&](std::int64_t from, std::int64_t to) {
    for (; from < to; from += block)
      render(band.bank, std::min(block, to - from), out.left.data() + from, out.right.data() + from);
  };
  play(0, 1000);
  for (int v = 0; v < 70; v += 7) band.bank.set_gain(v, 0.5);
  play(1000, 1040);  // within a ramp
  for (int v = 0; v < 70; v += 5) band.bank.set_pan(v, 0.5), band.bank.set_rate(v, 1.5);
  band.bank.set_filter(8, core::Biquad::high_pass(1.0, 0.7));
  play(1040, 1200);
  band.bank.play(23, band.tables[0], 0.5);  // again, over what its filter remembers
  play(1200, 3000);
  return out;
}

}  // namespace ister::tests
