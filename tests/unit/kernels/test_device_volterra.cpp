#include "core/kernels/device/volterra.hpp"

#include <limits>

#include "tests/unit/core/refusal.hpp"
#include "tests/unit/kernels/volterra_cases.hpp"

namespace ister::core {
namespace {

using Record = std::vector<double>;
using Samples = device::Volterra::Samples;

constexpr VolterraEngine engines[] = {VolterraEngine::direct, VolterraEngine::fft};

/// Rows of an array that is `gap` wider than they are, and holds -1 there.
Samples array_of_rows(const std::vector<Record>& rows, std::size_t gap = 0) {
  const std::size_t samples = rows.front().size();
  const Samples wide("samples", rows.size(), samples + gap);
  const auto wide_h = Kokkos::create_mirror_view(wide);
  for (std::size_t c = 0; c < rows.size(); ++c)
    for (std::size_t n = 0; n < samples + gap; ++n) wide_h(c, n) = n < samples ? rows[c][n] : -1.0;
  Kokkos::deep_copy(wide, wide_h);
  return wide;
}

Samples columns(const Samples& all, std::size_t begin, std::size_t end) {
  return Kokkos::subview(all, Kokkos::ALL, std::make_pair(begin, end));
}

std::vector<Record> rows_of(const Samples& array) {
  const auto array_h = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), array);
  std::vector<Record> rows;
  for (std::size_t c = 0; c < array.extent(0); ++c) rows.emplace_back(&array_h(c, 0), &array_h(c, 0) + array.extent(1));
  return rows;
}

/// The response to records that are fed in blocks of the given sizes, over and over again.
std::vector<Record> response(device::Volterra& volterra, const std::vector<Record>& records,
                             const std::vector<std::size_t>& blocks) {
  const std::size_t samples = records.front().size();
  const Samples x = array_of_rows(records), y("y", records.size(), samples);
  for (std::size_t n = 0, i = 0; n < samples; ++i) {
    const std::size_t end = std::min(samples, n + blocks[i % blocks.size()]);
    volterra.apply(columns(x, n, end), columns(y, n, end));
    n = end;
  }
  return rows_of(y);
}

double difference_from_definition(const VolterraKernel& kernel, const std::vector<Record>& x,
                                  const std::vector<Record>& y) {
  double worst = 0.0;
  for (std::size_t c = 0; c < x.size(); ++c)
    worst = std::max(
        worst, relative_difference(y[c], direct_response(kernel, x[c].data(), static_cast<std::int64_t>(x[c].size()))));
  return worst;
}

TEST(DeviceVolterra, EnginesGiveTheSumsOfTheDefinition) {
  const std::vector<Record> x = {normals(230, 3), normals(230, 4)};
  for (const bool second : {false, true})
    for (const std::int64_t taps : {1, 2, 7, 33, 64})
      for (const std::int64_t block : {1, 5, 16, 100})
        for (const VolterraEngine engine : engines) {
          const VolterraKernel kernel = random_kernel(taps, 5, second, 10);
          device::Volterra volterra(kernel, 2, block, engine);
          EXPECT_LT(difference_from_definition(kernel, x, response(volterra, x, {3, 70, 1, 16})), 1e-14)
              << taps << " " << block;
        }
}

TEST(DeviceVolterra, EveryOrderCountsForItself) {
  const std::vector<Record> x = {normals(150, 4)};
  for (int p = 1; p <= 6; ++p) {  // the sixth is h2 alone
    VolterraKernel kernel = random_kernel(20, std::min(p, 5), p == 6, 1);
    for (int q = 1; q < p; ++q) kernel.orders[q - 1].clear();
    for (const VolterraEngine engine : engines) {
      device::Volterra volterra(kernel, 1, 32, engine);
      EXPECT_LT(difference_from_definition(kernel, x, response(volterra, x, {32})), 1e-14) << p;
    }
  }
}

