#include "physics/gubser.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.hpp"
#include "physics/column_file.hpp"
#include "physics/steady_shock.hpp"

namespace ister::tests {
namespace {

using namespace physics;

const double energy_coefficient = 42.25 * M_PI * M_PI / 30.0;

ColumnFile read(const std::string& name, const std::vector<std::string>& columns) {
  std::vector<Column> wanted;
  for (const std::string& column : columns) wanted.push_back({column, 0});
  return read_columns(std::string(ISTER_TEST_DATA_DIR) + "/" + name, wanted);
}

void expect_flow(const std::string& name, double eta_over_s) {
  const Gubser flow({energy_coefficient, eta_over_s, 5.0, 4.0 / 3.0, 10.0 / 7.0}, 1.0, 1.2);
  const ColumnFile table = read(name, {"tau", "x", "y", "e", "ux", "uy", "pixx", "pixy", "piyy", "pizz"});
  ASSERT_GE(table.columns[0].size(), 30u);
  for (std::size_t row = 0; row < table.columns[0].size(); ++row) {
    const auto expected = [&](int c) { return table.columns[c][row]; };
    const GubserPoint p = flow.at(expected(0), expected(1), expected(2));
    EXPECT_NEAR(p.energy_density, expected(3), 1e-13 * expected(3));
    EXPECT_NEAR(p.ux, expected(4), 1e-13);
    EXPECT_NEAR(p.uy, expected(5), 1e-13);
    const double stress = 1e-13 * expected(3);
    EXPECT_NEAR(p.pixx, expected(6), stress);
    EXPECT_NEAR(p.pixy, expected(7), stress);
    EXPECT_NEAR(p.piyy, expected(8), stress);
    EXPECT_NEAR(p.pizz, expected(9), stress);
  }
}

TEST(Gubser, IdealFlowMatchesTheReference) { expect_flow("gubser_ideal.csv", 0.0); }

TEST(Gubser, ViscousFlowMatchesTheReference) { expect_flow("gubser_dnmr.csv", 0.2); }

TEST(Gubser, BeyondItsTableTheFlowIsRefused) {
  const Gubser flow({energy_coefficient, 0.2}, 1.0, 1.2);
  EXPECT_THROW(static_cast<void>(flow.at(1.0, 1e4, 0.0)), InputError);
}

TEST(SteadyShock, ProfileMatchesTheReference) {
  const SteadyShock shock({energy_coefficient, 0.1, 5.0, 4.0 / 3.0, 10.0 / 7.0}, 0.68, 1.0, 40.0);
  const ColumnFile table = read("steady_shock.csv", {"x", "v", "e", "Phi"});
  for (std::size_t row = 0; row < table.columns[0].size(); ++row) {
    const SteadyShock::Point p = shock.at(table.columns[0][row]);
    EXPECT_NEAR(p.velocity, table.columns[1][row], 1e-12);
    EXPECT_NEAR(p.energy_density, table.columns[2][row], 1e-10);
    EXPECT_NEAR(p.shear, table.columns[3][row], 1e-11);
  }
}

TEST(SteadyShock, FluxesAreTheSameEverywhere) {
  const SteadyShock shock({energy_coefficient, 0.1}, 0.7, 1.0, 40.0);
  const auto fluxes = [&](double x) {
    const SteadyShock::Point p = shock.at(x);
    const double gamma2 = 1.0 / (1.0 - p.velocity * p.velocity), pressure = p.energy_density / 3.0;
    const double energy = (4.0 * pressure + p.shear) * gamma2 * p.velocity;
    return std::make_pair(energy, energy * p.velocity + pressure + p.shear);
  };
  const auto [energy, momentum] = fluxes(-40.0);
  for (const double x : {-3.0, -0.5, 0.0, 1.0, 40.0}) {
    EXPECT_NEAR(fluxes(x).first, energy, 1e-12 * energy);
    EXPECT_NEAR(fluxes(x).second, momentum, 1e-12 * momentum);
  }
  EXPECT_NEAR(shock.at(-40.0).velocity, 0.7, 1e-12);
  EXPECT_NEAR(shock.at(40.0).velocity, shock.downstream_velocity(), 1e-12);
  EXPECT_NEAR(shock.boosted(-10.0, 0.7).velocity, 0.0, 1e-4);
}

TEST(SteadyShock, ProfilesWithAJumpAreRefused) {
  const ConformalFluid fluid{energy_coefficient, 0.1};
  EXPECT_THROW(SteadyShock(fluid, 0.8, 1.0, 10.0), InputError);
  EXPECT_THROW(SteadyShock(fluid, 0.5, 1.0, 10.0), InputError);
}

}  // namespace
}  // namespace ister::tests
