#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "core/base/error.hpp"
#include "physics/fluid_model.hpp"
#include "physics/units.hpp"
#include "tests/scratch_folder.hpp"
#include "tests/unit/physics/massive_gas.hpp"

namespace ister::tests {
namespace {

using namespace physics;

double relative(double a, double b) { return std::abs(a / b - 1.0); }

class TransportFile : public testing::Test {
 protected:
  std::string write(const std::string& text, const std::string& name = "table.csv") {
    const std::string path = (m_folder.path() / name).string();
    std::ofstream(path) << text;
    return path;
  }

 private:
  tests::ScratchFolder m_folder;
};

const EosOptions hotqcd{"hotqcd", {}}, power_law{"constant_cs2", {{"cs2", 0.25}}};

FluidPoint at_mev(const FluidModel& fluid, double mev) {
  return fluid.at(fluid.log_e_of_temperature(units::mev_to_inverse_fm(mev)));
}

TEST(Transport, ConstantsInConformalMatter) {
  TransportOptions options;
  options.eta_over_s.value = 0.2;
  options.phi7 = true;
  const FluidModel fluid(EosOptions{}, options);
  EXPECT_TRUE(fluid.has_shear());
  EXPECT_FALSE(fluid.has_bulk());
  const double temperature = 1.5;
  const FluidPoint point = fluid.at(fluid.log_e_of_temperature(temperature));
  EXPECT_DOUBLE_EQ(point.energy_fraction, 0.75);
  EXPECT_LT(relative(1.0 / point.shear_rate, 5.0 * 0.2 / temperature), 1e-14);  // tau_pi = 5 eta/(T s)
  EXPECT_DOUBLE_EQ(point.shear_stiffness, 0.2);
  EXPECT_DOUBLE_EQ(point.delta_pipi, 4.0 / 3.0);
  EXPECT_DOUBLE_EQ(point.tau_pipi, 10.0 / 7.0);
  EXPECT_DOUBLE_EQ(point.lambda_pibulk, 1.2);
  EXPECT_DOUBLE_EQ(point.delta_bulkbulk, 2.0 / 3.0);
  EXPECT_NEAR(point.lambda_bulkpi, 0.0, 1e-15);
  EXPECT_LT(relative(point.phi7, 9.0 / 70.0 * 4.0 * point.shear_rate), 1e-14);  // w/p = 4
  EXPECT_DOUBLE_EQ(point.bulk_stiffness, 0.0);
}

TEST(Transport, BulkRelaxationFollowsTheSpeedOfSound) {
  TransportOptions options;
  options.zeta_over_s.value = 0.1;
  const FluidModel fluid(power_law, options);
  EXPECT_TRUE(fluid.has_bulk());
  const double temperature = 1.2;
  const FluidPoint point = fluid.at(fluid.log_e_of_temperature(temperature));
  const double stiffness = 14.55 / 144.0;
  EXPECT_LT(relative(point.bulk_stiffness, stiffness), 1e-13);
  EXPECT_LT(relative(point.bulk_rate, stiffness * temperature / 0.1), 1e-13);
  EXPECT_LT(relative(point.lambda_bulkpi, 8.0 / 60.0), 1e-13);
  EXPECT_EQ(point.phi7, 0.0);
}

TEST(Transport, ConstantBulkRelaxationTime) {
  TransportOptions options;
  options.zeta_over_s.value = 0.1;
  options.tau_bulk = 0.5;
  options.lambda_bulkpi = 0.3;
  const FluidModel fluid(EosOptions{}, options);
  const FluidPoint point = fluid.at(fluid.log_e_of_temperature(1.2));
  EXPECT_DOUBLE_EQ(point.bulk_rate, 2.0);
  EXPECT_LT(relative(point.bulk_stiffness, 0.1 / (1.2 * 0.5)), 1e-14);
  EXPECT_DOUBLE_EQ(point.lambda_bulkpi, 0.3);
}

TEST(Transport, KinkAndPeak) {
  TransportOptions options;
  options.eta_over_s = {ShearViscosityModel::Type::kink, 0.1, 160.0, -2.0, 1.5, ""};
  options.zeta_over_s = {BulkViscosityModel::Type::peak, 0.05, 180.0, 20.0, 0.25, ""};
  const FluidModel fluid(hotqcd, options);
  const auto eta = [&](double mev) {
    const FluidPoint point = at_mev(fluid, mev);
    return point.shear_stiffness * point.temperature / point.shear_rate;
  };
  const auto zeta = [&](double mev) {
    const FluidPoint point = at_mev(fluid, mev);
    return point.bulk_stiffness * point.temperature / point.bulk_rate;
  };
  EXPECT_LT(relative(eta(160.0), 0.1), 1e-12);
  EXPECT_LT(relative(eta(120.0), 0.1 + 0.04 * 2.0), 1e-12);
  EXPECT_LT(relative(eta(300.0), 0.1 + 0.14 * 1.5), 1e-12);
  EXPECT_LT(relative(zeta(180.0), 0.05), 1e-12);
  EXPECT_LT(relative(zeta(195.0), 0.05 / 2.0 * 2.0 * 625.0 / (225.0 + 625.0)), 1e-12);  // L = 25 above
  EXPECT_LT(relative(zeta(165.0), 0.05 / 2.0), 1e-12);                                  // L = 15 below
}

TEST(Transport, VanishingViscosityKeepsRatesFinite) {
  TransportOptions options;
  options.eta_over_s = {ShearViscosityModel::Type::kink, 0.1, 160.0, 2.0, 2.0, ""};  // negative below 110 MeV
  const FluidModel fluid(hotqcd, options);
  EXPECT_TRUE(std::isfinite(at_mev(fluid, 50.0).shear_rate));
  EXPECT_LT(relative(at_mev(fluid, 50.0).shear_rate, at_mev(fluid, 50.0).temperature / (5.0 * 1e-8)), 1e-12);
  options.eta_over_s = {};
  options.eta_over_s.value = 0.0;
  const FluidModel ideal(EosOptions{}, options);
  EXPECT_FALSE(ideal.has_shear());
  EXPECT_TRUE(std::isfinite(ideal.at(0.0).shear_rate));
  EXPECT_TRUE(std::isfinite(ideal.at(0.0).bulk_rate));
}

TEST(Transport, RefusesWhatMakesNoFluid) {
  const auto refuses = [](const std::function<void(TransportOptions&)>& change, const std::string& key) {
    TransportOptions options;
    change(options);
    try {
      const FluidModel fluid(EosOptions{}, options);
      ADD_FAILURE() << key;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(key), std::string::npos) << error.what();
    }
  };
  refuses([](auto& o) { o.eta_over_s.value = -0.1; }, "eta_over_s");
  refuses([](auto& o) { o.eta_over_s.value = std::nan(""); }, "eta_over_s");
  refuses([](auto& o) { o.zeta_over_s.value = -0.1; }, "zeta_over_s");
  refuses([](auto& o) { o.tau_pi_coefficient = 0.0; }, "tau_pi_coefficient");
  refuses([](auto& o) { o.tau_bulk = 0.0; }, "tau_bulk");
  refuses([](auto& o) { o.zeta_over_s.value = 0.1; }, "tau_bulk");  // conformal: tau_Pi would be infinite
  refuses([](auto& o) { o.zeta_over_s = {BulkViscosityModel::Type::peak, 0.1, 180.0, 0.0, 0.0, ""}; }, "width");
  refuses([](auto& o) { o.zeta_over_s = {BulkViscosityModel::Type::peak, 0.1, 180.0, 10.0, 1.0, ""}; }, "skew");
}

TEST_F(TransportFile, ViscositiesFromTables) {
  std::ostringstream eta_rows;
  std::ostringstream zeta_rows;
  zeta_rows << "# T[GeV] zeta/s\n";
  const auto eta = [](double mev) { return 0.08 + 1e-6 * (mev - 150.0) * (mev - 150.0); };
  const auto zeta = [](double mev) { return 0.1 * std::exp(-std::pow((mev - 180.0) / 40.0, 2)); };
  for (double mev = 50.0; mev <= 600.0; mev += 2.0) {
    eta_rows << mev << ", " << eta(mev) << '\n';
    zeta_rows << 1e-3 * mev << ' ' << zeta(mev) << '\n';
  }
  TransportOptions options;
  options.eta_over_s.type = ShearViscosityModel::Type::table;
  options.eta_over_s.file = write(eta_rows.str(), "eta.csv");
  options.zeta_over_s.type = BulkViscosityModel::Type::table;
  options.zeta_over_s.file = write(zeta_rows.str(), "zeta.csv");
  const FluidModel hot(hotqcd, options);
  const FluidModel power(power_law, options);
  for (const FluidModel* fluid : {&hot, &power}) {
    EXPECT_TRUE(fluid->has_shear() && fluid->has_bulk());
    for (double mev = 100.0; mev < 400.0; mev += 3.3) {
      const FluidPoint point = at_mev(*fluid, mev);
      EXPECT_LT(relative(1.0 / point.shear_rate, 5.0 * eta(mev) / point.temperature), 1e-3) << mev;
      const double conformality = 1.0 / 3.0 - point.sound_speed_squared;
      EXPECT_LT(relative(point.bulk_stiffness, 14.55 * conformality * conformality), 1e-6) << mev;
      EXPECT_NEAR(point.bulk_stiffness * point.temperature / point.bulk_rate, zeta(mev), 1e-4) << mev;
      EXPECT_LT(relative(point.delta_pipi, 4.0 / 3.0), 1e-14);
    }
    EXPECT_NEAR(
        at_mev(*fluid, 20.0).shear_stiffness * at_mev(*fluid, 20.0).temperature / at_mev(*fluid, 20.0).shear_rate,
        eta(50.0), 1e-6);  // beyond the table its end holds
  }
}

// A smooth model of all coefficients on the rows of the massive gas: the accuracy of the interpolation.
TEST_F(TransportFile, CoefficientsOfTheMassiveGas) {
  const auto mass_ratio = [](double t) { return 5.0 / t; };
  const auto beta_pi = [&](double t) {
    const MassiveGas gas(t);
    return (gas.energy + gas.pressure) * 0.2 / (1.0 + 0.1 * mass_ratio(t));
  };
  const auto beta_bulk = [&](double t) {
    const MassiveGas gas(t);
    return (gas.energy + gas.pressure) * 3.0 * std::pow(1.0 / 3.0 - gas.sound_speed_squared, 2);
  };
  const auto coefficient = [&](double t) { return 1.2 + 0.3 * std::tanh(0.2 * mass_ratio(t)); };
  std::ostringstream rows;
  rows.precision(17);
  rows << "# coefficients of a gas\nT,e,p,s,beta_Pi,beta_pi,dPiPi,lPipi,dpipi,tpipi,lpiPi\n";
  for (int i = 0; i <= 100; ++i) {
    const double t = 0.4 + 0.02 * i;
    const MassiveGas gas(t);
    rows << t << ',' << gas.energy << ',' << gas.pressure << ',' << (gas.energy + gas.pressure) / t << ','
         << beta_bulk(t) << ',' << beta_pi(t);
    for (int k = 1; k <= 5; ++k) rows << ',' << k * coefficient(t);
    rows << '\n';
  }
  const std::string table = write(rows.str());
  const EosOptions eos{"table", {{"file", table}}};
  TransportOptions options;
  options.table = table;
  options.tau_relaxation_T = 1.7;
  const FluidModel fluid(eos, options);
  EXPECT_TRUE(fluid.has_shear() && fluid.has_bulk());
  for (double t = 0.401; t < 2.4; t += 0.0077) {
    const MassiveGas gas(t);
    const double w = gas.energy + gas.pressure;
    const FluidPoint point = fluid.at(std::log(gas.energy));
    EXPECT_LT(relative(point.temperature, t), 1e-9);
    EXPECT_LT(relative(point.energy_fraction, gas.energy / w), 1e-9);
    EXPECT_LT(relative(point.shear_rate, t / 1.7), 1e-9) << t;
    EXPECT_LT(relative(point.bulk_rate, t / 1.7), 1e-9) << t;
    EXPECT_LT(relative(point.shear_stiffness, beta_pi(t) / w), 1e-9) << t;
    EXPECT_LT(relative(point.bulk_stiffness, beta_bulk(t) / w), 1e-9) << t;
    EXPECT_LT(relative(point.delta_bulkbulk, coefficient(t)), 1e-9) << t;
    EXPECT_LT(relative(point.lambda_bulkpi, 2.0 * coefficient(t)), 1e-9) << t;
    EXPECT_LT(relative(point.delta_pipi, 3.0 * coefficient(t)), 1e-9) << t;
    EXPECT_LT(relative(point.tau_pipi, 4.0 * coefficient(t)), 1e-9) << t;
    EXPECT_LT(relative(point.lambda_pibulk, 5.0 * coefficient(t)), 1e-9) << t;
  }
}

TEST_F(TransportFile, ErrorsNameFileAndLine) {
  TransportOptions options;
  options.eta_over_s.type = ShearViscosityModel::Type::table;
  options.eta_over_s.file = "no/such/table";
  EXPECT_THROW(FluidModel(EosOptions{}, options), FileError);
  const auto refuses = [&](const std::string& text, const std::string& part) {
    options.eta_over_s.file = write(text);
    try {
      const FluidModel fluid(EosOptions{}, options);
      ADD_FAILURE() << part;
    } catch (const InputError& error) {
      EXPECT_NE(std::string(error.what()).find(part), std::string::npos) << error.what();
    }
  };
  refuses("100 0.1\n200 0.2\n", "at least 3");
  refuses("100 0.1\n200 -0.2\n300 0.3\n", ":2:");
  refuses("100 0.1\n200 0.2\n150 0.3\n", ":3:");
  refuses("100 0.1 4\n200 0.2 4\n", "3 values");
  refuses("# T[K] eta/s\n100 0.1\n", "[K]; allowed");
  refuses("# T[GeV] viscosity\n0.1 0.1\n", "does not name");
  options = {};
  options.table = write("T,beta_pi,beta_Pi\n1,2,3\n");
  EXPECT_THROW(FluidModel(EosOptions{}, options), InputError);
}

}  // namespace
}  // namespace ister::tests
