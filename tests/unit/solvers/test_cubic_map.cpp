#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "physics/entropy.hpp"
#include "solvers/initial/cubic_map.hpp"
#include "tests/unit/solvers/scenario.hpp"

namespace ister::tests {
namespace {

using namespace solvers;
using core::Nodes;

double wave(double x, double y, double z) { return 2.0 + std::sin(1.1 * x + 0.3) * std::cos(0.7 * y) + 0.3 * z * z; }

CubicMap map_of_wave(const std::array<Nodes, 3>& nodes) {
  std::vector<double> values;
  for (int z = 0; z < nodes[2].count; ++z)
    for (int y = 0; y < nodes[1].count; ++y)
      for (int x = 0; x < nodes[0].count; ++x) values.push_back(wave(nodes[0].at(x), nodes[1].at(y), nodes[2].at(z)));
  return {nodes, {}, std::move(values)};
}

/// Of the points of a grid inside [-2, 2] x [-1.5, 1.5] x [-1, 1], rims included.
double largest_error(const CubicMap& map, const std::vector<int>& points) {
  core::Grid grid = make_grid(points, -1.0, 1.0);
  const double size[] = {2.0, 1.5, 1.0};
  for (int d = 0; d < grid.dimensions; ++d) grid.lower[d] = -(grid.upper[d] = size[d]);
  const core::Box box = core::Decomposition(grid, 1, 0).box();
  const std::vector<double> values = map.at(grid, box);
  double error = 0.0;
  std::size_t i = 0;
  for_each_position(grid, box, [&](const Vec3& at) {
    error = std::fmax(error, std::abs(values[i++] - wave(at.x, at.y, grid.dimensions > 2 ? at.z : 0.0)));
  });
  return error;
}

TEST(CubicMap, IsExactAtNodesAndOfFourthOrderBetweenThemUpToTheRim) {
  double last = 0.0;
  for (const int n : {11, 21, 41}) {
    const CubicMap map =
        map_of_wave({Nodes{n, -2.0, 4.0 / (n - 1)}, Nodes{n, -1.5, 3.0 / (n - 1)}, Nodes{n, -1.0, 2.0 / (n - 1)}});
    EXPECT_LT(largest_error(map, {n - 1, n - 1, n - 1}), 1e-14);  // a periodic grid leaves its last point out
    const double error = largest_error(map, {37, 29, 23});
    EXPECT_TRUE(last == 0.0 || std::log2(last / error) > 3.8) << n;
    EXPECT_LT(error, 0.5 * std::pow(4.0 / (n - 1), 4));
    last = error;
  }
}

TEST(CubicMap, OneNodeMakesADirectionConstantAndCubicsAreExact) {
  const std::array<Nodes, 3> nodes{Nodes{4, -2.0, 1.0}, Nodes{7, -1.5, 0.5}, Nodes{}};
  std::vector<double> values;
  const auto cubic = [](double x, double y) { return (1 + x - x * x * x) * (2 - y * y + 0.5 * y * y * y); };
  for (int y = 0; y < 7; ++y)
    for (int x = 0; x < 4; ++x) values.push_back(cubic(nodes[0].at(x), nodes[1].at(y)));
  const CubicMap map(nodes, {}, values);
  core::Grid grid = make_grid({9, 8, 3}, -1.0, 1.0);
  const core::Box box = core::Decomposition(grid, 1, 0).box();
  const std::vector<double> found = map.at(grid, box);
  std::size_t i = 0;
  for_each_position(grid, box, [&](const Vec3& at) { EXPECT_NEAR(found[i++], cubic(at.x, at.y), 1e-13); });
}

TEST(CubicMap, FadesBeyondTheRimAndClosesPeriodically) {
  const std::array<Nodes, 3> nodes{Nodes{16, -1.0, 0.125}, Nodes{16, -1.0, 0.125}, Nodes{}};
  std::vector<double> values;
  const auto periodic = [](double x, double y) { return 2 + std::sin(M_PI * x) * std::cos(M_PI * y); };
  for (int y = 0; y < 16; ++y)
    for (int x = 0; x < 16; ++x) values.push_back(periodic(nodes[0].at(x), nodes[1].at(y)));
  const core::Grid grid = make_grid({40, 44}, -1.0, 1.0);
  const core::Box box = core::Decomposition(grid, 1, 0).box();
  const std::vector<double> closed = CubicMap(nodes, {true, true, false}, values).at(grid, box);
  std::size_t i = 0;
  for_each_position(grid, box, [&](const Vec3& at) { EXPECT_NEAR(closed[i++], periodic(at.x, at.y), 2e-4); });

  const core::Grid wide = make_grid({64, 8}, -2.0, 2.0);  // along x at 0.0625
  const core::Box row{{0, 4, 0}, {64, 1, 1}};             // y = 0
  const std::vector<double> open = CubicMap(nodes, {}, values).at(wide, row);
  for (int x = 1; x < 64; ++x) {
    EXPECT_LT(std::abs(open[x] - open[x - 1]), 0.7);
    EXPECT_TRUE(std::abs(wide.coordinate(0, x)) < 1.4 || open[x] == 0.0);
  }
}

TEST(Entropy, GivesBackTheEnergyDensity) {
  Scenario run(make_grid({8, 8}, -1, 1), "uniform");
  for (const char* type : {"conformal", "hotqcd"}) {
    run.solver.eos = {type, {}};
    const physics::FluidModel fluid = run.fluid();
    for (double e = 1e-6; e < 1e4; e *= 3.7) {
      const physics::EosPoint point = fluid.eos(std::log(e));
      const double s = e * (1 + point.pressure_over_energy) / point.temperature;
      EXPECT_NEAR(physics::log_e_of_entropy(fluid, s), std::log(e), 1e-12) << type << " at " << e;
    }
  }
}

}  // namespace
}  // namespace ister::tests
