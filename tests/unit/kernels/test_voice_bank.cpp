#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <limits>

#include "core/kernels/sound/biquad_bank.hpp"
#include "core/kernels/sound/pan.hpp"
#include "tests/unit/kernels/voice_cases.hpp"

namespace ister::tests {
namespace {

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

template <class Place>
class VoiceBank : public testing::Test {};

struct PlaceNames {
  template <class Place>
  static std::string GetName(int /*index*/) {  // NOLINT(readability-identifier-naming)
    return std::is_same_v<Place, OnHost> ? "host" : "device";
  }
};
using Places = testing::Types<OnHost, OnDevice>;
TYPED_TEST_SUITE(VoiceBank, Places, PlaceNames);

TYPED_TEST(VoiceBank, DoesNotDependOnBlocks) {
  const Stereo whole = concert<TypeParam>(3000);
  for (const std::int64_t block : {1, 7, 63, 64, 65, 500, 1024, 1025})
    EXPECT_TRUE(concert<TypeParam>(block) == whole) << "blocks of " << block;
}

TYPED_TEST(VoiceBank, DoesNotDependOnThreads) {
  const Stereo all = concert<TypeParam>(3000);
  Stereo one;
  core::on_one_thread([&] { one = concert<TypeParam>(3000); });
  EXPECT_TRUE(all == one);
}

TYPED_TEST(VoiceBank, MixesWhatItsPartsGive) {
  Band<TypeParam> band;
  Stereo out{Signal(700), Signal(700)};
  render(band.bank, 700, out.left.data(), out.right.data());
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

TYPED_TEST(VoiceBank, GainsNeverJump) {
  const typename TypeParam::Table ones(WaveTable(Signal(8, 1.0), Loop{0, 8}));
  typename TypeParam::Bank bank(1, ramp);
  bank.set_gain(0, 2.0);
  bank.play(0, ones, 0.5);
  Signal left(1000), right(1000);
  const double level = 2 * M_SQRT1_2, step = level / ramp + 1e-12;
  const auto check = [&](std::int64_t samples, double& before) {
    render(bank, samples, left.data(), right.data());
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

TYPED_TEST(VoiceBank, RefusesWhatMakesNoSense) {
  using Bank = typename TypeParam::Bank;
  EXPECT_THROW(Bank(0, 1), InputError);
  EXPECT_THROW(Bank(1, 0), InputError);
  Bank bank(1, 1);
  EXPECT_THROW(bank.set_pan(0, 1.1), InputError);
  EXPECT_THROW(bank.set_gain(0, std::nan("")), InputError);
  Signal left(5, 1.0), right(5, 1.0);
  render(bank, 5, left.data(), right.data());
  EXPECT_EQ(left, Signal(5, 0.0)) << "silent until something is played";
}

}  // namespace
}  // namespace ister::tests
