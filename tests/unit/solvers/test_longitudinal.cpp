#include <gtest/gtest.h>

#include <cmath>

#include "solvers/initial/longitudinal.hpp"

// Matter along the rapidity from both nuclei's thickness, against the formulas of the papers and by quadrature.
namespace ister::tests {
namespace {

using namespace solvers;

constexpr EtaProfile profile{3.0, 0.6};
constexpr double beam = 5.36, nucleon = 0.938919;

/// By Simpson's rule, in parts that do not contain the ends of the plateau.
template <class Function>
double integral(const Function& f, double from, double to) {
  constexpr int n = 4000;
  const double h = (to - from) / n;
  double sum = f(from) + f(to);
  for (int i = 1; i < n; ++i) sum += (i % 2 == 1 ? 4.0 : 2.0) * f(from + i * h);
  return sum * h / 3.0;
}

TEST(EtaProfile, HasTheEnergyOfItsClosedFormula) {
  EXPECT_EQ(profile.at(-1.5), 1.0);
  EXPECT_NEAR(profile.at(1.5 + 0.6), std::exp(-0.5), 1e-15);
  EXPECT_EQ((EtaProfile{3.0, 0.0}).at(7.0), 1.0);
  const auto weighted = [](double eta) { return std::cosh(eta) * profile.at(eta); };
  const double sum = integral(weighted, -1.5, 1.5) + 2.0 * integral(weighted, 1.5, 8.5);
  EXPECT_NEAR(profile.energy() / sum, 1.0, 1e-11);
}

TEST(TiltedDensity, IsThatOfThePaper) {
  const Thickness place{1.7, 0.4};
  for (const double eta : {-6.0, -3.3, -1.0, 0.0, 0.8, 2.9, 5.0}) {
    const double f = eta < -3.36 ? 0.0 : eta > 3.36 ? 1.0 : (3.36 + eta) / 6.72;
    EXPECT_NEAR(tilted_density(place, profile, 3.36, eta), (1.7 * f + 0.4 * (1 - f)) * profile.at(eta), 1e-15);
    EXPECT_DOUBLE_EQ(tilted_density({0.9, 0.9}, profile, 3.36, eta), 0.9 * profile.at(eta));
    EXPECT_DOUBLE_EQ(tilted_density({0.4, 1.7}, profile, 3.36, -eta), tilted_density(place, profile, 3.36, eta));
  }
  EXPECT_GT(tilted_density(place, profile, 3.36, 1.0), tilted_density(place, profile, 3.36, -1.0));
}

TEST(CollisionAtRest, HasRapidityAndMassOfBothNuclei) {
  const CollisionAtRest matter({1.7, 0.4}, profile, beam);
  EXPECT_NEAR(matter.rapidity(), std::atanh((1.7 - 0.4) / (1.7 + 0.4) * std::tanh(beam)), 1e-12);
  EXPECT_NEAR(matter.mass(), nucleon * std::sqrt(1.7 * 1.7 + 0.4 * 0.4 + 2 * 1.7 * 0.4 * std::cosh(2 * beam)), 1e-11);
  EXPECT_NEAR(CollisionAtRest({1.7, 0.0}, profile, beam).rapidity(), beam, 1e-15 * beam);
  EXPECT_NEAR(CollisionAtRest({0.0, 1.7}, profile, beam).mass(), 1.7 * nucleon, 1e-14);
  EXPECT_EQ(CollisionAtRest({0.0, 0.0}, profile, beam).at(0.3), 0.0);
  // Of equal nuclei: the profile itself.
  const CollisionAtRest equal({1.1, 1.1}, profile, beam);
  for (const double eta : {-3.0, 0.0, 1.4, 2.2}) EXPECT_NEAR(equal.at(eta) / equal.at(0.0), profile.at(eta), 1e-15);
}

TEST(CollisionAtRest, HasEnergyAndMomentumOfBothNuclei) {
  for (const auto [a, b] : {Thickness{1.7, 0.4}, Thickness{0.02, 2.0}, Thickness{1.0, 1e-6}}) {
    const CollisionAtRest matter({a, b}, profile, beam);
    const double edge = std::min(1.5, beam - std::abs(matter.rapidity())), middle = matter.rapidity();
    double energy = 0.0, momentum = 0.0;
    const double ends[] = {middle - edge - 7.0, middle - edge, middle + edge, middle + edge + 7.0};
    for (int part = 0; part < 3; ++part) {
      energy += integral([&](double eta) { return matter.at(eta) * std::cosh(eta); }, ends[part], ends[part + 1]);
      momentum += integral([&](double eta) { return matter.at(eta) * std::sinh(eta); }, ends[part], ends[part + 1]);
    }
    EXPECT_NEAR(energy / (nucleon * (a + b) * std::cosh(beam)), 1.0, 1e-10);
    EXPECT_NEAR(momentum / (nucleon * (a - b) * std::sinh(beam)), 1.0, 1e-10);
    const CollisionAtRest mirror({b, a}, profile, beam);
    for (const double eta : {-4.0, -0.7, 0.0, 2.3}) EXPECT_DOUBLE_EQ(mirror.at(-eta), matter.at(eta));
  }
}

}  // namespace
}  // namespace ister::tests
