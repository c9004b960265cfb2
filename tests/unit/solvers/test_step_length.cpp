#include "solvers/step_length.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace ister::tests {
namespace {

constexpr double eta_over_s = 0.02, lowest = 1.0, highest = 100.0, time_fm = 2.0;

solvers::SolverOptions options(double cfl) {
  solvers::SolverOptions options;
  options.geometry = physics::Geometry::milne;
  options.transport.eta_over_s.value = eta_over_s;
  options.time.cfl = cfl;
  return options;
}

/// 0.1 fm in x and y, 0.2 units of eta.
core::Grid grid(int dimensions) {
  core::Grid grid;
  grid.dimensions = dimensions;
  for (int d = 0; d < dimensions; ++d) {
    grid.points[d] = 40;
    grid.lower[d] = d < 2 ? -2.0 : -4.0;
    grid.upper[d] = -grid.lower[d];
  }
  return grid;
}

double step(const solvers::SolverOptions& options, double time, int dimensions = 2) {
  const physics::FluidModel fluid(options.eos, options.transport);
  return solvers::cfl_step(options, grid(dimensions), fluid, time, lowest, highest);
}

// tau_pi = C (eta/s)/T is shortest where it is hottest.
TEST(CflStep, IsNoLongerThanAShareOfTheShortestRelaxationTime) {
  solvers::SolverOptions o = options(100.0);
  o.time.expansion_fraction = 100.0;
  const physics::FluidModel fluid(o.eos, o.transport);
  const double tau_pi = o.transport.tau_pi_coefficient * eta_over_s / fluid.eos(std::log(highest)).temperature;
  for (const double share : {0.5, 0.2}) {
    o.time.relaxation_fraction = share;
    EXPECT_NEAR(step(o, time_fm), share * tau_pi, 1e-12 * tau_pi);
  }
  o.time.integrator = "ars443";  // implicit in the relaxation
  EXPECT_DOUBLE_EQ(step(o, time_fm), 100.0 * 0.1);
}

TEST(CflStep, IsNoLongerThanAShareOfProperTime) {
  solvers::SolverOptions o = options(100.0);
  o.transport.eta_over_s.value = 0.0;
  for (const double share : {0.1, 0.03}) {
    o.time.expansion_fraction = share;
    EXPECT_DOUBLE_EQ(step(o, time_fm), share * time_fm);
  }
  o.geometry = physics::Geometry::minkowski;
  EXPECT_DOUBLE_EQ(step(o, time_fm), 100.0 * 0.1);
}

TEST(CflStep, IsAShareOfTheFinestSpacing) {
  solvers::SolverOptions o = options(0.4);
  o.transport.eta_over_s.value = 0.0;
  EXPECT_DOUBLE_EQ(step(o, time_fm), 0.4 * 0.1);
  o.time.expansion_fraction = 1.0;
  EXPECT_DOUBLE_EQ(step(o, 0.25, 3), 0.4 * 0.25 * 0.2) << "eta counts as tau d eta";
}

}  // namespace
}  // namespace ister::tests
