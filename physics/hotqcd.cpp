#include "physics/hotqcd.hpp"

#include <cmath>

#include "physics/eos_type.hpp"
#include "physics/units.hpp"

namespace ister::physics {
namespace hotqcd {

namespace {

constexpr double pi = 3.14159265358979323846;

/// A function of T with its first two derivatives by ln T.
struct Jet {
  double value, first, second;
};

Jet operator*(const Jet& a, const Jet& b) {
  return {a.value * b.value, a.first * b.value + a.value * b.first,
          a.second * b.value + 2.0 * a.first * b.first + a.value * b.second};
}

Jet operator/(const Jet& a, const Jet& b) {
  const double value = a.value / b.value;
  const double first = (a.first - value * b.first) / b.value;
  return {value, first, (a.second - 2.0 * first * b.first - value * b.second) / b.value};
}

/// c0 + c1/t + c2/t^2 + c3/t^3 + c4/t^4
Jet inverse_powers(double c0, double c1, double c2, double c3, double c4, double t) {
  const double x = 1.0 / t;
  c1 *= x;
  c2 *= x * x;
  c3 *= x * x * x;
  c4 *= x * x * x * x;
  return {c0 + c1 + c2 + c3 + c4, -c1 - 2.0 * c2 - 3.0 * c3 - 4.0 * c4, c1 + 4.0 * c2 + 9.0 * c3 + 16.0 * c4};
}

}  // namespace

Fit fit(double temperature_mev) {
  const double t = temperature_mev / 154.0;
  const double u = std::tanh(3.8706 * (t - 0.9761));
  const double du = (1.0 - u * u) * 3.8706 * t;
  const Jet switching{0.5 * (1.0 + u), 0.5 * du, 0.5 * du * (1.0 - 2.0 * u * 3.8706 * t)};
  const Jet numerator = inverse_powers(95.0 * pi * pi / 180.0, -8.7704, 3.9200, 0.0, 0.3419, t);
  const Jet denominator = inverse_powers(1.0, -1.2600, 0.8425, 0.0, -0.0475, t);
  const Jet p = switching * numerator / denominator;  // p/T^4
  // s = dp/dT, e = T s - p, dp/de = s/(T ds/dT)
  return {p.value, 3.0 * p.value + p.first, (4.0 * p.value + p.first) / (12.0 * p.value + 7.0 * p.first + p.second)};
}

double log_e(double temperature) {
  return std::log(fit(units::inverse_fm_to_mev(temperature)).energy) + 4.0 * std::log(temperature);
}

EosPoint at(double log_e_wanted) {
  // Newton in ln T with d ln T/d ln e = (dp/de)/(1 + p/e), from the Stefan-Boltzmann limit
  double temperature = 0.5 * simd_exp(0.25 * log_e_wanted);
  Fit point{};
  for (int iteration = 0; iteration < 50; ++iteration) {
    point = fit(units::inverse_fm_to_mev(temperature));
    const double miss = log_e_wanted - std::log(point.energy) - 4.0 * std::log(temperature);
    const double step = miss * point.sound_speed_squared / (1.0 + point.pressure / point.energy);
    temperature *= std::exp(step);
    if (std::abs(step) < 1e-15) break;
  }
  point = fit(units::inverse_fm_to_mev(temperature));
  return {point.pressure / point.energy, point.sound_speed_squared, temperature};
}

}  // namespace hotqcd

EosTable tabulate_hotqcd() {
  const double lowest = units::mev_to_inverse_fm(hotqcd::lowest_temperature_mev);
  const double highest = units::mev_to_inverse_fm(hotqcd::highest_temperature_mev);
  return tabulate_above(hotqcd::log_e(lowest), lowest, highest, hotqcd::at);
}

EosType hotqcd_eos() {
  return {{"hotqcd", {}}, [](const core::OptionValues&) -> EquationOfState { return tabulate_hotqcd(); }};
}

}  // namespace ister::physics
