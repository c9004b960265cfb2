#include "solvers/initial/free_streaming.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/base/random.hpp"
#include "core/spectral/line_transform.hpp"
#include "core/spectral/wisdom.hpp"
#include "tests/unit/core/refusal.hpp"

// Massless particles that stream freely, against the integral over their directions.
namespace ister::tests {
namespace {

using solvers::free_stream;
using solvers::StreamedPlane;
using solvers::TransverseGrid;

struct Gaussian {
  double x, y, width_x, width_y, height;
};

/// Asymmetric in every way, and below 1e-12 at the rim of `smooth_grid`.
double profile_at(double x, double y) {
  constexpr Gaussian sum[] = {{0.3, -0.2, 0.62, 0.45, 1.0}, {-0.9, 0.5, 0.4, 0.5, 0.7}, {0.8, 0.7, 0.45, 0.4, 1.3}};
  double value = 0;
  for (const Gaussian& g : sum) {
    const double dx = (x - g.x) / g.width_x, dy = (y - g.y) / g.width_y;
    value += g.height * std::exp(-0.5 * (dx * dx + dy * dy));
  }
  return value;
}

TransverseGrid smooth_grid(int more_x, int more_y) { return {72 + more_x, 71 + more_y, -5.3, -4.6, 0.15, 0.13}; }

template <class Function>
std::vector<double> map_of(const TransverseGrid& grid, const Function& f) {
  std::vector<double> values;
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) values.push_back(f(grid.first_x + ix * grid.dx, grid.first_y + iy * grid.dy));
  return values;
}

std::vector<double> noise(const TransverseGrid& grid) {
  std::vector<double> values;
  for (std::size_t i = 0; i < grid.size(); ++i) values.push_back(random_uniforms(7, {i}).first);
  return values;
}

/// (1/to) int dphi/(2 pi) v^m v^n n(x - (to - from) v) by the midpoint rule, which converges exponentially.
physics::StressTensor integral(double x, double y, double from, double to, int directions) {
  physics::StressTensor t;
  for (int i = 0; i < directions; ++i) {
    const double phi = 2 * M_PI * (i + 0.5) / directions;
    const Vec3 v = {std::cos(phi), std::sin(phi), 0};
    const double n = profile_at(x - (to - from) * v.x, y - (to - from) * v.y) / (directions * to);
    t.energy += n;
    t.momentum = t.momentum + n * v;
    t.stress = t.stress + n * square(v);
  }
  return t;
}

double difference(const physics::StressTensor& a, const physics::StressTensor& b) {
  const Vec3 m = a.momentum - b.momentum;
  const Sym3 s = a.stress - b.stress;
  return std::max({std::abs(a.energy - b.energy), std::sqrt(dot(m, m)), std::sqrt(contract(s, s))});
}

double largest(const std::vector<double>& values) {
  double size = 0;
  for (const double v : values) size = std::max(size, std::abs(v));
  return size;
}

double total(const std::vector<double>& values) { return std::accumulate(values.begin(), values.end(), 0.0); }

double deviation_from_integral(const StreamedPlane& plane, double from, double to, int directions) {
  const TransverseGrid& grid = plane.grid;
  double worst = 0;
  for (int iy = 0; iy < grid.ny; iy += 5)
    for (int ix = iy % 5; ix < grid.nx; ix += 5) {
      const physics::StressTensor exact =
          integral(grid.first_x + ix * grid.dx, grid.first_y + iy * grid.dy, from, to, directions);
      worst = std::max(worst, difference(plane.at(static_cast<std::size_t>(iy) * grid.nx + ix), exact));
    }
  return worst / largest(plane.tautau);
}

TEST(FreeStreaming, IsTheIntegralOverDirections) {
  const TransverseGrid grid = smooth_grid(0, 0);
  const std::vector<double> profile = map_of(grid, profile_at);
  const struct {
    double from, to;
    int directions;
  } cases[] = {{0.0, 1e-3, 16}, {0.0, 0.6, 96}, {0.2, 1.4, 128}, {0.0, 9.0, 420}};
  for (const auto& c : cases)
    EXPECT_LE(deviation_from_integral(free_stream(grid, profile, c.from, c.to), c.from, c.to, c.directions), 1e-10)
        << c.to;
}

/// Both parities of the padded sides, whose Nyquist modes differ.
TEST(FreeStreaming, DoesNotDependOnTheSizeOfTheMap) {
  bool odd_x = false, odd_y = false, even_x = false, even_y = false;
  for (int more = 0; more < 12; more += 3) {
    const TransverseGrid grid = smooth_grid(more, 9 - more);
    const StreamedPlane plane = free_stream(grid, map_of(grid, profile_at), 0.0, 0.8);
    EXPECT_LE(deviation_from_integral(plane, 0.0, 0.8, 96), 1e-10) << plane.grid.nx << " x " << plane.grid.ny;
    (plane.grid.nx % 2 == 0 ? even_x : odd_x) = true;
    (plane.grid.ny % 2 == 0 ? even_y : odd_y) = true;
  }
  EXPECT_TRUE(odd_x && odd_y && even_x && even_y);
}

TEST(FreeStreaming, KeepsEnergyAndHasNoTrace) {
  const TransverseGrid grid = {37, 50, 0.0, 0.0, 0.2, 0.3};
  const std::vector<double> profile = noise(grid);
  for (const double duration : {0.0, 0.7, 3.1}) {
    const double to = 0.1 + duration;
    const StreamedPlane plane = free_stream(grid, profile, 0.1, to);
    EXPECT_NEAR(to * total(plane.tautau), total(profile), 1e-13 * total(profile));
    EXPECT_NEAR(to * total(plane.taux), 0, 1e-13 * total(profile));
    EXPECT_NEAR(to * total(plane.tauy), 0, 1e-13 * total(profile));
    EXPECT_NEAR(to * total(plane.xx), 0.5 * total(profile), 1e-13 * total(profile));
    const double scale = largest(plane.tautau);
    for (std::size_t i = 0; i < plane.grid.size(); ++i)
      ASSERT_NEAR(plane.xx[i] + plane.yy[i], plane.tautau[i], 1e-14 * scale);
  }
}

TEST(FreeStreaming, BeforeItStartsIsIsotropic) {
  const TransverseGrid grid = {24, 21, -1.0, 2.0, 0.2, 0.3};
  const std::vector<double> profile = noise(grid);
  const StreamedPlane plane = free_stream(grid, profile, 0.5, 0.5);
  const int before_x = static_cast<int>(std::lround((grid.first_x - plane.grid.first_x) / grid.dx));
  const int before_y = static_cast<int>(std::lround((grid.first_y - plane.grid.first_y) / grid.dy));
  EXPECT_GE(before_x, 4);
  EXPECT_GE(before_y, 4);
  for (int iy = 0; iy < plane.grid.ny; ++iy)
    for (int ix = 0; ix < plane.grid.nx; ++ix) {
      const int x = ix - before_x, y = iy - before_y;
      const bool inside = x >= 0 && x < grid.nx && y >= 0 && y < grid.ny;
      const double e = inside ? profile[static_cast<std::size_t>(y) * grid.nx + x] / 0.5 : 0.0;
      const physics::StressTensor isotropic = {e, {}, {e / 2, 0, 0, e / 2, 0, 0}};
      ASSERT_LE(difference(plane.at(static_cast<std::size_t>(iy) * plane.grid.nx + ix), isotropic), 1e-14);
    }
}

/// x' = y, y' = -x, of noise, which has all that the grid can hold in its Nyquist modes.
TEST(FreeStreaming, TurnsWithTheMap) {
  const TransverseGrid grid = {36, 38, 0.0, 0.0, 0.2, 0.2}, turned_grid = {38, 36, 0.0, 0.0, 0.2, 0.2};
  const std::vector<double> profile = noise(grid);
  std::vector<double> turned(profile.size());
  for (int iy = 0; iy < grid.ny; ++iy)
    for (int ix = 0; ix < grid.nx; ++ix) turned[(grid.nx - 1 - ix) * grid.ny + iy] = profile[iy * grid.nx + ix];
  const StreamedPlane one = free_stream(grid, profile, 0.0, 1.1), other = free_stream(turned_grid, turned, 0.0, 1.1);
  const int nx = one.grid.nx, ny = one.grid.ny;
  ASSERT_EQ(nx, other.grid.ny);
  ASSERT_EQ(ny, other.grid.nx);
  ASSERT_TRUE((nx - grid.nx) % 2 == 0 && (ny - grid.ny) % 2 == 0 && nx % 2 == 0) << "and has a centre";
  for (int iy = 0; iy < ny; ++iy)
    for (int ix = 0; ix < nx; ++ix) {
      const physics::StressTensor a = one.at(iy * nx + ix), b = other.at((nx - 1 - ix) * ny + iy);
      const physics::StressTensor back = {
          b.energy, {-b.momentum.y, b.momentum.x, 0}, {b.stress.yy, -b.stress.xy, 0, b.stress.xx, 0, 0}};
      ASSERT_LE(difference(a, back), 1e-14);
    }
}

/// Late and far out all that arrives comes from the middle: a beam, thinner the farther.
TEST(FreeStreaming, EndsAsBeams) {
  const auto spot = [](double x, double y) { return std::exp(-(x * x + y * y) / (2 * 0.4 * 0.4)); };
  const TransverseGrid grid = {49, 49, -4.8, -4.8, 0.2, 0.2};
  for (const double way : {10.0, 20.0, 40.0}) {
    const StreamedPlane plane = free_stream(grid, map_of(grid, spot), 0.0, way);
    const int ix = static_cast<int>(std::lround((way - plane.grid.first_x) / 0.2));
    const int iy = static_cast<int>(std::lround(-plane.grid.first_y / 0.2));
    const physics::StressTensor t = plane.at(static_cast<std::size_t>(iy) * plane.grid.nx + ix);
    EXPECT_NEAR(t.stress.yy / t.energy, 0.4 * 0.4 / (way * way), 0.02 * 0.4 * 0.4 / (way * way));
    EXPECT_NEAR(t.momentum.x / t.energy, 1 - 0.5 * 0.4 * 0.4 / (way * way), 1e-5);
    EXPECT_NEAR(t.momentum.y / t.energy, 0, 1e-12);
  }
}

/// Whatever FFTW has learnt meanwhile.
TEST(FreeStreaming, GivesTheSameBitsAlways) {
  const TransverseGrid grid = {90, 64, 0.0, 0.0, 0.2, 0.2};
  const std::vector<double> profile = noise(grid);
  const StreamedPlane one = free_stream(grid, profile, 0.0, 0.6);
  const std::string known = core::export_wisdom();
  std::vector<double> values(one.grid.size());
  std::vector<double> modes(2 * one.grid.size());
  const core::Plan measured(fftw_plan_dft_r2c_2d(one.grid.ny, one.grid.nx, values.data(),
                                                 reinterpret_cast<fftw_complex*>(modes.data()), FFTW_MEASURE));
  const std::string learnt = core::export_wisdom();
  EXPECT_NE(learnt, known);
  const StreamedPlane other = free_stream(grid, profile, 0.0, 0.6);
  EXPECT_EQ(one.tautau, other.tautau);
  EXPECT_EQ(one.xy, other.xy);
  EXPECT_EQ(core::export_wisdom().size(), learnt.size()) << "nothing learnt, nothing lost";
  core::forget_wisdom();
  core::import_wisdom(known);
}

TEST(FreeStreaming, RefusesWhatCannotBe) {
  const TransverseGrid grid = {8, 8, 0.0, 0.0, 0.2, 0.2};
  const std::vector<double> profile(64, 1.0);
  const auto says = [&](double from, double to) {
    return refusal([&] { (void)free_stream(grid, profile, from, to); });
  };
  EXPECT_TRUE(has(says(0.7, 0.6), "from 0.7 to 0.6 fm"));
  EXPECT_TRUE(has(says(0.0, 0.0), "from 0 to 0 fm"));
  EXPECT_TRUE(has(says(-0.1, 0.6), "from -0.1"));
  EXPECT_TRUE(has(says(0.0, std::nan("")), "to nan"));
  EXPECT_TRUE(has(says(0.0, 1e300), "at most 16384"));
  EXPECT_TRUE(has(says(0.0, 2000.0), "10000 times the grid spacing"));
}

}  // namespace
}  // namespace ister::tests
