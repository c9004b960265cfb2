#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <optional>
#include <random>
#include <vector>

#include "core/kernels/sound/biquad_bank.hpp"
#include "core/kernels/sound/pan.hpp"
#include "core/kernels/sound/voice_bank.hpp"

namespace ister::tests {
namespace {

using Signal = std::vector<double>;

Signal noise(std::size_t count, unsigned seed) {
  std::mt19937_64 random(seed);
  std::uniform_real_distribution<double> any(-1.0, 1.0);
  Signal x(count);
  for (double& v : x) v = any(random);
  return x;
}

/// The samples of a table as they are played: the attack, then the loop for ever.
long double played(const Signal& x, std::optional<core::Loop> loop, std::int64_t i) {
  if (loop && i >= loop->end) i = loop->begin + (i - loop->begin) % (loop->end - loop->begin);
  if (i < 0) return loop && loop->begin == 0 ? x[loop->end - 1] : 4 * x[0] - 6 * x[1] + 4.0L * x[2] - x[3];
  const auto n = static_cast<std::int64_t>(x.size());
  if (i >= n) return 4 * x[n - 1] - 6 * x[n - 2] + 4.0L * x[n - 3] - x[n - 4];
  return x[i];
}

/// Lagrange's polynomial through 2 or 4 samples at a position that has no end.
long double interpolated(const Signal& x, std::optional<core::Loop> loop, long double position,
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

constexpr std::int64_t ramp = 100;

/// A bank of many different voices.
struct Band {
  std::vector<core::WaveTable> tables;
  core::VoiceBank bank{70, ramp};

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
Stereo concert(std::int64_t block) {
  Band band;
  Stereo out{Signal(3000), Signal(3000)};
  const auto play = [&](std::int64_t from, std::int64_t to) {
    for (; from < to; from += block)
      band.bank.render(std::min(block, to - from), out.left.data() + from, out.right.data() + from);
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

using core::Biquad;
using core::Interpolation;
using core::Loop;
using core::Sampler;
using core::WaveTable;

Signal read(Sampler sampler, std::int64_t count) {
  Signal y(static_cast<std::size_t>(count));
  sampler.read(count, y.data(), 1);
  return y;
}

TEST(Sampler, InterpolatesAttackAndLoopsAsLongDouble) {
  const Signal x = noise(50, 1);
  for (const Loop& loop : {Loop{20, 50}, Loop{0, 50}, Loop{7, 9}, Loop{30, 31}, Loop{1, 48}, Loop{0, 1}})
    for (const double rate : {0.0, 0.3, 0.999, 1.0})
      for (const Interpolation kind : {Interpolation::linear, Interpolation::cubic}) {
        const WaveTable table(x, loop);
        Sampler sampler;
        sampler.start(table, 0.25, rate);
        sampler.set_interpolation(kind);
        const Signal y = read(sampler, 400);
        const long double exact_rate = std::round(rate * 0x1p32) * 0x1p-32L;
        for (int t = 0; t < 400; ++t)
          ASSERT_NEAR(y[t], static_cast<double>(interpolated(x, loop, 0.25L + t * exact_rate, kind)), 3e-15)
              << "loop " << loop.begin << ", rate " << rate << ", t " << t;
      }
}

TEST(Sampler, PlaysAShotOnceUpToItsLastSample) {
  const Signal x = noise(10, 2);
  const WaveTable table(x);
  for (const double rate : {0.5, 1.0, 2.25, 9.0, 100.0}) {
    Sampler sampler;
    sampler.start(table, 0, rate);
    const Signal y = read(sampler, 40);
    for (int t = 0; t < 40; ++t)
      ASSERT_NEAR(y[t], t * rate <= 9 ? static_cast<double>(interpolated(x, {}, t * rate, Interpolation::cubic)) : 0.0,
                  3e-15);
  }
}

TEST(Sampler, ReproducesCubicsUpToTheEnds) {
  const auto cubic = [](double t) { return 1 - 2 * t + 0.3 * t * t - 0.01 * t * t * t; };
  Signal x(12);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = cubic(static_cast<double>(i));
  const WaveTable table(x);
  Sampler sampler;
  sampler.start(table, 0, 0.125);
  const Signal y = read(sampler, 89);
  for (int t = 0; t < 89; ++t) EXPECT_NEAR(y[t], cubic(0.125 * t), 1e-14);
  for (const std::size_t few : {1, 2, 3}) {  // and on lines as far as there are samples
    const WaveTable line(Signal(few, 2.5));
    Sampler constant;
    constant.start(line, 0, 0.25);
    EXPECT_NEAR(read(constant, 1)[0], 2.5, 1e-15);
  }
}

TEST(Sampler, DoesNotDriftInTenSeconds) {
  // After 10 s at 48 kHz the position is right to the rounding of the rate, 2^-33 of a sample each time.
  const WaveTable table(noise(1000, 3), Loop{0, 1000});
  const double rate = 1.0 / 3 + 2e-4;
  Sampler sampler;
  sampler.start(table, 0, rate);
  Signal y(480);
  for (int block = 0; block < 1000; ++block) sampler.read(480, y.data(), 1);
  // The loop is held twice: the first turn is played before the other.
  EXPECT_NEAR(sampler.position(), 1000 + std::fmod(480000 * rate, 1000.0), 480000 * 0x1p-33);
}

TEST(Sampler, KnowsWhatComesLater) {
  const Signal x = noise(50, 8);
  const WaveTable once(x), attack(x, Loop{20, 50}), whole(x, Loop{0, 50}), single(x, Loop{49, 50});
  for (const WaveTable* table : {&once, &attack, &whole, &single})
    for (const double rate : {0.0, 0x1p-32, 0.3, 1.0, 1 / 0.7, 29.999, 30.0})
      for (const Interpolation kind : {Interpolation::linear, Interpolation::cubic}) {
        if (table == &single && rate > 1) continue;
        Sampler sampler;
        sampler.start(*table, 0.75, rate);
        sampler.set_interpolation(kind);
        const Signal y = read(sampler, 700);
        for (int t = 0; t < 700; ++t) ASSERT_NEAR(sampler.at(t), y[t], 1e-15) << "rate " << rate << ", t " << t;
        Sampler later = sampler;
        later.skip(300);
        ASSERT_EQ(read(later, 400), Signal(y.begin() + 300, y.end()));
      }
}

TEST(Sampler, CountsJumpsInYearsAsIntegersDo) {
  // After whole turns, of which there are more than a double holds digits, it is where it was.
  constexpr std::uint64_t loop = 255255;
  const WaveTable table(noise(loop, 9), Loop{0, loop});
  std::mt19937_64 random(10);
  for (int n = 0; n < 1000; ++n) {
    const double rate = std::ldexp(static_cast<double>(random() % (loop << 16) + 1), -16);
    const std::uint64_t samples = (loop << 16) * (random() % 1000 + 1);
    for (const double start : {0.0, 0x1p-32, loop - 0x1p-32}) {
      Sampler sampler;
      sampler.start(table, start, rate);
      sampler.skip(static_cast<std::int64_t>(samples));
      ASSERT_EQ(sampler.position(), start + loop) << "the loop is held twice";
    }
  }
  Sampler shot;
  const WaveTable once(noise(10, 11));
  shot.start(once, 0, 0x1p30);
  EXPECT_EQ(shot.at(std::int64_t{1} << 50), 0.0);
}

TEST(Sampler, RefusesWhatCannotBePlayed) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_THROW(WaveTable({}), InputError);
  EXPECT_THROW(WaveTable({1, nan}), InputError);
  for (const Loop& loop : {Loop{0, 0}, Loop{2, 1}, Loop{-1, 2}, Loop{0, 4}})
    EXPECT_THROW(WaveTable({1, 2, 3}, loop), InputError);
  const WaveTable once({1, 2, 3}), looped({1, 2, 3}, Loop{1, 3});
  Sampler sampler;
  EXPECT_THROW(sampler.start(once, 2.1, 1), InputError);
  EXPECT_THROW(sampler.start(once, -0.1, 1), InputError);
  EXPECT_THROW(sampler.start(once, nan, 1), InputError);
  EXPECT_THROW(sampler.start(looped, 0, 2.1), InputError);
  EXPECT_THROW(sampler.start(looped, 0, nan), InputError);
  EXPECT_THROW(sampler.start(once, 0, -1), InputError);
}

std::complex<double> response(const Biquad& f, double omega) {
  const std::complex<double> z = std::polar(1.0, -omega);
  return (f.b0 + f.b1 * z + f.b2 * z * z) / (1.0 + f.a1 * z + f.a2 * z * z);
}

TEST(Biquad, DesignsDoWhatTheirNamesSay) {
  const double w = 0.4, q = 1.7, tiny = 1e-9, top = M_PI - 1e-9;
  const auto gain = [](const Biquad& f, double omega) { return std::abs(response(f, omega)); };
  EXPECT_NEAR(gain(Biquad::low_pass(w, q), tiny), 1, 1e-8);
  EXPECT_NEAR(gain(Biquad::low_pass(w, q), w), q, 1e-12);
  EXPECT_NEAR(gain(Biquad::low_pass(w, q), top), 0, 1e-8);
  EXPECT_NEAR(gain(Biquad::high_pass(w, q), tiny), 0, 1e-8);
  EXPECT_NEAR(gain(Biquad::high_pass(w, q), w), q, 1e-12);
  EXPECT_NEAR(gain(Biquad::high_pass(w, q), top), 1, 1e-8);
  EXPECT_NEAR(std::abs(response(Biquad::band_pass(w, q), w) - 1.0), 0, 1e-12);
  EXPECT_NEAR(gain(Biquad::band_pass(w, q), tiny) + gain(Biquad::band_pass(w, q), top), 0, 1e-8);
  EXPECT_NEAR(gain(Biquad::notch(w, q), w), 0, 1e-12);
  EXPECT_NEAR(gain(Biquad::notch(w, q), tiny), 1, 1e-8);
  for (const double omega : {0.1, w, 2.0}) EXPECT_NEAR(gain(Biquad::all_pass(w, q), omega), 1, 1e-12);
  EXPECT_NEAR(std::abs(response(Biquad::all_pass(w, q), w) + 1.0), 0, 1e-12);
  const double six = std::pow(10.0, 6.0 / 20), three = std::pow(10.0, 3.0 / 20);
  EXPECT_NEAR(gain(Biquad::peak(w, q, 6), w), six, 1e-12);
  EXPECT_NEAR(gain(Biquad::peak(w, q, 6), tiny) * gain(Biquad::peak(w, q, 6), top), 1, 1e-8);
  EXPECT_NEAR(gain(Biquad::low_shelf(w, M_SQRT1_2, 6), tiny), six, 1e-8);
  EXPECT_NEAR(gain(Biquad::low_shelf(w, M_SQRT1_2, 6), w), three, 1e-12);
  EXPECT_NEAR(gain(Biquad::low_shelf(w, M_SQRT1_2, 6), top), 1, 1e-8);
  EXPECT_NEAR(gain(Biquad::high_shelf(w, M_SQRT1_2, 6), tiny), 1, 1e-8);
  EXPECT_NEAR(gain(Biquad::high_shelf(w, M_SQRT1_2, 6), w), three, 1e-12);
  EXPECT_NEAR(gain(Biquad::high_shelf(w, M_SQRT1_2, 6), top), six, 1e-8);
  for (const double omega : {0.0, -1.0, M_PI, std::nan("")}) EXPECT_THROW(Biquad::notch(omega, 1), InputError);
  EXPECT_THROW(Biquad::notch(1, 0), InputError);
}

TEST(BiquadBank, FiltersEveryChannelAsTheRecursionSays) {
  constexpr std::int64_t channels = 37, samples = 300;
  const Signal x = noise(channels * samples, 4);
  Signal whole = x, blocks = x;
  core::BiquadBank bank(channels), same(channels);
  std::vector<Biquad> filters;
  for (std::int64_t c = 0; c < channels; ++c) {
    filters.push_back(Biquad::low_pass(0.05 + 0.07 * static_cast<double>(c), 1.3));
    bank.set(c, filters.back());
    same.set(c, filters.back());
  }
  bank.apply(samples, whole.data(), samples);
  for (std::int64_t begin = 0, size = 1; begin < samples; begin += size, size = std::min(size + 6, samples - begin))
    same.apply(size, blocks.data() + begin, samples);
  EXPECT_EQ(whole, blocks) << "in blocks of any size";
  for (std::int64_t c = 0; c < channels; ++c) {
    const Biquad& f = filters[static_cast<std::size_t>(c)];
    long double x1 = 0, x2 = 0, y1 = 0, y2 = 0;
    for (std::int64_t t = 0; t < samples; ++t) {
      const long double now = x[c * samples + t], y = f.b0 * now + f.b1 * x1 + f.b2 * x2 - f.a1 * y1 - f.a2 * y2;
      x2 = x1, x1 = now, y2 = y1, y1 = y;
      ASSERT_NEAR(whole[c * samples + t], static_cast<double>(y), 1e-12);
    }
  }
}

TEST(Pan, KeepsThePower) {
  for (double p = -1; p <= 1; p += 1.0 / 512) {
    const core::StereoGain gain = core::equal_power_pan(p);
    EXPECT_NEAR(gain.left * gain.left + gain.right * gain.right, 1.0, 1e-15);
  }
  EXPECT_NEAR(core::equal_power_pan(-1).right, 0, 1e-16);
  EXPECT_NEAR(core::equal_power_pan(1).left, 0, 1e-16);
}

TEST(VoiceBank, DoesNotDependOnBlocks) {
  const Stereo whole = concert(3000);
  for (const std::int64_t block : {1, 7, 63, 64, 65, 500, 1024, 1025})
    EXPECT_TRUE(concert(block) == whole) << "blocks of " << block;
}

TEST(VoiceBank, DoesNotDependOnThreads) {
  const Stereo all = concert(3000);
  Stereo one;
  core::on_one_thread([&] { one = concert(3000); });
  EXPECT_TRUE(all == one);
}

TEST(VoiceBank, MixesWhatItsPartsGive) {
  Band band;
  Stereo out{Signal(700), Signal(700)};
  band.bank.render(700, out.left.data(), out.right.data());
  std::vector<long double> left(700), right(700);
  for (int v = 0; v < 70; ++v) {
    if (v == 13) continue;
    Sampler sampler;
    sampler.start(band.tables[static_cast<std::size_t>(v % 3)], v % 5, 0.37 + 0.05 * v);
    sampler.set_interpolation(v % 2 == 0 ? Interpolation::linear : Interpolation::cubic);
    Signal x = read(sampler, 700);
    core::BiquadBank one(1);
    if (v % 3 != 0) one.set(0, Biquad::low_pass(0.1 + 0.02 * v, 0.9));
    one.apply(700, x.data(), 700);
    const core::StereoGain pan = core::equal_power_pan(v / 35.0 - 1);
    for (int t = 0; t < 700; ++t) {
      const long double gain = 0.01L * (v + 1) * std::min(1.0L, static_cast<long double>(t) / ramp);
      left[t] += gain * pan.left * x[t];
      right[t] += gain * pan.right * x[t];
    }
  }
  for (int t = 0; t < 700; ++t) {
    ASSERT_NEAR(out.left[t], static_cast<double>(left[t]), 1e-13);
    ASSERT_NEAR(out.right[t], static_cast<double>(right[t]), 1e-13);
  }
}

TEST(VoiceBank, GainsNeverJump) {
  const WaveTable ones(Signal(8, 1.0), Loop{0, 8});
  core::VoiceBank bank(1, ramp);
  bank.set_gain(0, 2.0);
  bank.play(0, ones, 0.5);
  Signal left(1000), right(1000);
  const double level = 2 * M_SQRT1_2, step = level / ramp + 1e-12;
  const auto check = [&](std::int64_t samples, double& before) {
    bank.render(samples, left.data(), right.data());
    for (std::int64_t t = 0; t < samples; ++t) {
      ASSERT_LE(std::abs(left[t] - before), step);
      before = left[t];
    }
  };
  double before = 0;
  check(1000, before);
  EXPECT_NEAR(before, level, 1e-15) << "reached, without rest";
  bank.set_gain(0, 0.0);
  check(37, before);
  bank.set_gain(0, 2.0);  // turned round on the way
  check(1000, before);
  EXPECT_NEAR(before, level, 1e-15);
  bank.set_gain(0, 0.0);
  check(1000, before);
  EXPECT_EQ(before, 0.0);
}

TEST(VoiceBank, RefusesWhatMakesNoSense) {
  EXPECT_THROW(core::VoiceBank(0, 1), InputError);
  EXPECT_THROW(core::VoiceBank(1, 0), InputError);
  core::VoiceBank bank(1, 1);
  EXPECT_THROW(bank.set_pan(0, 1.1), InputError);
  EXPECT_THROW(bank.set_gain(0, std::nan("")), InputError);
  Signal left(5, 1.0), right(5, 1.0);
  bank.render(5, left.data(), right.data());
  EXPECT_EQ(left, Signal(5, 0.0)) << "silent until something is played";
}

}  // namespace
}  // namespace ister::tests
