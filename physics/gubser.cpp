#include "physics/gubser.hpp"

#include <cmath>

namespace ister::physics {

Gubser::Gubser(const ConformalFluid& fluid, double q, double temperature_hat)
    : m_fluid(fluid), m_q(q), m_temperature_hat(temperature_hat) {
  if (fluid.eta_over_s == 0.0) return;
  const double relaxation = 1.0 / (fluid.tau_pi_coefficient * fluid.eta_over_s);
  const double linear = 8.0 / 3.0 - 2.0 * fluid.delta_pipi + fluid.tau_pipi / 3.0;
  const double source = 4.0 / (3.0 * fluid.tau_pi_coefficient);
  const auto derivative = [=](double rho, const double* y, double* slope) {
    const double expansion = std::tanh(rho), pibar = y[1];
    slope[0] = expansion * (pibar - 2.0) / 3.0;
    slope[1] = -pibar * std::exp(y[0]) * relaxation + expansion * (source + (linear - 4.0 / 3.0 * pibar) * pibar);
  };
  // rho = -12 is q r = 400 at q tau = 1, rho = 8 is q tau = 3000 in the centre.
  m_solution.emplace(derivative, 0.0, std::vector<double>{std::log(temperature_hat), 0.0}, -12.0, 8.0, 0.01);
}

Gubser::Hats Gubser::hats(double rho) const {
  if (!m_solution) return {m_temperature_hat * std::pow(std::cosh(rho), -2.0 / 3.0), 0.0};
  const std::vector<double> y = (*m_solution)(rho);
  return {std::exp(y[0]), y[1]};
}

GubserPoint Gubser::at(double tau, double x, double y, double r_squared) const {
  const double t2 = m_q * m_q * tau * tau, r2 = m_q * m_q * r_squared;
  const Hats hat = hats(std::asinh(-(1.0 - t2 + r2) / (2.0 * m_q * tau)));
  const double energy = m_fluid.energy_coefficient * std::pow(hat.temperature / tau, 4);
  const double flow = 2.0 * m_q * m_q * tau / std::sqrt((1.0 + t2 + r2) * (1.0 + t2 + r2) - 4.0 * t2 * r2);
  const double ux = flow * x, uy = flow * y;
  const double pizz = hat.pibar * 4.0 / 3.0 * energy, transverse = -0.5 * pizz;
  return {energy, ux, uy, transverse * (1.0 + ux * ux), transverse * ux * uy, transverse * (1.0 + uy * uy), pizz};
}

}  // namespace ister::physics
