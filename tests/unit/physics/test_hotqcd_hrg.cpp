#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "physics/continuation.hpp"
#include "physics/eos_type.hpp"
#include "physics/hotqcd.hpp"
#include "physics/hotqcd_hrg.hpp"
#include "physics/units.hpp"
#include "tests/unit/core/refusal.hpp"

namespace ister::tests {
namespace {

using namespace physics;

double relative(double a, double b) { return std::abs(a / b - 1.0); }

EosPoint at(const EosTable& table, double log_e) { return table.view().at(table.view().locate(log_e)); }

const HadronGas& shipped_gas() {
  static const HadronGas gas(shipped_hadrons());
  return gas;
}

const EosTable& shipped_table() {
  static const EosTable table = std::get<EosTable>(make_eos({"hotqcd_hrg", {}}));
  return table;
}

/// ln e of the sums at a temperature in MeV.
double gas_log_e(double mev) {
  const double t = units::mev_to_inverse_fm(mev);
  return std::log(shipped_gas().at(t).energy()) + 4.0 * std::log(t);
}

/// What the sums say at a temperature in MeV, against a table.
void expect_gas(const EosTable& table, double mev) {
  const ScaledPressure p = shipped_gas().at(units::mev_to_inverse_fm(mev));
  const EosPoint found = at(table, gas_log_e(mev));
  EXPECT_LT(relative(found.temperature, units::mev_to_inverse_fm(mev)), 1e-12) << mev;
  EXPECT_LT(relative(found.pressure_over_energy, p.value / p.energy()), 1e-12) << mev;
  EXPECT_LT(relative(found.sound_speed_squared, p.sound_speed_squared()), 1e-10) << mev;
}

TEST(HotQcdHrg, IsAGasOfHadronsFrom40To155MeV) {
  for (double mev = 40.0; mev <= 155.0; mev += 0.83) expect_gas(shipped_table(), mev);
  expect_gas(shipped_table(), 155.0);
}

TEST(HotQcdHrg, IsTheLatticeAbove222MeV) {
  for (double mev = 222.0; mev < 900.0; mev += 3.1) {
    const double log_e = hotqcd::log_e(units::mev_to_inverse_fm(mev));
    const EosPoint found = at(shipped_table(), log_e), exact = hotqcd::at(log_e);
    EXPECT_LT(relative(found.temperature, exact.temperature), 1e-13) << mev;
    EXPECT_LT(relative(found.pressure_over_energy, exact.pressure_over_energy), 1e-14) << mev;
    EXPECT_LT(relative(found.sound_speed_squared, exact.sound_speed_squared), 3e-12) << mev;
  }
}

// T ds = de and dp = s dT with s = (e + p)/T are both d ln T/d ln e = (dp/de)/(1 + p/e): of the polynomials themselves.
TEST(HotQcdHrg, IsThermodynamicallyConsistent) {
  const TableEos eos = shipped_table().view();
  double worst = 0.0;
  for (double x = -34.0; x < 14.0; x += 0.000713) {
    const TableEos::Position position = eos.locate(x);
    const EosPoint point = eos.at(position);
    const ValueAndSlope t = polynomial_and_slope<TableEos::temperature_terms>(
        eos.coefficients, position.first + TableEos::ratio_terms, position.s);
    const double slope = 2.0 * eos.inverse_step * t.slope / t.value;
    worst = std::max(worst, relative(slope, point.sound_speed_squared / (1.0 + point.pressure_over_energy)));
  }
  EXPECT_LT(worst, 1e-10);
}

TEST(HotQcdHrg, IsCausalWithTheDefaultBulkLaw) {
  for (double x = -34.0; x < 14.0; x += 0.001) {
    const double cs2 = at(shipped_table(), x).sound_speed_squared, bulk = cs2 - 1.0 / 3.0;
    EXPECT_GT(cs2, 0.135) << x;
    EXPECT_LE(cs2 + 4.0 / 15.0 + 14.55 * bulk * bulk, 1.0) << x;
  }
}

// c_s^2 is continuous everywhere, and so is its slope but for where the gas ends.
TEST(HotQcdHrg, SpeedOfSoundIsSmooth) {
  const auto cs2 = [](double x) { return at(shipped_table(), x).sound_speed_squared; };
  const double h = 1e-5;
  double last = cs2(-20.0), last_slope = (cs2(-20.0 + h) - cs2(-20.0 - h)) / (2.0 * h);
  const double step = 1e-3;
  for (double x = -20.0 + step; x < 10.0; x += step) {
    const double slope = (cs2(x + h) - cs2(x - h)) / (2.0 * h);
    EXPECT_LT(std::abs(cs2(x) - last), 5e-4) << x;
    const bool gas_ends = std::abs(x - gas_log_e(40.0)) < 2 * step;
    EXPECT_TRUE(gas_ends || std::abs(slope - last_slope) < 2e-3) << x;
    last = cs2(x);
    last_slope = slope;
  }
}

TEST(HotQcdHrg, TailBelow40MeV) {
  const double log_e = gas_log_e(40.0);
  const ScaledPressure p = shipped_gas().at(units::mev_to_inverse_fm(40.0));
  const EosPoint last{p.value / p.energy(), p.sound_speed_squared(), units::mev_to_inverse_fm(40.0)};
  const Continuation tail(log_e, last, Continuation::Direction::below);
  for (double x = log_e - 20.0; x < log_e; x += 0.0173) {
    EXPECT_LT(relative(at(shipped_table(), x).pressure_over_energy, tail.at(x).pressure_over_energy), 1e-12) << x;
    EXPECT_LT(relative(at(shipped_table(), x).temperature, tail.at(x).temperature), 1e-12) << x;
  }
  EXPECT_LT(relative(shipped_table().lowest_temperature, units::mev_to_inverse_fm(40.0)), 1e-15);
}

TEST(HotQcdHrg, HadronsReachAsFarAsTheKeySays) {
  for (const double gev : {0.1, 0.13, 0.17, 0.18}) {
    const EosTable table = std::get<EosTable>(make_eos({"hotqcd_hrg", {{"hadron_gas_below", gev}}}));
    for (const double part : {0.6, 0.9, 0.99, 1.0}) expect_gas(table, 1e3 * gev * part);
    // Further up something else.
    const ScaledPressure p = shipped_gas().at(units::gev_to_inverse_fm(1.05 * gev));
    const EosPoint beyond = at(table, gas_log_e(1050.0 * gev));
    EXPECT_GT(relative(beyond.pressure_over_energy, p.value / p.energy()), 1e-6) << gev;
  }
  for (const double gev : {0.09, 0.19, std::nan("")})
    EXPECT_THROW((void)make_eos({"hotqcd_hrg", {{"hadron_gas_below", gev}}}), InputError);
}

TEST(HotQcdHrg, RefusesAListWithoutResonances) {
  std::vector<Hadron> pions;
  for (const Hadron& h : shipped_hadrons())
    if (h.mass < 0.2) pions.push_back(h);
  ASSERT_EQ(pions.size(), 3u);
  const std::string message = refusal([&] { (void)tabulate_hotqcd_hrg(HadronGas(pions), 0.155); });
  for (const char* part : {"eos.hadrons", "hadron_gas_below = 0.155 GeV", "dp/de = ", "resonances"})
    EXPECT_TRUE(has(message, part));
}

}  // namespace
}  // namespace ister::tests
