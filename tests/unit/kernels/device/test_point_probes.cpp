#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "core/base/error.hpp"
#include "core/kernels/device/point_probes.hpp"
#include "core/kernels/probes/point_probe.hpp"
#include "tests/unit/core/box.hpp"

namespace ister::tests {
namespace {

using core::GridInterpolation;
using core::device::PointProbes;

/// Inside the box and around it.
std::vector<std::array<double, 3>> positions(const core::Grid& grid, int count) {
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> any(-1.0, 2.0);
  std::vector<std::array<double, 3>> result{grid.lower, grid.upper};
  while (static_cast<int>(result.size()) < count) {
    std::array<double, 3> x{};
    for (std::size_t d = 0; d < 3; ++d) x[d] = grid.lower[d] + any(random) * (grid.upper[d] - grid.lower[d]);
    result.push_back(x);
  }
  return result;
}

/// (z, y, x) on a grid, and in memory in rows longer than those of the grid, with NaN behind them.
struct Field {
  std::vector<double> values;
  Kokkos::View<double***, Kokkos::LayoutRight, core::Memory> padded;
  PointProbes::Field view;

  template <class Function>
  Field(const core::Grid& grid, const Function& f)
      : padded("field", grid.points[2], grid.points[1], grid.points[0] + 3) {
    const auto padded_h = Kokkos::create_mirror_view(Kokkos::HostSpace(), padded);
    Kokkos::deep_copy(padded_h, std::numeric_limits<double>::quiet_NaN());
    for (int k = 0; k < grid.points[2]; ++k)
      for (int j = 0; j < grid.points[1]; ++j)
        for (int i = 0; i < grid.points[0]; ++i) {
          padded_h(k, j, i) = f(grid.coordinate(0, i), grid.coordinate(1, j), grid.coordinate(2, k));
          values.push_back(padded_h(k, j, i));
        }
    Kokkos::deep_copy(padded, padded_h);
    view = Kokkos::subview(padded, Kokkos::ALL, Kokkos::ALL, std::make_pair(0, grid.points[0]));
  }
};

std::vector<double> read(const PointProbes& probes, const Field& field) {
  const core::DeviceArray values("values", static_cast<std::size_t>(probes.size()));
  probes.read(field.view, values);
  const auto host = Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), values);
  return {host.data(), host.data() + host.size()};
}

TEST(DevicePointProbes, ReadWhatThoseOfTheHostRead) {
  std::mt19937_64 random(2);
  std::uniform_real_distribution<double> any(-1.0, 1.0);
  for (const std::vector<int>& points : {std::vector{16}, {17}, {12, 9}, {9, 8, 11}})
    for (const GridInterpolation interpolation : {GridInterpolation::spectral, GridInterpolation::cubic}) {
      const core::Grid grid = box(points);
      const Field field(grid, [&](double, double, double) { return any(random); });
      const auto places = positions(grid, 50);
      const std::vector<double> values = read(PointProbes(grid, places, interpolation), field);
      for (std::size_t p = 0; p < places.size(); ++p)
        ASSERT_NEAR(values[p], core::PointProbe(grid, places[p], interpolation).read(field.values.data()), 1e-14);
    }
}

TEST(DevicePointProbes, AreExactForResolvedFields) {
  const core::Grid grid = box({9, 8, 11});
  const auto wave = [&](double x, double y, double z) {
    const auto phase = [&](std::size_t d, double at) {
      return 2 * M_PI * (at - grid.lower[d]) / (grid.upper[d] - grid.lower[d]);
    };
    return 0.7 + std::cos(3 * phase(0, x) - 2 * phase(1, y) + 4 * phase(2, z) + 0.3) + std::sin(phase(1, y));
  };
  const auto places = positions(grid, 50);
  const std::vector<double> values = read(PointProbes(grid, places, GridInterpolation::spectral), Field(grid, wave));
  for (std::size_t p = 0; p < places.size(); ++p)
    ASSERT_NEAR(values[p], wave(places[p][0], places[p][1], places[p][2]), 2e-14);
}

TEST(DevicePointProbes, DoNotDependOnThreadsOrOnEachOther) {
  const core::Grid grid = box({16, 12, 10});
  const Field field(grid, [](double x, double y, double z) { return std::exp(x * y) - z; });
  const auto places = positions(grid, 20);
  const PointProbes probes(grid, places, GridInterpolation::spectral);
  const std::vector<double> all = read(probes, field);
  std::vector<double> one;
  core::on_one_thread([&] { one = read(probes, field); });
  EXPECT_EQ(one, all);
  for (std::size_t p = 0; p < places.size(); ++p)
    EXPECT_EQ(read(PointProbes(grid, {places[p]}, GridInterpolation::spectral), field)[0], all[p]);
}

TEST(DevicePointProbes, RefuseWhatIsNowhere) {
  const core::Grid grid = box({8, 8});
  const double nan = std::numeric_limits<double>::quiet_NaN(), infinity = std::numeric_limits<double>::infinity();
  EXPECT_THROW(PointProbes(grid, {}, GridInterpolation::cubic), InputError);
  EXPECT_THROW(PointProbes(grid, {{0, 0, 0}, {0, nan, 0}}, GridInterpolation::cubic), InputError);
  EXPECT_THROW(PointProbes(grid, {{infinity, 0, 0}}, GridInterpolation::spectral), InputError);
  EXPECT_NO_THROW(PointProbes(grid, {{0, 0, nan}}, GridInterpolation::cubic)) << "a direction that the grid lacks";
}

}  // namespace
}  // namespace ister::tests
