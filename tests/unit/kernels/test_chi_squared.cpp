#include "core/kernels/homodyne/chi_squared.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "tests/unit/core/refusal.hpp"

namespace ister::tests {
namespace {

using namespace core;

struct Points {
  HostArray observed, expected, sigma;

  explicit Points(std::size_t count) : observed("o", count), expected("e", count), sigma("s", count) {
    std::mt19937_64 generator(5);
    std::uniform_real_distribution<double> uniform(0.5, 2.0);
    for (std::size_t i = 0; i < count; ++i) {
      observed(i) = uniform(generator);
      expected(i) = uniform(generator);
      sigma(i) = uniform(generator);
    }
  }
  static ChiSquared::Values device(const HostArray& array) {
    return Kokkos::create_mirror_view_and_copy(Memory(), array);
  }
  [[nodiscard]] double weighted() const {
    return ChiSquared(static_cast<std::int64_t>(observed.size()))(device(observed), device(expected), device(sigma));
  }
  [[nodiscard]] double plain(double one_sigma) const {
    return ChiSquared(static_cast<std::int64_t>(observed.size()))(device(observed), device(expected), one_sigma);
  }
  [[nodiscard]] double pearson() const {
    return ChiSquared(static_cast<std::int64_t>(observed.size())).pearson(device(observed), device(expected));
  }
};

TEST(ChiSquared, AgreesWithLongDouble) {
  for (const std::size_t count : {0u, 1u, 7u, 16383u, 16384u, 16385u, 50001u}) {
    const Points p(count);
    long double weighted = 0, plain = 0, pearson = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const long double d = static_cast<long double>(p.observed(i)) - p.expected(i);
      weighted += d * d / (static_cast<long double>(p.sigma(i)) * p.sigma(i));
      plain += d * d / 4;
      pearson += d * d / p.expected(i);
    }
    EXPECT_NEAR(p.weighted(), static_cast<double>(weighted), 1e-13 * weighted);
    EXPECT_NEAR(p.plain(2.0), static_cast<double>(plain), 1e-13 * plain);
    EXPECT_NEAR(p.pearson(), static_cast<double>(pearson), 1e-13 * pearson);
  }
}

TEST(ChiSquared, ThreadsChangeNoBit) {
  const Points p(100003);
  double alone = 0.0;
  on_one_thread([&] { alone = p.weighted(); });
  EXPECT_EQ(p.weighted(), alone);
}

TEST(ChiSquared, RefusesBadInput) {
  const double nan = std::nan("");
  Points p(5000);
  p.sigma(4321) = 0.0;
  EXPECT_TRUE(has(refusal([&] { (void)p.weighted(); }), "sigma[4321] = 0"));
  p.sigma(4321) = -1.0;
  EXPECT_TRUE(has(refusal([&] { (void)p.weighted(); }), "sigma[4321] = -1"));
  p.sigma(4321) = nan;
  EXPECT_TRUE(has(refusal([&] { (void)p.weighted(); }), "sigma[4321] = nan"));
  p.sigma(4321) = 1.0;
  p.observed(17) = nan;
  EXPECT_TRUE(has(refusal([&] { (void)p.weighted(); }), "observed[17] = nan"));
  EXPECT_TRUE(has(refusal([&] { (void)p.plain(1.0); }), "observed[17] = nan"));
  EXPECT_TRUE(has(refusal([&] { (void)p.pearson(); }), "observed[17] = nan"));
  p.observed(17) = 1.0;
  p.expected(2) = -0.5;
  EXPECT_TRUE(has(refusal([&] { (void)p.pearson(); }), "expected[2] = -0.5"));
  EXPECT_EQ(refusal([&] { (void)p.plain(1.0); }), "");
  p.expected(2) = INFINITY;
  EXPECT_TRUE(has(refusal([&] { (void)p.plain(1.0); }), "expected[2] = inf"));
  EXPECT_TRUE(has(refusal([&] { (void)p.plain(0.0); }), "sigma = 0"));
  EXPECT_TRUE(has(refusal([&] { (void)p.plain(nan); }), "sigma = nan"));
  const Points other(10);
  EXPECT_TRUE(has(refusal([&] {
                    ChiSquared sum(5000);
                    (void)sum(Points::device(p.observed), Points::device(other.expected), Points::device(p.sigma));
                  }),
                  "10 values of expected where there have to be 5000"));
}

}  // namespace
}  // namespace ister::tests
