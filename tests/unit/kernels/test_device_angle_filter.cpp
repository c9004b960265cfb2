#include "core/base/error.hpp"
#include "core/kernels/device/angle_filter.hpp"
#include "core/kernels/device/arrays.hpp"
#include "core/kernels/device/wavevectors.hpp"
#include "tests/unit/kernels/angle_cases.hpp"

namespace ister::tests {
namespace {

using core::device::AngleFilter;
using core::device::array_of;

constexpr double nan = std::numeric_limits<double>::quiet_NaN(), infinity = HUGE_VAL;

Indices first_of(const AngleFilter::Indices& indices, std::int64_t count) {
  const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), indices);
  return {host.data(), host.data() + count};
}

Indices selected(const AngleFilter& filter, const std::vector<double>& angles) {
  const AngleFilter::Indices indices("indices", angles.size());
  return first_of(indices, filter.apply(array_of(angles), indices));
}

TEST(DeviceAngleFilter, AgreesWithLongDoubleWhateverTheRanges) {
  for (const AngleCase& c : random_angle_cases())
    EXPECT_EQ(selected(AngleFilter(angle_ranges(c.ranges, c.axial)), c.angles), c.inside) << c.angles.size();
}

// Down to the last place: ends, their neighbours, turns of them, and what is beyond the limit of the intervals.
TEST(DeviceAngleFilter, AgreesWithTheHostAtTheEnds) {
  for (const bool axial : {false, true}) {
    const std::vector<Ends> ends = {{0.1, 0.3}, {-10.7, 33.3}, {170.0, -170.0}, {359.9, 0.7}, {45.0, 45.0}};
    std::vector<double> angles = {nan, infinity, -infinity, 719.9, -720.0, 720.0, 5e7};
    for (const Ends& e : ends)
      for (const double end : {e.lower, e.upper})
        for (const double turn : {-1080.0, -720.0, -360.0, -180.0, 0.0, 180.0, 360.0, 720.0})
          for (const double to : {-infinity, end + turn, infinity}) angles.push_back(std::nextafter(end + turn, to));
    core::AngleFilter host(angle_ranges(ends, axial));
    Indices expected(angles.size());
    expected.resize(
        static_cast<std::size_t>(host.apply(angles.data(), static_cast<std::int64_t>(angles.size()), expected.data())));
    EXPECT_EQ(selected(AngleFilter(angle_ranges(ends, axial)), angles), expected);
  }
  EXPECT_EQ(selected(AngleFilter(angle_ranges({{0, 360}})), {nan, 5e7, infinity, 3.0}), (Indices{1, 3}));
}

TEST(DeviceAngleFilter, WritesWhatItReturnsAndNoMore) {
  const AngleFilter filter(angle_ranges({{0, 10}, {5, 15}, {170, -170}}));
  EXPECT_EQ(selected(filter, {}), Indices{});
  const std::vector<double> angles = {12.0, 90.0, 7.0, 180.0, 16.0};
  const AngleFilter::Indices indices("indices", angles.size());
  Kokkos::deep_copy(indices, -1);
  EXPECT_EQ(filter.apply(array_of(angles), indices), 3);
  EXPECT_EQ(first_of(indices, 5), (Indices{0, 2, 3, -1, -1}));
}

TEST(DeviceAngleFilter, EmptySelectionsAreErrorsOrAll) {
  const std::vector<double> angles = {1, 2, nan};
  const AngleFilter::Indices indices("indices", angles.size());
  const AngleFilter none(angle_ranges({{10, 20}})), one(angle_ranges({{2, 2}}));
  EXPECT_THROW((void)none.select(array_of(angles), indices, core::IfNone::error), InputError);
  const core::AngleSelection all = none.select(array_of(angles), indices, core::IfNone::all);
  EXPECT_TRUE(all.none_matched);
  EXPECT_EQ(first_of(indices, all.count), (Indices{0, 1, 2}));
  const core::AngleSelection some = one.select(array_of(angles), indices, core::IfNone::all);
  EXPECT_FALSE(some.none_matched);
  EXPECT_EQ(first_of(indices, some.count), Indices{1});
  EXPECT_THROW(AngleFilter({}), InputError);
}

TEST(DeviceWavevectors, AreSelectedByDirectionAndShell) {
  const auto kx = array_of<double>({1, 3, 0, -1, 0, 6, -3, 1}), ky = array_of<double>({0, 4, 1, 0, 0, 8, 4, 1});
  const core::DeviceArray angles("angles", kx.size());
  const AngleFilter::Indices indices("indices", kx.size());
  const auto in = [&](Ends ends) {
    return first_of(indices, AngleFilter(angle_ranges({ends})).apply(angles, indices));
  };
  core::device::wavevector_angles(kx, ky, array_of<core::Interval>({}), angles);
  EXPECT_EQ(in({0, 360}), (Indices{0, 1, 2, 3, 5, 6, 7})) << "k = 0 has no direction";
  EXPECT_EQ(in({44.9, 90.1}), (Indices{1, 2, 5, 7}));
  core::device::wavevector_angles(kx, ky, array_of<core::Interval>({{4.9, 5.1}, {9, 10.1}}), angles);
  EXPECT_EQ(in({0, 360}), (Indices{1, 5, 6}));
  EXPECT_EQ(in({0, 90}), (Indices{1, 5}));
}

}  // namespace
}  // namespace ister::tests
