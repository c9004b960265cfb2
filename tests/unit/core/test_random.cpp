#include "core/base/random.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ister::tests {
namespace {

void expect_bits(const RandomBits& bits, std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d) {
  EXPECT_EQ(bits.a, a);
  EXPECT_EQ(bits.b, b);
  EXPECT_EQ(bits.c, c);
  EXPECT_EQ(bits.d, d);
}

// The known answers published with Random123.
TEST(Random, PhiloxGivesThePublishedAnswers) {
  expect_bits(philox({0, 0, 0, 0}, 0), 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
  const std::uint32_t ones = 0xffffffff;
  expect_bits(philox({ones, ones, ones, ones}, ~std::uint64_t{0}), 0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
  expect_bits(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0a4093822), 0xd16cfe09, 0x94fdcceb,
              0x5001e420, 0x24126ea1);
}

TEST(Random, UniformStaysInsideTheOpenInterval) {
  EXPECT_GT(uniform_from_bits(0, 0), 0.0);
  EXPECT_LT(uniform_from_bits(0xffffffff, 0xffffffff), 1.0);
}

TEST(Random, NormalsHaveTheMomentsOfTheNormalDistribution) {
  const int count = 200000;
  double mean = 0, square = 0, fourth = 0, cross = 0;
  for (int i = 0; i < count; ++i) {
    const RandomPair pair = random_normals(7, {static_cast<std::uint64_t>(i), 2, 3});
    for (const double x : {pair.first, pair.second}) {
      mean += x / (2 * count);
      square += x * x / (2 * count);
      fourth += x * x * x * x / (2 * count);
    }
    cross += pair.first * pair.second / count;
  }
  const double sigma = 1.0 / std::sqrt(2.0 * count);  // of the mean
  EXPECT_NEAR(mean, 0.0, 5 * sigma);
  EXPECT_NEAR(square, 1.0, 5 * std::sqrt(2.0) * sigma);
  EXPECT_NEAR(fourth, 3.0, 5 * std::sqrt(96.0) * sigma);
  EXPECT_NEAR(cross, 0.0, 5 * std::sqrt(2.0) * sigma);
}

TEST(Random, EveryPartOfTheCounterMatters) {
  const double reference = random_uniforms(1, {5, 6, 7}).first;
  EXPECT_EQ(random_uniforms(1, {5, 6, 7}).first, reference);
  EXPECT_NE(random_uniforms(2, {5, 6, 7}).first, reference);
  EXPECT_NE(random_uniforms(1, {5 + (std::uint64_t{1} << 32), 6, 7}).first, reference);
  EXPECT_NE(random_uniforms(1, {5, 8, 7}).first, reference);
  EXPECT_NE(random_uniforms(1, {5, 6, 8}).first, reference);
}

}  // namespace
}  // namespace ister::tests
