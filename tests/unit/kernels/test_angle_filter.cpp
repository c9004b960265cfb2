#include "core/kernels/angles/angle_filter.hpp"

#include "core/base/error.hpp"
#include "core/kernels/angles/wavevectors.hpp"
#include "tests/unit/kernels/angle_cases.hpp"

namespace ister::tests {
namespace {

using core::AngleEngine;
using core::AngleFilter;
using core::AngleRange;

constexpr AngleEngine every_engine[] = {AngleEngine::automatic, AngleEngine::scalar, AngleEngine::vector,
                                        AngleEngine::parallel};
constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = HUGE_VAL;

AngleFilter filter(const std::vector<Ends>& ranges, bool axial = false, AngleEngine engine = AngleEngine::automatic) {
  return AngleFilter(angle_ranges(ranges, axial), engine);
}

Indices selected(AngleFilter filter, const std::vector<double>& angles) {
  Indices indices(angles.size());
  indices.resize(
      static_cast<std::size_t>(filter.apply(angles.data(), static_cast<std::int64_t>(angles.size()), indices.data())));
  return indices;
}

TEST(AngleFilter, AgreesWithLongDoubleWhateverTheRangesAndEngine) {
  for (const AngleCase& c : random_angle_cases())
    for (const AngleEngine engine : every_engine)
      EXPECT_EQ(selected(filter(c.ranges, c.axial, engine), c.angles), c.inside)
          << c.angles.size() << " angles, engine " << static_cast<int>(engine);
}

TEST(AngleFilter, IncludesTheEndsAndTheirTurnsHoweverTheyRound) {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> any(-360.0, 360.0);
  for (int trial = 0; trial < 3000; ++trial) {
    // Decimal fractions, as users write them, random bits, and numbers that vanish beside a turn.
    double lower = any(random), upper = any(random);
    if (trial % 3 == 0) lower = std::round(10 * lower) / 10, upper = std::round(100 * upper) / 100;
    if (trial % 50 == 0) lower = 1e-20 * lower, upper = 1e-18 * std::abs(upper);
    if (trial % 11 == 0) upper = lower;
    const bool axial = trial % 2 == 1;
    std::vector<double> angles;
    for (const double end : {lower, upper})
      for (const double turn : {-360.0, 0.0, 360.0}) angles.push_back(end + turn);
    for (const double end : {lower, upper})
      for (const double turn : {-180.0, 180.0})
        if (axial) angles.push_back(end + turn);
    while (angles.size() < 70) angles.push_back(angles[angles.size() % 6]);
    for (const AngleEngine engine : every_engine)
      EXPECT_EQ(selected(filter({{lower, upper}}, axial, engine), angles).size(), angles.size())
          << lower << ":" << upper << (axial ? " axial" : "");
  }
  // An angle to which the end comes back only after rounding.
  EXPECT_EQ(selected(filter({{360.1, 361.0}}), {0.1, 1.0, 0.0}), (Indices{0, 1}));
}

TEST(AngleFilter, ExcludesWhatIsJustBeyondTheEnds) {
  const auto above = [](double x) { return std::nextafter(x, infinity); };
  const auto below = [](double x) { return std::nextafter(x, -infinity); };
  const std::vector<double> angles = {above(10.0), below(0.0), above(370.0), below(-360.0), 10.0, 0.0};
  for (const AngleEngine engine : every_engine)
    EXPECT_EQ(selected(filter({{0.0, 10.0}}, false, engine), {above(10.0), 10.0, 350.0, -1e-9, 1e-9}), (Indices{1, 4}));
  // The intervals hold what the definition accepts, up to their last double.
  for (const Ends ends :
       {Ends{0.1, 0.3}, Ends{-10.7, 33.3}, Ends{179.9, -179.9}, Ends{359.9, 0.7}, Ends{-370.3, -359.9}})
    for (const bool axial : {false, true}) {
      const AngleRange range(ends.lower, ends.upper, axial);
      std::vector<core::Interval> intervals;
      range.append_intervals(720.0, intervals);
      ASSERT_GE(intervals.size(), 4U);
      for (const core::Interval& i : intervals) {
        EXPECT_TRUE(range.contains(i.lower) && range.contains(i.upper));
        EXPECT_FALSE(range.contains(below(i.lower)) || range.contains(above(i.upper)));
      }
    }
  EXPECT_LT(selected(filter({{0.0, 10.0}}), angles).size(), angles.size());
}

TEST(AngleFilter, RunsThroughTheEndOfTheCircle) {
  const std::vector<double> angles = {-180, -175, -170, -169.9, 0, 169.9, 170, 175, 180, 185, 190, 190.1, 530, -190};
  const Indices through = {0, 1, 2, 6, 7, 8, 9, 10, 12, 13};
  for (const AngleEngine engine : every_engine) {
    EXPECT_EQ(selected(filter({{170, -170}}, false, engine), angles), through);
    EXPECT_EQ(selected(filter({{170, 190}}, false, engine), angles), through);
    EXPECT_EQ(selected(filter({{-190, -170}, {175, 185}, {180, 180}}, false, engine), angles), through)
        << "each index once";
  }
}

TEST(AngleFilter, FoldsAxes) {
  const std::vector<double> angles = {-180, -170, -100, -90, -80, -10, 0, 10, 80, 90, 100, 170, 180, 270, 360};
  for (const AngleEngine engine : every_engine) {
    EXPECT_EQ(selected(filter({{85, 95}}, true, engine), angles), (Indices{3, 9, 13}));
    EXPECT_EQ(selected(filter({{170, -170}}, true, engine), angles), (Indices{0, 1, 5, 6, 7, 11, 12, 14}));
    EXPECT_EQ(selected(filter({{-90, 90}}, true, engine), angles).size(), angles.size());
  }
}

TEST(AngleFilter, TakesAllInAWholeTurnButNothingThatIsNotFinite) {
  const std::vector<double> angles = {nan, -1e5, 0, 123.4, infinity, 5e7, -infinity, nan, 720};
  for (const AngleEngine engine : every_engine)
    for (const Ends ends : {Ends{0, 360}, Ends{-180, 180}, Ends{-500, 500}})
      EXPECT_EQ(selected(filter({ends}, false, engine), angles), (Indices{1, 2, 3, 5, 8}));
  EXPECT_TRUE(selected(filter({{0, 359}}), {359.5, nan}).empty());
}

TEST(AngleFilter, GivesTheSameForEverySizeAndAlignment) {
  std::mt19937_64 random(3);
  std::uniform_real_distribution<double> any(-180.0, 360.0);
  std::vector<double> angles(2200);
  for (double& a : angles) a = std::round(any(random));  // many on the ends
  const std::vector<Ends> ranges = {{-10, 10}, {80, 100}, {170, -170}, {260, 280}, {30, 30}};
  AngleFilter scalar = filter(ranges, false, AngleEngine::scalar), vector = filter(ranges, false, AngleEngine::vector),
              parallel = filter(ranges, false, AngleEngine::parallel);
  for (std::int64_t count = 0; count < 2200; count += count < 100 ? 1 : 67)
    for (const std::int64_t start : {0, 3}) {
      Indices a(static_cast<std::size_t>(count)), b = a, c = a;
      const std::int64_t n = std::max<std::int64_t>(count - start, 0);
      a.resize(static_cast<std::size_t>(scalar.apply(angles.data() + start, n, a.data())));
      b.resize(static_cast<std::size_t>(vector.apply(angles.data() + start, n, b.data())));
      c.resize(static_cast<std::size_t>(parallel.apply(angles.data() + start, n, c.data())));
      ASSERT_EQ(a, b) << count;
      ASSERT_EQ(a, c) << count;
    }
}

TEST(IntervalBins, FindWidthsWithWhichIntervalsDoNotMeet) {
  const core::Interval circle{-180, 180};
  core::IntervalBins bins;
  for (const double gap : {10.0, 6.0, 90.0}) {
    bins.build(circle, {{-10, 10}, {10 + gap, 20 + gap}, {170, 180}});
    ASSERT_TRUE(bins.usable()) << gap;
    for (const double x : {-180.0, -10.0, 10.0, 10 + gap, 20 + gap, 170.0, 180.0, 0.0, 10 + 0.5 * gap}) {
      const double bin = std::fma(x, bins.scale(), bins.offset()) - core::IntervalBins::rounder;
      ASSERT_TRUE(bin >= 0 && bin < core::IntervalBins::bins) << x;
      const auto b = static_cast<std::size_t>(bin);
      const bool inside = std::abs(x) <= 10 || (x >= 10 + gap && x <= 20 + gap) || x >= 170;
      EXPECT_EQ(x >= bins.lower()[b] && x <= bins.upper()[b], inside) << x;
    }
  }
  bins.build(circle, {{0, 1}, {2, 3}, {4, 5}});
  EXPECT_FALSE(bins.usable());
}

TEST(AngleFilter, WritesNothingBeyondItsRoom) {
  const std::vector<double> angles(1000, 5.0);
  for (const AngleEngine engine : every_engine)
    for (const std::int64_t count : {0, 1, 7, 8, 31, 33, 512, 1000}) {
      Indices indices(static_cast<std::size_t>(count) + 8, -1);
      EXPECT_EQ(filter({{0, 10}}, false, engine).apply(angles.data(), count, indices.data()), count);
      for (std::size_t i = static_cast<std::size_t>(count); i < indices.size(); ++i) EXPECT_EQ(indices[i], -1);
    }
}

TEST(AngleFilter, EmptySelectionsAreErrorsOrAll) {
  AngleFilter none = filter({{10, 20}});
  const std::vector<double> angles = {1, 2, nan};
  Indices indices(3);
  EXPECT_THROW(none.select(angles.data(), 3, indices.data(), core::IfNone::error), InputError);
  const core::AngleSelection all = none.select(angles.data(), 3, indices.data(), core::IfNone::all);
  EXPECT_TRUE(all.none_matched);
  EXPECT_EQ(all.count, 3);
  EXPECT_EQ(indices, (Indices{0, 1, 2}));
  EXPECT_FALSE(filter({{1, 1}}).select(angles.data(), 3, indices.data(), core::IfNone::all).none_matched);
}

TEST(AngleFilter, RefusesRangesThatMakeNoSense) {
  EXPECT_THROW(AngleFilter({}), InputError);
  EXPECT_THROW(AngleRange(nan, 1), InputError);
  EXPECT_THROW(AngleRange(0, infinity), InputError);
  EXPECT_THROW(AngleRange(-2e6, 0), InputError);
}

TEST(Wavevectors, AreSelectedByDirectionAndShell) {
  const std::vector<double> kx = {1, 3, 0, -1, 0, 6, -3, 1}, ky = {0, 4, 1, 0, 0, 8, 4, 1};
  std::vector<double> angles(kx.size());
  const auto count = static_cast<std::int64_t>(kx.size());
  core::wavevector_angles(kx.data(), ky.data(), count, {}, angles.data());
  EXPECT_EQ(angles[0], 0.0);
  EXPECT_EQ(angles[2], 90.0);
  EXPECT_EQ(angles[3], 180.0);
  EXPECT_EQ(angles[7], 45.0);
  EXPECT_TRUE(std::isnan(angles[4])) << "k = 0 has no direction";
  EXPECT_EQ(selected(filter({{45, 90}}), angles), (Indices{1, 2, 5, 7}));
  core::wavevector_angles(kx.data(), ky.data(), count, {{5, 5}, {9, 10}}, angles.data());
  EXPECT_EQ(selected(filter({{0, 360}}), angles), (Indices{1, 5, 6})) << "|k| at an end is in the shell";
  EXPECT_EQ(selected(filter({{0, 90}}), angles), (Indices{1, 5}));
}

}  // namespace
}  // namespace ister::tests
