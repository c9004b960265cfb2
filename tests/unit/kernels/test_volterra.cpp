#include "core/kernels/volterra/volterra.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "core/parallel/execution.hpp"
#include "tests/unit/core/refusal.hpp"
#include "tests/unit/kernels/volterra_cases.hpp"

namespace ister::tests {
namespace {

using namespace core;

constexpr VolterraEngine engines[] = {VolterraEngine::direct, VolterraEngine::fft};

/// A record of one channel, fed in blocks.
std::vector<double> in_blocks(Volterra& volterra, const std::vector<double>& x, std::int64_t block) {
  const auto samples = static_cast<std::int64_t>(x.size());
  std::vector<double> y(x.size());
  for (std::int64_t n = 0; n < samples; n += block) {
    const std::int64_t count = std::min(block, samples - n);
    volterra.apply(x.data() + n, y.data() + n, count, count);
  }
  return y;
}

TEST(Volterra, EnginesGiveTheSumsOfTheDefinition) {
  for (const bool second : {false, true})
    for (const std::int64_t taps : {1, 2, 7, 33, 64})
      for (const std::int64_t block : {1, 5, 16, 100}) {
        const VolterraKernel kernel = random_kernel(taps, 5, second, 10);
        const std::vector<double> x = normals(230, 3), expected = direct_response(kernel, x.data(), 230);
        for (const VolterraEngine engine : engines) {
          Volterra volterra(kernel, 1, block, engine);
          EXPECT_LT(relative_difference(in_blocks(volterra, x, block), expected), 1e-14) << taps << " " << block;
        }
      }
}

TEST(Volterra, EveryOrderCountsForItself) {
  const std::vector<double> x = normals(150, 4);
  for (int p = 1; p <= 5; ++p) {
    VolterraKernel kernel = random_kernel(20, p, false, 1);
    for (int q = 1; q < p; ++q) kernel.orders[q - 1].clear();
    for (const VolterraEngine engine : engines) {
      Volterra volterra(kernel, 1, 32, engine);
      EXPECT_LT(relative_difference(in_blocks(volterra, x, 32), direct_response(kernel, x.data(), 150)), 1e-14);
    }
  }
}

TEST(Volterra, TheAnswerDoesNotDependOnTheBlocks) {
  constexpr std::int64_t samples = 120;
  const VolterraKernel kernel = random_kernel(40, 5, true, 5);
  const std::vector<double> x = normals(samples, 6);
  for (const VolterraEngine engine : engines) {
    Volterra whole(kernel, 1, samples, engine);
    const std::vector<double> expected = in_blocks(whole, x, samples);
    for (std::int64_t block = 1; block <= samples; ++block) {
      Volterra sized(kernel, 1, block, engine), fixed(kernel, 1, 24, engine);
      EXPECT_LT(relative_difference(in_blocks(sized, x, block), expected), 1e-14) << block;
      EXPECT_LT(relative_difference(in_blocks(fixed, x, block), expected), 1e-14) << block;
    }
  }
}

TEST(Volterra, ChannelsDoNotMixAndThreadsDoNotMatter) {
  constexpr std::int64_t channels = 7, samples = 300, stride = 311;
  for (const VolterraEngine engine : engines) {
    const VolterraKernel kernel = random_kernel(50, 4, true, 7);
    const std::vector<double> x = normals(channels * stride, 8);
    std::vector<double> y(x.size(), -1.0), alone(x.size(), -1.0);
    Volterra volterra(kernel, channels, 64, engine);
    volterra.apply(x.data(), y.data(), samples, stride);
    volterra.reset();
    on_one_thread([&] { volterra.apply(x.data(), alone.data(), samples, stride); });
    EXPECT_EQ(y, alone);
    for (std::int64_t c = 0; c < channels; ++c) {
      const std::vector<double> row(y.begin() + c * stride, y.begin() + c * stride + samples);
      EXPECT_LT(relative_difference(row, direct_response(kernel, x.data() + c * stride, samples)), 1e-14);
      for (std::int64_t n = samples; n < stride; ++n) EXPECT_EQ(y[c * stride + n], -1.0);
    }
  }
}

TEST(Volterra, WorksInPlaceAndForgetsWhenReset) {
  const VolterraKernel kernel = random_kernel(30, 3, true, 9);
  const std::vector<double> x = normals(100, 10);
  for (const VolterraEngine engine : engines) {
    Volterra volterra(kernel, 1, 16, engine);
    const std::vector<double> first = in_blocks(volterra, x, 16);
    volterra.reset();
    std::vector<double> again = x;
    volterra.apply(again.data(), again.data(), 100, 100);
    EXPECT_LT(relative_difference(again, first), 1e-14);
    volterra.apply(nullptr, nullptr, 0, 0);
  }
}

TEST(Volterra, ConstantInputGivesThePolynomialOfTheSums) {
  const VolterraKernel kernel = random_kernel(32, 5, true, 11);
  const double level = 0.7;
  double expected = 0.0;
  for (std::size_t p = 0; p < 5; ++p)
    for (const double h : kernel.orders[p]) expected += h * std::pow(level, p + 1);
  for (const double h : kernel.second) expected += h * level * level;
  for (const VolterraEngine engine : engines) {
    Volterra volterra(kernel, 1, 50, engine);
    EXPECT_NEAR(in_blocks(volterra, std::vector<double>(200, level), 50).back(), expected, 1e-13 * std::abs(expected));
  }
}

// Samples of the segment before must not linger where the present one has not got to yet.
TEST(Volterra, ALoudPastLeavesNoRounding) {
  const VolterraKernel kernel = random_kernel(1, 5, false, 14);
  std::vector<double> x = normals(64, 15);
  for (int n = 0; n < 32; ++n) x[n] *= 1e4;
  Volterra volterra(kernel, 1, 32, VolterraEngine::fft);
  const std::vector<double> y = in_blocks(volterra, x, 8), expected = direct_response(kernel, x.data(), 64);
  EXPECT_LT(relative_difference({y.begin() + 32, y.end()}, {expected.begin() + 32, expected.end()}), 1e-14);
}

TEST(Volterra, AKernelOfZerosGivesZeros) {
  VolterraKernel kernel;
  kernel.taps = 4;
  for (const VolterraEngine engine : engines) {
    Volterra volterra(kernel, 1, 8, engine);
    EXPECT_EQ(in_blocks(volterra, normals(20, 1), 8), std::vector<double>(20, 0.0));
  }
}

TEST(Volterra, ChoosesByTheThreshold) {
  Thresholds thresholds;
  thresholds.volterra_fft_from = 40;
  const auto chosen = [&](std::int64_t taps, std::int64_t block) {
    return Volterra(random_kernel(taps, 2, false, 1), 1, block, VolterraEngine::automatic, thresholds).engine();
  };
  EXPECT_EQ(chosen(39, 512), VolterraEngine::direct);
  EXPECT_EQ(chosen(40, 512), VolterraEngine::fft);
  EXPECT_EQ(chosen(1000, 8), VolterraEngine::direct);
}

TEST(Volterra, RefusesNumbersThatAreNotFiniteAndGoesOn) {
  const VolterraKernel kernel = random_kernel(16, 3, true, 12);
  Volterra volterra(kernel, 2, 10, VolterraEngine::fft);
  std::vector<double> x = normals(60, 13), y(60);
  for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
    std::vector<double> broken = x;
    broken[30 + 4] = bad;
    EXPECT_TRUE(has(refusal([&] { volterra.apply(broken.data(), y.data(), 30, 30); }), "x[1][4]"));
  }
  volterra.apply(x.data(), y.data(), 30, 30);
  EXPECT_LT(relative_difference({y.begin(), y.begin() + 30}, direct_response(kernel, x.data(), 30)), 1e-14);
}

TEST(Volterra, RefusesKernelsThatDoNotFit) {
  const auto refused = [](const VolterraKernel& kernel, std::int64_t channels = 1, std::int64_t block = 8) {
    return refusal([&] { Volterra(kernel, channels, block); });
  };
  const VolterraKernel good = random_kernel(4, 2, true, 1);
  EXPECT_EQ(refused(good), "");
  EXPECT_TRUE(has(refused(good, 0), "0 channels"));
  EXPECT_TRUE(has(refused(good, 1, 0), "blocks of 0"));
  VolterraKernel kernel = good;
  kernel.taps = 0;
  EXPECT_TRUE(has(refused(kernel), "0 taps"));
  kernel = good;
  kernel.orders[1].pop_back();
  EXPECT_TRUE(has(refused(kernel), "order 2 has 3 values, expected are 4"));
  kernel = good;
  kernel.orders.resize(6);
  EXPECT_TRUE(has(refused(kernel), "order 6"));
  kernel = good;
  kernel.orders[0][2] = std::nan("");
  EXPECT_TRUE(has(refused(kernel), "order 1[2]"));
  kernel = good;
  kernel.second[1] += 1.0;
  EXPECT_TRUE(has(refused(kernel), "not symmetric"));
}

}  // namespace
}  // namespace ister::tests
