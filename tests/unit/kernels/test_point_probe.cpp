#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/base/error.hpp"
#include "core/kernels/probes/lock_in.hpp"
#include "core/kernels/probes/periodogram.hpp"
#include "core/kernels/probes/point_probe.hpp"
#include "tests/unit/core/box.hpp"

namespace ister::tests {
namespace {

using core::GridInterpolation;
using core::PointProbe;

/// A periodic field with up to three waves in each direction.
double field(const core::Grid& grid, const std::array<double, 3>& x) {
  double f = 0.7;
  for (int wave = 1; wave <= 3; ++wave) {
    double phase = 0.3 * wave;
    for (std::size_t d = 0; d < static_cast<std::size_t>(grid.dimensions); ++d)
      phase +=
          2 * M_PI * ((wave + static_cast<int>(d)) % 3 + 1) * (x[d] - grid.lower[d]) / (grid.upper[d] - grid.lower[d]);
    f += std::cos(phase) / wave;
  }
  return f;
}

std::vector<double> on_grid(const core::Grid& grid) {
  std::vector<double> values;
  for (int k = 0; k < grid.points[2]; ++k)
    for (int j = 0; j < grid.points[1]; ++j)
      for (int i = 0; i < grid.points[0]; ++i)
        values.push_back(field(grid, {grid.coordinate(0, i), grid.coordinate(1, j), grid.coordinate(2, k)}));
  return values;
}

double worst_error(const std::vector<int>& points, GridInterpolation interpolation) {
  const core::Grid grid = box(points);
  const std::vector<double> values = on_grid(grid);
  std::mt19937_64 random(1);
  std::uniform_real_distribution<double> any(0.0, 1.0);
  double worst = 0;
  for (int n = 0; n < 40; ++n) {
    std::array<double, 3> x{};
    for (std::size_t d = 0; d < points.size(); ++d)
      x[d] = n == 0 ? grid.upper[d] : grid.lower[d] + any(random) * (grid.upper[d] - grid.lower[d]);
    worst = std::max(worst, std::abs(PointProbe(grid, x, interpolation).read(values.data()) - field(grid, x)));
  }
  return worst;
}

TEST(PointProbe, IsExactForResolvedFields) {
  for (const std::vector<int>& points : {std::vector{16}, {17}, {12, 9}, {9, 8, 11}})
    EXPECT_LT(worst_error(points, GridInterpolation::spectral), 2e-14);
}

TEST(PointProbe, CubicsAreOfFourthOrder) {
  const double coarse = worst_error({64, 64}, GridInterpolation::cubic);
  EXPECT_NEAR(std::log2(coarse / worst_error({128, 128}, GridInterpolation::cubic)), 4.0, 0.3);
}

TEST(PointProbe, FindsTheValuesOfTheGrid) {
  const core::Grid grid = box({10, 8, 9});
  const std::vector<double> values = on_grid(grid);
  for (const GridInterpolation interpolation : {GridInterpolation::spectral, GridInterpolation::cubic})
    for (const auto& [i, j, k] : {std::array{0, 0, 0}, std::array{9, 7, 8}, std::array{4, 4, 4}}) {
      const PointProbe probe(grid, {grid.coordinate(0, i), grid.coordinate(1, j), grid.coordinate(2, k)},
                             interpolation);
      EXPECT_NEAR(probe.read(values.data()), values[static_cast<std::size_t>((k * 8 + j) * 10 + i)], 1e-14);
    }
}

TEST(LockIn, RecoversATonePlusAConstant) {
  // Neither a whole number of periods nor equal spacing.
  std::vector<double> times, values;
  for (int i = 0; i < 50; ++i) {
    times.push_back(3 + 0.11 * i + 0.03 * std::sin(1.0 * i));
    values.push_back(5 + 0.3 * std::cos(2.1 * times.back()) - 0.4 * std::sin(2.1 * times.back()));
  }
  const core::LockedTone tone = core::lock_in(times.data(), values.data(), 50, 2.1);
  EXPECT_NEAR(tone.amplitude.real(), 0.3, 1e-13);  // Re(a exp(-i w t)) = a' cos w t + a'' sin w t
  EXPECT_NEAR(tone.amplitude.imag(), -0.4, 1e-13);
  EXPECT_NEAR(tone.mean, 5, 1e-13);
  EXPECT_NEAR(tone.residual, 0, 1e-13);
  for (double& v : values) v += 0.1 * ((&v - values.data()) % 2 == 0 ? 1 : -1);
  EXPECT_NEAR(core::lock_in(times.data(), values.data(), 50, 2.1).residual, 0.1, 1e-2);
}

TEST(LockIn, RefusesWhatCannotBeToldApart) {
  const std::vector<double> times = {0, 1, 2, 3, 4}, values = {1, 2, 3, 4, 5};
  EXPECT_THROW(core::lock_in(times.data(), values.data(), 2, 1.0), InputError);
  EXPECT_THROW(core::lock_in(times.data(), values.data(), 5, 0.0), InputError);
  EXPECT_THROW(core::lock_in(times.data(), values.data(), 5, 2 * M_PI), InputError) << "always at the same phase";
}

TEST(Periodogram, HoldsTheVarianceOfATone) {
  for (const std::int64_t samples : {64, 65}) {
    core::Periodogram periodogram(samples, 0.25);
    std::vector<double> record, power(static_cast<std::size_t>(periodogram.size()));
    const double omega = periodogram.frequency(7);
    EXPECT_NEAR(omega, 2 * M_PI * 7 / (0.25 * static_cast<double>(samples)), 1e-14);
    for (std::int64_t i = 0; i < samples; ++i)
      record.push_back(4 + 0.6 * std::cos(omega * 0.25 * static_cast<double>(i) + 1));
    periodogram.apply(record.data(), power.data());
    double sum = 0;
    for (const double p : power) sum += p * periodogram.frequency(1);
    EXPECT_NEAR(sum, 0.5 * 0.36, 1e-14);
    EXPECT_EQ(std::max_element(power.begin(), power.end()) - power.begin(), 7);
    EXPECT_NEAR(power[0], 0, 1e-25);
  }
  EXPECT_THROW(core::Periodogram(3, 1.0), InputError);
  EXPECT_THROW(core::Periodogram(10, 0.0), InputError);
}

}  // namespace
}  // namespace ister::tests
