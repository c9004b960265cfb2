#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <sstream>
#include <string>

#include "core/base/error.hpp"
#include "core/base/simd_math.hpp"
#include "physics/continuation.hpp"
#include "physics/eos_table.hpp"
#include "physics/fluid_model.hpp"
#include "physics/hotqcd.hpp"
#include "physics/interpolation.hpp"
#include "physics/units.hpp"
#include "tests/scratch_folder.hpp"
#include "tests/unit/core/refusal.hpp"
#include "tests/unit/physics/massive_gas.hpp"

namespace ister::tests {
namespace {

using namespace physics;

double relative(double a, double b) { return std::abs(a / b - 1.0); }

EosPoint at(const EosTable& table, double log_e) { return table.view().at(table.view().locate(log_e)); }

TEST(SimdMath, ExpIsAccurateToTwoUlp) {
  double worst = 0.0;
  for (int i = 0; i <= 400000; ++i) {
    const double x = -708.0 + 1417.0 * i / 400000;
    const long double exact = std::exp(static_cast<long double>(x));
    const double value = ister::simd_exp(x);
    const double ulp = std::nextafter(value, HUGE_VAL) - value;
    worst = std::max(worst, static_cast<double>(std::abs(value - exact) / ulp));
  }
  EXPECT_LT(worst, 1.5);
  EXPECT_EQ(ister::simd_exp(0.0), 1.0);
  EXPECT_EQ(ister::simd_exp(-std::numeric_limits<double>::infinity()), 0.0);
  EXPECT_TRUE(std::isfinite(ister::simd_exp(1e300)));
  EXPECT_TRUE(std::isnan(ister::simd_exp(std::nan(""))));
}

TEST(Interpolation, PolynomialReproducesItsDegree) {
  const auto f = [](double s) { return 1.0 + s * (2.0 - s * (3.0 + s * 0.5)); };
  std::vector<double> values;
  for (const double s : chebyshev_points(4)) values.push_back(f(s));
  const std::vector<double> c = polynomial_through(values);
  EXPECT_NEAR(c[0], 1.0, 1e-15);
  EXPECT_NEAR(c[1], 2.0, 1e-15);
  EXPECT_NEAR(c[2], -3.0, 1e-15);
  EXPECT_NEAR(c[3], -0.5, 1e-15);
}

TEST(Interpolation, ChebyshevCurveIsStableAtHighDegree) {
  const auto f = [](double x) { return std::exp(-x) * std::sin(5.0 * x); };
  std::vector<double> values;
  for (const double s : chebyshev_points(60)) values.push_back(f(1.0 + 2.0 * (s + 1.0)));
  const Curve curve = chebyshev_curve(1.0, 5.0, values);
  for (double at = 1.0; at <= 5.0; at += 0.0137) EXPECT_NEAR(curve(at), f(at), 2e-15);
  EXPECT_EQ(curve(1.0), values.front());
  EXPECT_EQ(curve(0.0), values.front());
  EXPECT_EQ(curve(9.0), values.back());
}

TEST(Interpolation, SmoothCurveIsExactForDegreeSevenOnUnevenPoints) {
  std::vector<double> x{-1.0, -0.9, -0.7, -0.3, -0.2, 0.1, 0.25, 0.4, 0.45, 0.7, 0.9, 1.0};
  std::vector<double> y;
  for (const double at : x) y.push_back(std::pow(at, 7) - 2.0 * at * at + 1.0);
  const Curve curve = smooth_curve(x, y);
  for (double at = -1.0; at <= 1.0; at += 0.01) EXPECT_NEAR(curve(at), std::pow(at, 7) - 2.0 * at * at + 1.0, 1e-12);
  EXPECT_NEAR(curve(5.0), y.back(), 1e-13);
}

TEST(Interpolation, MonotoneCurveDoesNotOvershootAStep) {
  const Curve curve = monotone_curve({0, 1, 2, 3, 4, 5}, {0, 0, 0, 1, 1, 1});
  for (double at = -1.0; at < 6.0; at += 0.01) {
    EXPECT_GE(curve(at), 0.0);
    EXPECT_LE(curve(at), 1.0);
  }
}

TEST(PowerLaw, ConformalMatter) {
  const FluidModel fluid(EosOptions{}, TransportOptions{});
  EXPECT_TRUE(fluid.table().empty());
  const double temperature = 1.7;
  const double e = 42.25 * M_PI * M_PI / 30.0 * std::pow(temperature, 4);
  EXPECT_NEAR(fluid.log_e_of_temperature(temperature), std::log(e), 1e-14);
  const EosPoint point = fluid.eos(std::log(e));
  EXPECT_NEAR(point.temperature, temperature, 1e-15 * 10);
  EXPECT_DOUBLE_EQ(point.pressure_over_energy, 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(point.sound_speed_squared, 1.0 / 3.0);
}

TEST(PowerLaw, ConstantSpeedOfSound) {
  EosOptions options;
  options.type = "constant_cs2";
  options.values["cs2"] = 0.25;
  options.values["degrees_of_freedom"] = 30.0;
  const FluidModel fluid(options, TransportOptions{});
  const double temperature = 1.3;
  const double log_e = std::log(M_PI * M_PI * std::pow(temperature, 5.0));
  EXPECT_NEAR(fluid.eos(log_e).temperature, temperature, 1e-14);
  EXPECT_NEAR(fluid.log_e_of_temperature(temperature), log_e, 1e-14);
  EXPECT_EQ(fluid.eos(log_e).pressure_over_energy, 0.25);
  options.values["cs2"] = 1.0;
  EXPECT_THROW(FluidModel(options, TransportOptions{}), InputError);
}

TEST(HotQcd, PublishedNumbers) {
  const hotqcd::Fit low = hotqcd::fit(150.0);
  EXPECT_NEAR(low.pressure, 0.65598, 5e-6);
  EXPECT_NEAR(low.energy, 4.0764, 5e-5);
  EXPECT_NEAR(low.sound_speed_squared, 0.1447, 5e-5);
  const hotqcd::Fit high = hotqcd::fit(300.0);
  EXPECT_NEAR(high.pressure, 3.08191, 5e-6);
  EXPECT_NEAR(high.energy, 12.1985, 5e-5);
  EXPECT_NEAR(high.sound_speed_squared, 0.2823, 5e-5);
}

TEST(HotQcd, FitIsDifferentiatedExactly) {
  for (double t = 115.0; t < 600.0; t += 7.0) {
    const double h = 1e-3 * t;
    const auto p = [](double x) { return hotqcd::fit(x).pressure * std::pow(x, 4); };
    const auto e = [](double x) { return hotqcd::fit(x).energy * std::pow(x, 4); };
    const double dp = (8.0 * (p(t + h) - p(t - h)) - (p(t + 2 * h) - p(t - 2 * h))) / (12.0 * h);
    const double de = (8.0 * (e(t + h) - e(t - h)) - (e(t + 2 * h) - e(t - 2 * h))) / (12.0 * h);
    EXPECT_LT(relative(e(t), t * dp - p(t)), 1e-9) << t;
    EXPECT_LT(relative(hotqcd::fit(t).sound_speed_squared, dp / de), 1e-9) << t;
  }
}

TEST(HotQcd, TableAgreesWithTheFitAndItsContinuation) {
  const EosTable table = tabulate_hotqcd();
  const double log_e1 = hotqcd::log_e(table.lowest_temperature);
  const Continuation below(log_e1, hotqcd::at(log_e1), Continuation::Direction::below);
  double worst_ratio = 0.0;
  double worst_temperature = 0.0;
  double worst_speed = 0.0;
  for (double log_e = -32.3; log_e < 14.0; log_e += 0.00097) {
    const EosPoint exact = log_e < log_e1 ? below.at(log_e) : hotqcd::at(log_e);
    const EosPoint found = at(table, log_e);
    worst_ratio = std::max(worst_ratio, relative(found.pressure_over_energy, exact.pressure_over_energy));
    worst_temperature = std::max(worst_temperature, relative(found.temperature, exact.temperature));
    worst_speed = std::max(worst_speed, relative(found.sound_speed_squared, exact.sound_speed_squared));
  }
  EXPECT_LT(worst_ratio, 1e-14);
  EXPECT_LT(worst_temperature, 1e-13);
  EXPECT_LT(worst_speed, 3e-12);
}

TEST(HotQcd, ContinuationIsSmoothAndBounded) {
  const EosTable table = tabulate_hotqcd();
  const double log_e1 = hotqcd::log_e(units::mev_to_inverse_fm(110.0));
  EXPECT_NEAR(at(table, log_e1).sound_speed_squared, 0.197, 5e-4);
  EXPECT_NEAR(at(table, -30.0).sound_speed_squared, 0.228, 5e-4);
  EXPECT_NEAR(at(table, -30.0).pressure_over_energy, 0.228, 5e-4);
  EXPECT_LT(relative(at(table, log_e1 - 1e-9).sound_speed_squared, at(table, log_e1 + 1e-9).sound_speed_squared), 1e-8);
  // d ln T/d ln e = (dp/de)/(1 + p/e), across the junction too
  for (double log_e = -20.0; log_e < 10.0; log_e += 0.37) {
    const double h = 1e-4;
    const double slope = std::log(at(table, log_e + h).temperature / at(table, log_e - h).temperature) / (2.0 * h);
    const EosPoint point = at(table, log_e);
    EXPECT_NEAR(slope, point.sound_speed_squared / (1.0 + point.pressure_over_energy), 1e-8) << log_e;
  }
}

TEST(EosTable, DerivativeBelongsToThePressureInUse) {
  const EosTable table = tabulate_hotqcd();
  for (double log_e = -10.0; log_e < 10.0; log_e += 0.173) {
    const double h = 1e-3;
    const auto p = [&](double x) { return at(table, x).pressure_over_energy * std::exp(x); };
    const double slope = (8.0 * (p(log_e + h) - p(log_e - h)) - (p(log_e + 2 * h) - p(log_e - 2 * h))) / (12.0 * h);
    EXPECT_LT(relative(slope * std::exp(-log_e), at(table, log_e).sound_speed_squared), 1e-8) << log_e;
  }
}

TEST(EosTable, StaysInMemoryWhateverComes) {
  const EosTable table = tabulate_hotqcd();
  for (const double log_e : {-1e300, -700.0, 700.0, 1e300, std::nan(""), HUGE_VAL, -HUGE_VAL}) {
    const EosPoint point = at(table, log_e);
    EXPECT_GT(point.temperature, 0.0) << log_e;
    EXPECT_GT(point.pressure_over_energy, 0.0) << log_e;
    EXPECT_LT(point.sound_speed_squared, 1.0 / 3.0 + 1e-2) << log_e;
  }
}

TEST(EosTable, InverseOfTheTemperature) {
  EosOptions options;
  options.type = "hotqcd";
  const FluidModel fluid(options, TransportOptions{});
  for (const double mev : {20.0, 80.0, 109.9, 110.1, 154.0, 400.0, 1000.0}) {
    const double temperature = units::mev_to_inverse_fm(mev);
    EXPECT_LT(relative(fluid.eos(fluid.log_e_of_temperature(temperature)).temperature, temperature), 1e-14);
  }
}

TEST(EosTable, ReproducesThePowerLaw) {
  const PowerLawEos conformal{1.0 / 3.0, std::log(42.25 * M_PI * M_PI / 30.0)};
  const EosTable table = tabulate(conformal);
  for (double log_e = -30.0; log_e < 14.0; log_e += 0.31) {
    EXPECT_NEAR(at(table, log_e).pressure_over_energy, 1.0 / 3.0, 1e-15);
    EXPECT_NEAR(at(table, log_e).sound_speed_squared, 1.0 / 3.0, 1e-12);
    EXPECT_LT(relative(at(table, log_e).temperature, conformal.at(log_e).temperature), 1e-13);
  }
}

// 101 rows of an exact equation of state: the accuracy of the interpolation itself.
TEST(EosFile, MassiveGasBetweenTheRows) {
  const TextFile file(massive_gas_csv());
  const EosTable table = tabulate_file(file.path());
  EXPECT_TRUE(table.warnings.empty());
  EXPECT_NEAR(table.lowest_temperature, 0.4, 1e-14);
  EXPECT_NEAR(table.highest_temperature, 2.4, 1e-14);
  for (double temperature = 0.4; temperature < 2.4; temperature += 0.00137) {
    const MassiveGas exact(temperature);
    const EosPoint found = at(table, std::log(exact.energy));
    EXPECT_LT(relative(found.pressure_over_energy, exact.pressure / exact.energy), 1e-9) << temperature;
    EXPECT_LT(relative(found.temperature, temperature), 1e-9) << temperature;
    EXPECT_LT(relative(found.sound_speed_squared, exact.sound_speed_squared), 1e-8) << temperature;
  }
}

TEST(EosFile, ContinuesBeyondItsRows) {
  const TextFile file(massive_gas_csv());
  const EosTable table = tabulate_file(file.path());
  for (const double log_e : {std::log(MassiveGas(0.4).energy), std::log(MassiveGas(2.4).energy)}) {
    EXPECT_LT(relative(at(table, log_e - 1e-7).sound_speed_squared, at(table, log_e + 1e-7).sound_speed_squared), 1e-6);
  }
  EXPECT_GT(at(table, -34.0).sound_speed_squared, 0.05);
  EXPECT_LT(at(table, 14.0).sound_speed_squared, 1.0 / 3.0);
}

TEST(EosFile, UnitsOfTheHeader) {
  std::ostringstream text;
  text.precision(17);
  text << "# made up\n#  T [MeV]  s[fm^-3] p[GeV/fm^3] e[MeV/fm^3] \n\n";
  for (double t = 0.4; t < 2.4; t += 0.02) {
    const MassiveGas gas(t);
    text << units::inverse_fm_to_mev(t) << '\t' << (gas.energy + gas.pressure) / t << ' '
         << units::natural_to_gev_per_fm3(gas.pressure) << "  " << 1e3 * units::natural_to_gev_per_fm3(gas.energy)
         << "  # a comment\n";
  }
  const TextFile file(text.str());
  const EosTable table = tabulate_file(file.path());
  const MassiveGas gas(1.234);
  EXPECT_LT(relative(at(table, std::log(gas.energy)).temperature, 1.234), 1e-9);
  EXPECT_LT(relative(at(table, std::log(gas.energy)).pressure_over_energy, gas.pressure / gas.energy), 1e-9);
}

TEST(EosFile, DenseRoundedRowsDoNotSpoilTheSpeedOfSound) {
  std::ostringstream text;
  text.precision(7);  // what such files often carry
  text << "e[1/fm^4] p[1/fm^4] T[1/fm]\n";
  for (double t = 0.8; t < 2.0; t += 1e-4) {
    const MassiveGas gas(t);
    text << gas.energy << ' ' << gas.pressure << ' ' << t << '\n';
  }
  const TextFile file(text.str());
  const EosTable table = tabulate_file(file.path());
  for (double t = 0.81; t < 1.99; t += 0.0113) {
    const MassiveGas gas(t);
    EXPECT_LT(relative(at(table, std::log(gas.energy)).sound_speed_squared, gas.sound_speed_squared), 3e-4) << t;
  }
}

TEST(EosFile, KinksFallBackToTheMonotoneCubic) {
  std::ostringstream text;
  text.precision(17);
  text << "e[1/fm^4] p[1/fm^4] T[1/fm]\n";  // a first-order transition, a soft stretch between e = 1 and 5
  double log_t = 0.0;
  double last_p = 0.0;
  double last_e = 0.0;
  for (double e = 0.1; e < 30.0; e *= 1.1) {
    const double p = e < 1.0 ? 0.2 * e : e < 5.0 ? 0.2 + 0.02 * (e - 1.0) : 0.28 + 0.33 * (e - 5.0);
    if (last_e > 0.0) log_t += (p - last_p) / (0.5 * (e + p + last_e + last_p));
    text << e << ' ' << p << ' ' << std::exp(log_t) << '\n';
    last_p = p;
    last_e = e;
  }
  const TextFile file(text.str());
  const EosTable table = tabulate_file(file.path());
  ASSERT_FALSE(table.warnings.empty());
  EXPECT_NE(table.warnings[0].find("monotone"), std::string::npos);
  for (double log_e = -10.0; log_e < 10.0; log_e += 0.01) {
    EXPECT_GT(at(table, log_e).sound_speed_squared, 0.0);
    EXPECT_LT(at(table, log_e).sound_speed_squared, 1.0);
  }
}

TEST(EosFile, WarnsOfInconsistentTemperatures) {
  std::ostringstream text;
  text.precision(17);
  text << "e[1/fm^4] p[1/fm^4] T[1/fm]\n";
  for (double t = 0.8; t < 2.0; t += 0.02) {
    const MassiveGas gas(t);
    text << gas.energy << ' ' << gas.pressure << ' ' << t * t << '\n';
  }
  const TextFile file(text.str());
  const EosTable table = tabulate_file(file.path());
  ASSERT_EQ(table.warnings.size(), 1u);
  EXPECT_NE(table.warnings[0].find("consistent"), std::string::npos);
}

TEST(EosFile, ErrorsNameFileLineAndValue) {
  try {
    (void)tabulate_file("no/such/file.dat");
    ADD_FAILURE();
  } catch (const FileError& error) {
    EXPECT_TRUE(has(error.what(), "no/such/file.dat"));
  }
  const auto expect = [](const std::string& text, const std::string& part) {
    expect_refused_file([](const std::string& path) { (void)tabulate_file(path); }, text, part);
  };
  std::istringstream lines(massive_gas_csv());
  std::string header;
  std::getline(lines, header);
  const std::string rows(std::istreambuf_iterator<char>(lines), {});
  expect("", "no rows");
  expect("e[1/fm^4] p[1/fm^4] T[1/fm]\n", "no rows");
  expect(rows, "names the columns");
  expect("e,p,entropy\n" + rows, "does not name");
  expect("# T[GeV] e[GeV] p s\n" + rows, "[GeV]; allowed");
  expect("# e[GeV/fm^3] p\n" + rows, ":1:");
  expect(header + "\n" + rows + "1,2,x,4\n", ":103:");
  expect(header + "\n" + rows + "1,2,3\n", "3 values");
  expect(header + "\n" + rows + "nan,2,3,4\n", "'nan' is not");
  expect(header + "\n" + rows + "1e999,2,3,4\n", "1e999");
  expect(header + "\n" + rows + "oops\n", "'oops'");
  expect(header + "\n" + rows + "2.0,3000,100,100\n", "must increase");
  expect(header + "\n0,0,0,0\n" + rows, "must be positive");
  expect("e[1/fm^4] p[1/fm^4] T[1/fm]\n1 0.1 1\n2 0.2 1.1\n", "at least 8");
  std::string steep = "e[1/fm^4] p[1/fm^4] T[1/fm]\n";
  for (int i = 1; i < 20; ++i)
    steep += std::to_string(i) + " " + std::to_string(1.5 * i) + " " + std::to_string(i) + "\n";
  expect(steep, "dp/de must be below 1");
  std::string wrong_s = "e[1/fm^4] p[1/fm^4] s[1/fm^3] T[1/fm]\n";
  for (int i = 1; i < 20; ++i) {
    const double t = std::pow(i, 0.25);
    wrong_s += std::to_string(i) + " " + std::to_string(i / 3.0) + " " +
               std::to_string((i == 7 ? 1.02 : 1.0) * 4.0 / 3.0 * i / t) + " " + std::to_string(t) + "\n";
  }
  expect(wrong_s, ":8: s =");
}

}  // namespace
}  // namespace ister::tests
