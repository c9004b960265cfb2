#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "tests/unit/solvers/scenario.hpp"

namespace ister::tests {
namespace {

using namespace solvers;

class InitialMap : public testing::Test {
 protected:
  InitialMap() : run(make_grid({40, 40}, -4, 4), "event") {
    run.in_milne(0.6);
    run["scale"] = 2.0;
    std::vector<double> values;
    for (int iy = 0; iy < 25; ++iy)
      for (int ix = 0; ix < 21; ++ix) values.push_back(value(0.2 * (ix - 10), 0.2 * (iy - 12)));
    event = event_map(21, 25, 0.2, std::move(values));
  }
  static double value(double x, double y) { return 3.0 * std::exp(-4 * (x * x + y * y - 0.5 * x * y)); }
  static constexpr double natural = 2.0 / 0.1973269804;

  Scenario run;
  StateMap event;
};

TEST_F(InitialMap, InterpolatesAndAddsTheFloor) {
  const InitialState state = run.make(maps(event));
  const double floor = 1e-4 * 3.0 * natural;
  for (int iy = 0; iy < 40; ++iy) {
    for (int ix = 0; ix < 40; ++ix) {
      const double x = run.grid.coordinate(0, ix), y = run.grid.coordinate(1, iy);
      const bool inside = std::abs(x) < 2.0 + 1e-9 && std::abs(y) < 2.4 + 1e-9;
      const double expected = inside ? std::hypot(natural * value(x, y), floor) : floor;
      const double bound = inside ? 1e-10 : 1e-8;  // every point inside is one of the event's; outside it fades
      EXPECT_NEAR(state.energy_density[40 * iy + ix], expected, bound * natural);
    }
  }
  Scenario between = run;
  between.grid = make_grid({53, 53}, -4.03, 4.05);
  const InitialState shifted = between.make(maps(event));
  for (int i = 0; i < 53 * 53; ++i) {
    const double x = between.grid.coordinate(0, i % 53), y = between.grid.coordinate(1, i / 53);
    EXPECT_NEAR(shifted.energy_density[i], natural * value(x, y), 5e-3 * 3 * natural);
    EXPECT_GE(shifted.energy_density[i], 0.9 * floor);
  }
}

TEST_F(InitialMap, NavierStokesStressesFollowTheExpansion) {
  run["stress"] = std::string("navier_stokes");
  run.with_bulk();
  const InitialState state = run.make(maps(event));
  const auto fluid = run.fluid();
  const std::size_t centre = 20 * 40 + 20;
  const double e = state.energy_density[centre], entropy = 1.25 * e / fluid.at(std::log(e)).temperature;
  EXPECT_NEAR(state.pixx[centre], 2.0 / 3.0 * 0.16 * entropy / 0.6, 1e-10 * e);
  EXPECT_NEAR(state.piyy[centre], state.pixx[centre], 1e-15 * e);
  EXPECT_NEAR(state.pizz[centre], -4.0 / 3.0 * 0.16 * entropy / 0.6, 1e-10 * e);
  EXPECT_NEAR(state.bulk_pressure[centre], -0.05 * entropy / 0.6, 1e-10 * e);
}

TEST_F(InitialMap, ABoxThatCutsTheEventIsRefused) {
  run.grid = make_grid({40, 40}, -0.5, 4);
  const std::string message = message_of([&] { run.make(maps(event)); });
  EXPECT_TRUE(contains(message, "cuts") && contains(message, "0.1 %")) << message;
}

TEST_F(InitialMap, WithoutAFloorTheVacuumIsRefused) {
  run["floor"] = 0;
  const std::string message = message_of([&] { run.make(maps(event)); });
  EXPECT_TRUE(contains(message, "fills the vacuum), point (0, 0) at (-4, -4)")) << message;
}

TEST_F(InitialMap, BadValuesAreRefused) {
  event.fields.energy_density[30] = -1;
  EXPECT_TRUE(contains(message_of([&] { run.make(maps(event)); }), "row 1, column 9"));
}

TEST_F(InitialMap, FallsOffBeyondThePlateauInEta) {
  run.grid.dimensions = 3;
  run.grid.points[2] = 8;
  run.grid.lower[2] = -4;
  run.grid.upper[2] = 4;
  run["eta_plateau"] = 4;
  run["eta_width"] = 0.5;
  const InitialState state = run.make(maps(event));
  const std::size_t centre = 20 * 40 + 20, plane = 1600;
  EXPECT_NEAR(state.energy_density[5 * plane + centre], state.energy_density[4 * plane + centre], 1e-12);
  EXPECT_NEAR(state.energy_density[7 * plane + centre], std::exp(-2.0) * state.energy_density[4 * plane + centre],
              1e-4);
}

}  // namespace
}  // namespace ister::tests