TEST(DeviceVolterra, TheAnswerDoesNotDependOnTheBlocks) {
  constexpr std::size_t samples = 120;
  const VolterraKernel kernel = random_kernel(40, 5, true, 5);
  const std::vector<Record> x = {normals(samples, 6)};
  for (const VolterraEngine engine : engines) {
    device::Volterra whole(kernel, 1, samples, engine);
    const Record expected = response(whole, x, {samples}).front();
    for (std::size_t block = 1; block <= samples; block += block < 30 ? 1 : 6) {
      device::Volterra sized(kernel, 1, static_cast<std::int64_t>(block), engine), fixed(kernel, 1, 24, engine);
      for (device::Volterra* cut : {&sized, &fixed}) {
        const Record y = response(*cut, x, {block}).front();
        const double allowed = engine == VolterraEngine::direct ? 0.0 : 1e-14;
        EXPECT_LE(relative_difference(y, expected), allowed) << block;
      }
    }
  }
}

TEST(DeviceVolterra, AgreesWithTheHost) {
  constexpr std::int64_t channels = 3, samples = 400;
  const VolterraKernel kernel = random_kernel(90, 5, true, 7);
  const Record all = normals(channels * samples, 8);
  Record expected(all.size());
  Volterra(kernel, channels, 64).apply(all.data(), expected.data(), samples, samples);
  std::vector<Record> x;
  for (std::int64_t c = 0; c < channels; ++c) x.emplace_back(&all[c * samples], &all[c * samples] + samples);
  for (const VolterraEngine engine : engines) {
    device::Volterra volterra(kernel, channels, 64, engine);
    const std::vector<Record> y = response(volterra, x, {100});
    for (std::int64_t c = 0; c < channels; ++c)
      EXPECT_LT(relative_difference(y[c], {&expected[c * samples], &expected[c * samples] + samples}), 1e-14);
  }
}

TEST(DeviceVolterra, ChannelsDoNotMixAndThreadsDoNotMatter) {
  const VolterraKernel kernel = random_kernel(50, 4, true, 7);
  std::vector<Record> x;
  for (const double loudness : {1.0, 1e6, 1e-6, 1e3, 0.0}) {
    x.push_back(normals(300, 8 + x.size()));
    for (double& v : x.back()) v *= loudness;
  }
  const Samples wide = array_of_rows(x, 11), out = array_of_rows(x, 11);
  const std::vector<Record> before = rows_of(out);
  for (const VolterraEngine engine : engines) {
    device::Volterra volterra(kernel, 5, 64, engine);
    volterra.apply(columns(wide, 0, 300), columns(out, 0, 300));
    std::vector<Record> y = rows_of(out);
    for (std::size_t c = 0; c < 5; ++c) {
      EXPECT_TRUE(std::equal(y[c].begin() + 300, y[c].end(), before[c].begin() + 300)) << "between the rows";
      y[c].resize(300);
    }
    EXPECT_EQ(y.back(), Record(300, 0.0));
    y.pop_back();
    EXPECT_LT(difference_from_definition(kernel, {x.begin(), x.end() - 1}, y), 1e-14);
    const std::vector<Record> together = rows_of(out);
    volterra.reset();
    on_one_thread([&] { volterra.apply(columns(wide, 0, 300), columns(out, 0, 300)); });
    EXPECT_EQ(rows_of(out), together);
  }
}

TEST(DeviceVolterra, WorksInPlaceAndForgetsWhenReset) {
  const VolterraKernel kernel = random_kernel(30, 3, true, 9);
  const std::vector<Record> x = {normals(100, 10), normals(100, 11)};
  for (const VolterraEngine engine : engines) {
    device::Volterra volterra(kernel, 2, 16, engine);
    const std::vector<Record> first = response(volterra, x, {100});
    const Samples none("none", 2, 0), again = array_of_rows(x);
    volterra.apply(none, none);
    volterra.reset();
    volterra.apply(again, again);
    EXPECT_EQ(rows_of(again), first);
  }
}

