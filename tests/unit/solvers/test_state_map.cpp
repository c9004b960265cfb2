#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "solvers/initial/navier_stokes.hpp"
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

/// Boost-invariant flow in Minkowski space, u = (t, 0, 0, z)/tau and e ~ tau^{-4/3}: at every z the stresses are those
/// of the same flow in Milne coordinates, boosted.
TEST_F(InitialMap, NavierStokesStressesOfMovingMatter) {
  run.solver.transport.zeta_over_s.value = 0.05;
  run.solver.transport.tau_bulk = 1.0;
  const physics::FluidModel fluid = run.fluid();
  const double t = 1.3;
  for (const double z : {0.0, 0.4, -0.9}) {
    const double tau = std::sqrt(t * t - z * z), e = 5.0 * std::pow(tau, -4.0 / 3.0);
    FlowDerivatives flow{e, {0, 0, z / tau}, {}, {}};
    flow.energy_gradient[2] = 4.0 / 3.0 * e * z / (tau * tau);
    flow.flow_gradient[2] = {0, 0, t * t / (tau * tau * tau)};  // d_z (z/tau)
    const PrimitivePoint found = navier_stokes(flow, fluid, 0.0);
    const PrimitivePoint rest = navier_stokes({e, {}, {}, {}}, fluid, 1.0 / tau);
    const double eta = 0.16 * 4.0 / 3.0 * e / fluid.at(std::log(e)).temperature;
    EXPECT_NEAR(rest.pi.xx, 2.0 / 3.0 * eta / tau, 1e-12 * e);
    EXPECT_NEAR(rest.bulk_pressure, -0.05 / 0.16 * eta / tau, 1e-12 * e);
    EXPECT_NEAR(found.pi.xx, rest.pi.xx, 1e-12 * e);
    EXPECT_NEAR(found.pi.yy, rest.pi.yy, 1e-12 * e);
    EXPECT_NEAR(found.pi.zz, rest.pi.zz * t * t / (tau * tau), 1e-12 * e);
    EXPECT_NEAR(found.pi.xz, 0.0, 1e-12 * e);
    EXPECT_NEAR(found.bulk_pressure, rest.bulk_pressure, 1e-12 * e);
  }
}

/// Any smooth flow: transverse to u, traceless; a map of it between its points.
TEST_F(InitialMap, NavierStokesStressesAreTracelessForAnyFlow) {
  for (const char* type : {"conformal", "hotqcd"}) {
    run.solver.eos = {type, {}};
    const physics::FluidModel fluid = run.fluid();
    FlowDerivatives flow{20.0, {0.5, -1.2, 0.3}, {3.0, -7.0, 2.0}, {}};
    flow.flow_gradient = {Vec3{0.1, 0.4, -0.2}, Vec3{-0.3, 0.2, 0.6}, Vec3{0.5, -0.1, 0.3}};
    for (const double expansion : {0.0, 1.7}) {
      const PrimitivePoint found = navier_stokes(flow, fluid, expansion);
      EXPECT_NEAR(found.pi.zz, traceless_zz(found.u, found.pi), 1e-12 * 20.0) << type;
    }
  }
  std::vector<double> flow;
  for (int iy = 0; iy < 25; ++iy)
    for (int ix = 0; ix < 21; ++ix) flow.push_back(0.3 * std::sin(0.2 * (ix - 10)) * std::cos(0.2 * (iy - 12)));
  event.fields.ux = flow;
  run.grid = make_grid({53, 53}, -1.6, 1.6);
  run["stress"] = std::string("navier_stokes");
  run.make(maps(event));  // checks the trace
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
