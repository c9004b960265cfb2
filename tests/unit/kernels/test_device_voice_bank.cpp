#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/kernels/sound/biquad_bank.hpp"
#include "tests/unit/kernels/voice_cases.hpp"

// What banks of voices have in common is tested in test_voice_bank.cpp.

namespace ister::tests {
namespace {

using core::Biquad;
using core::device::BiquadBank;

TEST(DeviceVoiceBank, SoundsLikeThatOfTheHost) {
  const Stereo device = concert<OnDevice>(3000), host = concert<OnHost>(3000);
  double largest = 0;
  for (const double x : host.left) largest = std::max(largest, std::abs(x));
  for (std::size_t t = 0; t < 3000; ++t) {
    ASSERT_NEAR(device.left[t], host.left[t], 1e-14 * largest) << t;
    ASSERT_NEAR(device.right[t], host.right[t], 1e-14 * largest) << t;
  }
}

TEST(DeviceVoiceBank, WritesNothingBehindItsSamples) {
  Band<OnDevice> band;
  const core::DeviceArray left("left", 20), right("right", 20);
  Kokkos::deep_copy(left, 7.0);
  Kokkos::deep_copy(right, 7.0);
  band.bank.render(0, left, right);
  band.bank.render(15, left, right);
  const auto l = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), left);
  const auto r = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), right);
  for (std::size_t t = 15; t < 20; ++t) EXPECT_TRUE(l(t) == 7.0 && r(t) == 7.0);
}

constexpr std::int64_t channels = 37, samples = 300;

/// Signals as (channel, time), in either layout.
template <class Layout>
struct Channels {
  Kokkos::View<double**, Layout, core::Memory> device{"channels", channels, samples};
  Kokkos::View<double**, Layout, Kokkos::HostSpace> host = Kokkos::create_mirror_view(Kokkos::HostSpace(), device);

  explicit Channels(const Signal& x) {
    for (std::int64_t c = 0; c < channels; ++c)
      for (std::int64_t t = 0; t < samples; ++t) host(c, t) = x[static_cast<std::size_t>(c * samples + t)];
    Kokkos::deep_copy(device, host);
  }
  void filter(BiquadBank& bank, std::int64_t begin, std::int64_t end) {
    bank.apply(Kokkos::subview(device, Kokkos::ALL, std::make_pair(begin, end)));
  }
  Signal result() {
    Kokkos::deep_copy(host, device);
    Signal y;
    for (std::int64_t c = 0; c < channels; ++c)
      for (std::int64_t t = 0; t < samples; ++t) y.push_back(host(c, t));
    return y;
  }
};

Biquad filter_of(std::int64_t channel) { return Biquad::low_pass(0.05 + 0.07 * static_cast<double>(channel), 1.3); }

/// A filter of its own for every channel, another one for channel 3 from sample 100 on; channel 5 forgets its past at
/// sample 150, all do at sample 200.
template <class Layout>
Signal filtered(const Signal& x, std::int64_t block) {
  Channels<Layout> signals(x);
  BiquadBank bank(channels);
  for (std::int64_t c = 0; c < channels; ++c) bank.set(c, filter_of(c));
  const auto pass = [&](std::int64_t from, std::int64_t to) {
    for (; from < to; from += block) signals.filter(bank, from, std::min(from + block, to));
  };
  pass(0, 100);
  bank.set(3, Biquad::high_pass(0.3, 2.0));
  pass(100, 150);
  bank.clear(5);
  pass(150, 200);
  bank.clear();
  pass(200, samples);
  return signals.result();
}

TEST(DeviceBiquadBank, FiltersEveryChannelAsTheRecursionSays) {
  const Signal x = noise(channels * samples, 4);
  const Signal y = filtered<Kokkos::LayoutLeft>(x, samples);
  for (std::int64_t c = 0; c < channels; ++c) {
    Biquad f = filter_of(c);
    long double s1 = 0, s2 = 0;
    for (std::int64_t t = 0; t < samples; ++t) {
      if (c == 3 && t == 100) f = Biquad::high_pass(0.3, 2.0);
      if ((c == 5 && t == 150) || t == 200) s1 = s2 = 0;
      const long double now = x[c * samples + t], expected = f.b0 * now + s1;
      s1 = f.b1 * now - f.a1 * expected + s2;
      s2 = f.b2 * now - f.a2 * expected;
      ASSERT_NEAR(y[c * samples + t], static_cast<double>(expected), 1e-13) << "channel " << c << ", t " << t;
    }
  }
}

TEST(DeviceBiquadBank, DoesNotDependOnBlocksLayoutsOrThreads) {
  const Signal x = noise(channels * samples, 4);
  const Signal whole = filtered<Kokkos::LayoutLeft>(x, samples);
  EXPECT_EQ(filtered<Kokkos::LayoutRight>(x, samples), whole);
  for (const std::int64_t block : {1, 5, 8, 63, 99}) EXPECT_EQ(filtered<Kokkos::LayoutLeft>(x, block), whole) << block;
  Signal one;
  core::on_one_thread([&] { one = filtered<Kokkos::LayoutLeft>(x, samples); });
  EXPECT_EQ(one, whole);
}

TEST(DeviceBiquadBank, FiltersLikeThatOfTheHost) {
  Signal x = noise(channels * samples, 4);
  Channels<Kokkos::LayoutRight> signals(x);
  BiquadBank device(channels);
  core::BiquadBank host(channels);
  for (std::int64_t c = 0; c < channels; ++c) {
    device.set(c, filter_of(c));
    host.set(c, filter_of(c));
  }
  signals.filter(device, 0, samples);
  host.apply(samples, x.data(), samples);
  const Signal y = signals.result();
  for (std::size_t i = 0; i < x.size(); ++i) ASSERT_NEAR(y[i], x[i], 1e-14);
  EXPECT_THROW(BiquadBank(0), InputError);
}

}  // namespace
}  // namespace ister::tests
