#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <regex>

#include "physics/causality.hpp"
#include "physics/units.hpp"
#include "tests/unit/core/refusal.hpp"

namespace ister::tests {
namespace {

using namespace physics;

constexpr double everywhere_low = -30.0, everywhere_high = 15.0;  // ln e
const double cut = units::gev_per_fm3_to_natural(0.1);

EosOptions constant_cs2(double cs2) { return {"constant_cs2", {{"cs2", cs2}}}; }

/// Without shear, zeta/s constant, tau_Pi in fm: acausal where T < zeta_over_s/(tau_bulk (1 - cs2)).
TransportOptions bulk_only(double zeta_over_s, double tau_bulk) {
  TransportOptions options;
  options.eta_over_s.value = 0.0;
  options.zeta_over_s.value = zeta_over_s;
  options.tau_bulk = tau_bulk;
  return options;
}

TransportOptions peaked(double value, double width_mev, double tau_bulk) {
  TransportOptions options = bulk_only(0.0, tau_bulk);
  options.zeta_over_s = {BulkViscosityModel::Type::peak, value, 250.0, width_mev, 0.0, ""};
  return options;
}

double mev(const FluidModel& fluid, double log_e) { return units::inverse_fm_to_mev(fluid.at(log_e).temperature); }

double log_e_at_mev(const FluidModel& fluid, double temperature) {
  return fluid.log_e_of_temperature(units::mev_to_inverse_fm(temperature));
}

double speed_squared(const FluidModel& fluid, double log_e) {
  return signal_speed(fluid.at(log_e), fluid.has_shear(), fluid.has_bulk()).squared();
}

TEST(AcausalRanges, EndWhereTheFormulaSays) {
  const FluidModel fluid(constant_cs2(0.2), bulk_only(0.5, 0.4));
  const auto ranges = acausal_ranges(fluid, everywhere_low, everywhere_high);
  ASSERT_EQ(ranges.size(), 1u);
  EXPECT_EQ(ranges[0].low, everywhere_low);
  EXPECT_NEAR(ranges[0].high, fluid.log_e_of_temperature(0.5 / (0.4 * 0.8)), 1e-7);
}

TEST(AcausalRanges, OfAPeakLieAroundIt) {
  for (const double width : {30.0, 3.0, 0.3}) {
    const FluidModel fluid(constant_cs2(0.15), peaked(0.6, width, 0.5));
    const auto ranges = acausal_ranges(fluid, log_e_at_mev(fluid, 100.0), everywhere_high);
    ASSERT_EQ(ranges.size(), 1u) << width;
    EXPECT_LT(mev(fluid, ranges[0].low), 250.0);
    EXPECT_GT(mev(fluid, ranges[0].high), 250.0);
    for (const double edge : {ranges[0].low, ranges[0].high}) {
      const double x = (mev(fluid, edge) - 250.0) / width;
      const double tau_temperature = 0.5 * units::mev_to_inverse_fm(mev(fluid, edge));
      EXPECT_NEAR(0.15 + 0.6 / (1.0 + x * x) / tau_temperature, 1.0, 1e-7) << width;
    }
  }
}

TEST(AcausalRanges, AreFoundBetweenSamples) {
  // The peak is lower than its sides are far apart: 250 MeV lies anywhere between samples of a scan.
  for (const double start : {-1.001, -0.503, -0.307, 0.0}) {
    const FluidModel fluid(constant_cs2(0.15), peaked(0.5390, 5.0, 0.5));
    const double peak = log_e_at_mev(fluid, 250.0);
    ASSERT_GT(speed_squared(fluid, peak), 1.0);
    const auto ranges = acausal_ranges(fluid, peak - 3.0 + start, everywhere_high);
    ASSERT_EQ(ranges.size(), 1u) << start;
    EXPECT_LT(ranges[0].high - ranges[0].low, 0.02);
  }
}

TEST(AcausalRanges, CountOnlyStressesThatAreEvolved) {
  TransportOptions options;
  options.tau_pi_coefficient = 0.5;
  EXPECT_EQ(acausal_ranges(FluidModel(EosOptions{}, options), everywhere_low, everywhere_high).size(), 1u);
  options.eta_over_s.value = 0.0;
  EXPECT_TRUE(acausal_ranges(FluidModel(EosOptions{}, options), everywhere_low, everywhere_high).empty());
  options = bulk_only(0.0, 1e-3);
  EXPECT_TRUE(acausal_ranges(FluidModel(constant_cs2(0.9), options), everywhere_low, everywhere_high).empty());
}

TEST(AcausalRanges, OfASinglePoint) {
  const FluidModel fluid(constant_cs2(0.2), bulk_only(0.5, 0.4));
  EXPECT_EQ(acausal_ranges(fluid, 0.0, 0.0).size(), 1u);
  EXPECT_TRUE(acausal_ranges(fluid, 10.0, 10.0).empty());
  EXPECT_TRUE(acausal_ranges(fluid, 1.0, 0.0).empty());
}

TEST(Causality, OfTheDefaultsHoldsEverywhere) {
  EosOptions eos;
  eos.type = "hotqcd";
  TransportOptions options;
  options.zeta_over_s = {BulkViscosityModel::Type::peak, 0.1, 180.0, 20.0, 0.0, ""};
  const FluidModel fluid(eos, options);
  EXPECT_TRUE(acausal_ranges(fluid, log_e_at_mev(fluid, 20.0), log_e_at_mev(fluid, 1000.0)).empty());
  EXPECT_TRUE(Causality(fluid, options, cut).always());
}

TEST(Causality, LimitIsSharp) {
  TransportOptions options;
  options.tau_pi_coefficient = 2.0;  // 1/3 + 4/(3 * 2) = 1
  const FluidModel at_limit(EosOptions{}, options);
  EXPECT_TRUE(Causality(at_limit, options, 0.0).always());
  options.tau_pi_coefficient = 1.99;
  const FluidModel beyond(EosOptions{}, options);
  EXPECT_FALSE(Causality(beyond, options, 0.0).always());
  EXPECT_TRUE(has(Causality(beyond, options, 0.0).describe(10.0), "tau_pi_coefficient"));
  EXPECT_TRUE(has(Causality(beyond, options, 0.0).describe(10.0), "= 1.003"));
}

TEST(Causality, CountsMatterAboveTheCut) {
  const FluidModel fluid(constant_cs2(0.2), bulk_only(0.5, 0.4));
  const double edge = std::exp(fluid.log_e_of_temperature(0.5 / (0.4 * 0.8)));
  EXPECT_TRUE(Causality(fluid, bulk_only(0.5, 0.4), 1.01 * edge).always());
  const Causality causality(fluid, bulk_only(0.5, 0.4), 0.5 * edge);
  EXPECT_FALSE(causality.always());
  EXPECT_EQ(causality.speed_squared(0.4 * edge), 0.0);
  EXPECT_GT(causality.speed_squared(0.6 * edge), 1.0);
  EXPECT_LT(causality.speed_squared(1.1 * edge), 1.0);
  EXPECT_TRUE(causality.holds_between(1.1 * edge, 50.0 * edge));
  EXPECT_TRUE(causality.holds_between(0.1 * edge, 0.4 * edge));
  EXPECT_FALSE(causality.holds_between(0.9 * edge, 50.0 * edge));
  EXPECT_FALSE(causality.holds_between(0.1 * edge, 50.0 * edge)) << "the range lies within";
}

/// What a message says to change, and to which number.
std::pair<std::string, double> advice(const std::string& message) {
  static const std::regex pattern("transport\\.(\\w+) to ([0-9.e+-]+)");
  std::smatch part;
  if (!std::regex_search(message, part, pattern)) return {"", 0.0};
  return {part[1], std::stod(part[2])};
}

TEST(Causality, AdviceMakesTheFluidCausal) {
  const double e = 20.0;
  const auto expect_cured = [&](const EosOptions& eos, TransportOptions options, const std::string& key,
                                const char* term) {
    const FluidModel fluid(eos, options);
    const std::string message = Causality(fluid, options, 0.0).describe(e);
    EXPECT_TRUE(has(message, std::string("largest term is that of ") + term));
    const auto [name, value] = advice(message);
    EXPECT_EQ(name, key) << message;
    if (name == "tau_pi_coefficient") options.tau_pi_coefficient = value;
    if (name == "tau_bulk") options.tau_bulk = value;
    if (name == "tau_bulk_coefficient") options.tau_bulk_coefficient = value;
    const double cured = speed_squared(FluidModel(eos, options), std::log(e));
    EXPECT_LE(cured, 1.0) << message;
    EXPECT_GT(cured, 0.99) << message;
  };
  TransportOptions options;
  options.tau_pi_coefficient = 1.2345;
  expect_cured(EosOptions{}, options, "tau_pi_coefficient", "shear");
  expect_cured(constant_cs2(0.9), TransportOptions{}, "tau_pi_coefficient", "sound");
  expect_cured(constant_cs2(0.2), bulk_only(2.0, 0.4), "tau_bulk", "bulk");
  options = bulk_only(0.1, 1.0);
  options.tau_bulk.reset();
  options.tau_bulk_coefficient = 60.0;
  expect_cured(constant_cs2(0.15), options, "tau_bulk_coefficient", "bulk");
}

TEST(Causality, WarnsOfWhatMayBeReached) {
  const TransportOptions options = peaked(0.6, 30.0, 0.5);
  const FluidModel fluid(constant_cs2(0.15), options);
  const auto e_at = [&](double temperature) { return std::exp(log_e_at_mev(fluid, temperature)); };
  const auto warnings = [&](double cut_mev, double coldest, double hottest) {
    return Causality(fluid, options, e_at(cut_mev)).warnings(e_at(coldest), e_at(hottest));
  };
  const auto ranges = acausal_ranges(fluid, log_e_at_mev(fluid, 150.0), everywhere_high);
  ASSERT_EQ(ranges.size(), 1u);
  const double first = mev(fluid, ranges[0].low), last = mev(fluid, ranges[0].high);

  EXPECT_TRUE(warnings(150.0, 160.0, 200.0).empty()) << "too cold to get there";
  ASSERT_EQ(warnings(150.0, 300.0, 320.0).size(), 1u) << "cools into it";
  EXPECT_TRUE(has(warnings(150.0, 300.0, 320.0)[0], fmt::format("T = {:.4g} to {:.4g} MeV", first, last)));
  EXPECT_TRUE(has(warnings(150.0, 300.0, 320.0)[0], "transport.tau_bulk"));
  EXPECT_EQ(warnings(150.0, 160.0, 0.99 * first).size(), 1u) << "heats into it";
  EXPECT_TRUE(warnings(290.0, 300.0, 320.0).empty()) << "no longer counts when it gets there";
  ASSERT_EQ(warnings(290.0, 150.0, 320.0).size(), 1u) << "is there, and does not count";
  EXPECT_TRUE(has(warnings(290.0, 150.0, 320.0)[0], "does not count"));
}

TEST(Causality, WarningsKeepToTheRangeOfATable) {
  EosOptions eos;
  eos.type = "hotqcd";  // known from 110 to 400 MeV
  const TransportOptions options = bulk_only(0.2, 0.4);
  const FluidModel fluid(eos, options);
  const double low = log_e_at_mev(fluid, 20.0);
  ASSERT_FALSE(acausal_ranges(fluid, low, log_e_at_mev(fluid, 110.0)).empty());
  const Causality causality(fluid, options, std::exp(low));
  for (const std::string& line :
       causality.warnings(std::exp(log_e_at_mev(fluid, 300.0)), std::exp(log_e_at_mev(fluid, 350.0))))
    EXPECT_TRUE(has(line, "T = 110 to")) << line;
}

}  // namespace
}  // namespace ister::tests
