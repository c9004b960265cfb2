#pragma once
#include <cmath>
#include <sstream>
#include <string>

namespace ister::tests {

/// Boltzmann gas of mass 5/fm, g = 42.25, in closed form; energy, pressure in 1/fm^4, temperature in 1/fm.
struct MassiveGas {
  double pressure, energy, sound_speed_squared;

  explicit MassiveGas(double temperature) {
    constexpr double mass = 5.0;
    constexpr double g = 42.25;
    const double z = mass / temperature;
    const double k1 = std::cyl_bessel_k(1.0, z);
    const double k2 = std::cyl_bessel_k(2.0, z);
    const double k3 = k1 + 4.0 / z * k2;
    const double factor = g * temperature * mass * mass / (2.0 * M_PI * M_PI);
    pressure = factor * temperature * k2;
    energy = 3.0 * pressure + factor * mass * k1;
    sound_speed_squared = k3 / (z * k2 + 3.0 * k3);
  }
};

/// Its table on 101 temperatures from 0.4 to 2.4/fm, columns T, e, p, s.
inline std::string massive_gas_csv() {
  std::ostringstream text;
  text.precision(17);
  text << "T[1/fm],e[1/fm^4],p[1/fm^4],s[1/fm^3]\n";
  for (int i = 0; i <= 100; ++i) {
    const double temperature = 0.4 + 0.02 * i;
    const MassiveGas gas(temperature);
    text << temperature << ',' << gas.energy << ',' << gas.pressure << ',' << (gas.energy + gas.pressure) / temperature
         << '\n';
  }
  return text.str();
}

}  // namespace ister::tests