// Samples of the blocks before must not linger behind those of a short one.
TEST(DeviceVolterra, ALoudPastLeavesNoRounding) {
  const VolterraKernel kernel = random_kernel(1, 5, false, 14);
  std::vector<Record> x = {normals(64, 15)};
  for (int n = 0; n < 32; ++n) x[0][n] *= 1e4;
  device::Volterra volterra(kernel, 1, 32, VolterraEngine::fft);
  const Record y = response(volterra, x, {32, 8, 8, 8, 8}).front(), expected = direct_response(kernel, x[0].data(), 64);
  EXPECT_LT(relative_difference({y.begin() + 32, y.end()}, {expected.begin() + 32, expected.end()}), 1e-14);
}

TEST(DeviceVolterra, AKernelOfZerosGivesZeros) {
  VolterraKernel kernel;
  kernel.taps = 4;
  for (const VolterraEngine engine : engines) {
    device::Volterra volterra(kernel, 1, 8, engine);
    EXPECT_EQ(response(volterra, {normals(20, 1)}, {8}).front(), Record(20, 0.0));
  }
}

TEST(DeviceVolterra, RefusesNumbersThatAreNotFiniteAndGoesOn) {
  const VolterraKernel kernel = random_kernel(16, 3, true, 12);
  const std::vector<Record> x = {normals(60, 13), normals(60, 14)};
  for (const VolterraEngine engine : engines) {
    device::Volterra volterra(kernel, 2, 10, engine);
    const std::vector<Record> begin = response(volterra, {Record(5, 0.5), Record(5, -0.5)}, {5});
    for (const double bad : {std::nan(""), std::numeric_limits<double>::infinity()}) {
      std::vector<Record> broken = x;
      broken[1][34] = broken[1][50] = bad;
      const Samples y("y", 2, 60);
      EXPECT_TRUE(has(refusal([&] { volterra.apply(array_of_rows(broken), y); }), "x[1][34]"));
      EXPECT_EQ(rows_of(y).front(), Record(60, 0.0));
    }
    std::vector<Record> y = response(volterra, x, {60}), joined = x;
    for (std::size_t c = 0; c < 2; ++c) {
      joined[c].insert(joined[c].begin(), 5, c == 0 ? 0.5 : -0.5);
      y[c].insert(y[c].begin(), begin[c].begin(), begin[c].end());
    }
    EXPECT_LT(difference_from_definition(kernel, joined, y), 1e-14);
  }
}

TEST(DeviceVolterra, RefusesWhatDoesNotFit) {
  const VolterraKernel kernel = random_kernel(4, 2, true, 1);
  device::Volterra volterra(kernel, 2, 8);
  const auto refused = [&](const Samples& x, const Samples& y) { return refusal([&] { volterra.apply(x, y); }); };
  const Samples good("x", 2, 8), narrow("x", 2, 7), flat("x", 1, 8);
  EXPECT_EQ(refused(good, good), "");
  EXPECT_TRUE(has(refused(good, narrow), "x is 2 x 8 and y 2 x 7"));
  EXPECT_TRUE(has(refused(flat, flat), "2 channels"));
  EXPECT_TRUE(has(refusal([&] { device::Volterra(kernel, 0, 8); }), "0 channels"));
  EXPECT_TRUE(has(refusal([] { device::Volterra({}, 1, 8); }), "0 taps"));
}

TEST(DeviceVolterra, ChoosesByTheThreshold) {
  Thresholds thresholds;
  thresholds.volterra_fft_from = 40;
  for (const std::int64_t taps : {39, 40})
    EXPECT_EQ(
        device::Volterra(random_kernel(taps, 2, false, 1), 1, 512, VolterraEngine::automatic, thresholds).engine(),
        taps < 40 ? VolterraEngine::direct : VolterraEngine::fft);
}

}  // namespace
}  // namespace ister::core
