#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "physics/hadron_gas.hpp"
#include "physics/units.hpp"
#include "tests/unit/core/refusal.hpp"

namespace ister::tests {
namespace {

using namespace physics;

double relative(double a, double b) { return std::abs(a / b - 1.0); }

Hadron species(double mass, int degeneracy, int statistics) {
  return {"X", mass, 0.0, degeneracy, statistics, 0, 0, 0};
}

/// One state of a species at z = m/T, in units of T.
struct Exact {
  int statistics;
  double z, pressure, energy, sound_speed_squared;
};

// Integrals over momenta by mpmath with 40 digits; its sums over Bessel functions agree with the pressures to 1e-34.
constexpr Exact exact[] = {
    {-1, 0.25, 0.107421978878113968, 0.326420877808219575, 0.330987936678188703},
    {-1, 0.9, 0.089405343189902953, 0.299020521116646957, 0.31062277179431657},
    {-1, 3.5, 0.0201364719290829139, 0.109216394351256214, 0.202753799658742672},
    {1, 0.5, 0.0911457912915101213, 0.282449931604939625, 0.327471516566451819},
    {1, 6, 0.00308460229378332182, 0.02394738402381334, 0.140780774403515247},
    {1, 12, 0.0000188405049440767007, 0.000257057436285267763, 0.07792146005311823},
    {0, 1, 0.0823153002189143325, 0.277438877159975437, 0.309711641663596569},
    {0, 5, 0.00672385576016284495, 0.045784381134796487, 0.161255631587878919},
    {0, 20, 1.28263370142649366e-8, 2.76910369807597786e-7, 0.048291504120116605},
    {-1, 25, 1.18633928214502043e-10, 3.15234909655022083e-9, 0.0389592183912041909},
};

TEST(HadronGas, SingleSpeciesAgainstIntegralsOverMomenta) {
  constexpr double temperature = 0.15;  // GeV
  for (const Exact& e : exact) {
    const HadronGas gas({species(e.z * temperature, 1, e.statistics)});
    const ScaledPressure found = gas.at(units::gev_to_inverse_fm(temperature));
    EXPECT_LT(relative(found.value, e.pressure), 1e-12) << e.statistics << ' ' << e.z;
    EXPECT_LT(relative(found.energy(), e.energy), 1e-12) << e.statistics << ' ' << e.z;
    EXPECT_LT(relative(found.sound_speed_squared(), e.sound_speed_squared), 1e-12) << e.statistics << ' ' << e.z;
  }
}

TEST(HadronGas, StatesAddUp) {
  const HadronGas pions({species(0.14, 3, -1)}), nucleons({species(0.94, 8, 1)});
  const HadronGas both({species(0.14, 1, -1), species(0.94, 8, 1), species(0.14, 2, -1)});
  const ScaledPressure a = pions.at(0.7), b = nucleons.at(0.7), sum = both.at(0.7);
  EXPECT_LT(relative(sum.value, a.value + b.value), 1e-15);
  EXPECT_LT(relative(sum.first, a.first + b.first), 1e-15);
  EXPECT_LT(relative(sum.second, a.second + b.second), 1e-15);
}

TEST(HadronGas, DerivativesBelongToThePressure) {
  const HadronGas gas(shipped_hadrons());
  for (double mev = 40.0; mev < 200.0; mev += 7.0) {
    const double log_t = std::log(units::mev_to_inverse_fm(mev)), h = 5e-3;
    const auto difference = [&](auto&& f) {
      const double w[] = {4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280};
      double sum = 0.0;
      for (int i = 0; i < 4; ++i)
        sum += w[i] / h * (f(gas.at(std::exp(log_t + (i + 1) * h))) - f(gas.at(std::exp(log_t - (i + 1) * h))));
      return sum;
    };
    const ScaledPressure p = gas.at(std::exp(log_t));
    EXPECT_LT(relative(difference([](const ScaledPressure& q) { return q.value; }), p.first), 1e-10) << mev;
    EXPECT_LT(relative(difference([](const ScaledPressure& q) { return q.first; }), p.second), 1e-10) << mev;
  }
}

// Published: e = 0.243 GeV/fm^3 at 150 MeV for lists of this kind.
TEST(HadronGas, ShippedListIsOfTheUsualWeight) {
  const double temperature = units::mev_to_inverse_fm(150.0);
  const double e = HadronGas(shipped_hadrons()).at(temperature).energy() * std::pow(temperature, 4);
  EXPECT_NEAR(units::natural_to_gev_per_fm3(e), 0.243, 0.003);
}

TEST(HadronGas, NoChargeIsLeftOver) {
  EXPECT_NO_THROW(require_neutral(shipped_hadrons(), "hadrons.csv"));
  const Hadron kaon{"K+", 0.494, 0, 1, -1, 0, 1, 1}, antikaon{"K-", 0.494, 0, 1, -1, 0, -1, -1};
  EXPECT_NO_THROW(require_neutral({kaon, antikaon}, "list"));
  Hadron heavier = antikaon, wider = antikaon, neutral = antikaon;
  heavier.mass = 0.498;
  wider.degeneracy = 2;
  neutral.electric_charge = 0;
  for (const std::vector<Hadron>& list :
       {std::vector<Hadron>{kaon}, {kaon, heavier}, {kaon, wider}, {kaon, neutral}, {kaon, kaon, antikaon}}) {
    const std::string message = refusal([&] { require_neutral(list, "list"); });
    for (const char* part : {"list: ", "do not add up", "K+ (B = 0, S = 1, Q = 1)"}) EXPECT_TRUE(has(message, part));
  }
}

}  // namespace
}  // namespace ister::tests
