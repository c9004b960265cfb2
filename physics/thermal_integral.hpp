#pragma once
#include <cmath>

namespace ister::physics {

/// int d^3p/(2 pi)^3 f (1 - s f) g(E, p^2) of one spin state in equilibrium at rest, f = 1/(exp(E/T) + s), by the
/// trapezoidal rule in p = m sinh(chi): exact to 1e-13 where g is a polynomial over powers of E. Any one unit of
/// energy.
template <class Function>
double thermal_integral(double mass, int statistics, double temperature, Function&& g) {
  constexpr double pi = 3.14159265358979323846, step = 1.0 / 16.0, negligible = 45.0;
  double sum = 0.0;
  for (int i = 1;; ++i) {
    const double energy = mass * std::cosh(i * step), momentum = mass * std::sinh(i * step);
    if (energy - mass > negligible * temperature) break;
    const double decay = std::exp(-energy / temperature), blocked = 1.0 + statistics * decay;
    sum += decay / (blocked * blocked) * g(energy, momentum * momentum) * momentum * momentum * energy;
  }
  return sum * step / (2.0 * pi * pi);
}

}  // namespace ister::physics
