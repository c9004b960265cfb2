#include "physics/hadron_gas.hpp"

#include <fmt/format.h>
#include <gsl/gsl_sf_bessel.h>

#include <cmath>
#include <map>
#include <tuple>
#include <utility>

#include "core/base/error.hpp"
#include "physics/thermal_integral.hpp"
#include "physics/units.hpp"

namespace ister::physics {
namespace {

constexpr double pi = 3.14159265358979323846;

/// z^2 K_2(n z)/n^2 and its derivatives by ln T = -ln z: n z^3 K_1/n^2 and (n z^4 K_0 - 2 z^3 K_1) n/n^2.
ScaledPressure term(int n, double z) {
  const double x = n * z, decay = std::exp(-x);
  const double k0 = decay * gsl_sf_bessel_K0_scaled(x), k1 = decay * gsl_sf_bessel_K1_scaled(x);
  const double z2 = z * z / (static_cast<double>(n) * n);
  return {z2 * (k0 + 2.0 * k1 / x), z2 * x * k1, z2 * x * (x * k0 - 2.0 * k1)};
}

/// Of a species with degeneracy 1, without 1/(2 pi^2).
ScaledPressure species(double z, int statistics) {
  constexpr double negligible = 40.0;  // exp(-40) = 4e-18
  ScaledPressure sum = term(1, z);
  if (statistics == 0) return sum;
  for (int n = 2; (n - 1) * z < negligible; ++n) {
    const double sign = statistics == 1 && n % 2 == 0 ? -1.0 : 1.0;
    const ScaledPressure t = term(n, z);
    sum = {sum.value + sign * t.value, sum.first + sign * t.first, sum.second + sign * t.second};
  }
  return sum;
}

}  // namespace

HadronGas::HadronGas(const std::vector<Hadron>& hadrons) {
  std::map<std::pair<double, int>, double> degeneracies;
  for (const Hadron& hadron : hadrons) degeneracies[{hadron.mass, hadron.statistics}] += hadron.degeneracy;
  for (const auto& [level, degeneracy] : degeneracies)
    m_levels.push_back({units::gev_to_inverse_fm(level.first), degeneracy, level.second});
}

ScaledPressure HadronGas::at(double temperature) const {
  ScaledPressure sum{0.0, 0.0, 0.0};
  for (const Level& level : m_levels) {
    const double g = level.degeneracy / (2.0 * pi * pi);
    const ScaledPressure one = species(level.mass / temperature, level.statistics);
    sum = {sum.value + g * one.value, sum.first + g * one.first, sum.second + g * one.second};
  }
  return sum;
}

HadronGas::Stiffness HadronGas::stiffness(double temperature) const {
  double shear = 0.0;
  for (const Level& level : m_levels)
    shear += level.degeneracy * thermal_integral(level.mass, level.statistics, temperature,
                                                 [](double e, double p2) { return p2 * p2 / (15.0 * e * e); });
  shear /= temperature;
  const ScaledPressure gas = at(temperature);
  const double enthalpy = (gas.energy() + gas.value) * std::pow(temperature, 4.0), cs2 = gas.sound_speed_squared();
  return {shear, 5.0 / 3.0 * shear - cs2 * enthalpy, cs2};
}

double HadronGas::fourteen_moments(double temperature) const {
  double sum = 0.0;
  for (const Level& level : m_levels)
    sum += level.degeneracy * thermal_integral(level.mass, level.statistics, temperature,
                                               [](double e, double p2) { return p2 * p2 / (15.0 * e); });
  return sum;
}

void require_neutral(const std::vector<Hadron>& hadrons, const std::string& source) {
  const auto key = [](const Hadron& h, int sign) {
    return std::make_tuple(h.mass, h.degeneracy, h.statistics, sign * h.baryon_number, sign * h.strangeness,
                           sign * h.electric_charge);
  };
  std::map<decltype(key(hadrons.front(), 1)), int> count;
  for (const Hadron& hadron : hadrons) ++count[key(hadron, 1)];
  for (const Hadron& hadron : hadrons)
    if (count[key(hadron, 1)] != count[key(hadron, -1)])
      throw InputError(fmt::format(
          "{}: the charges do not add up to none: {} (B = {}, S = {}, Q = {}) is without an antiparticle of opposite "
          "charges and the same mass, degeneracy and statistics",
          source, hadron.name, hadron.baryon_number, hadron.strangeness, hadron.electric_charge));
}

}  // namespace ister::physics
