#include "physics/steady_shock.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"

namespace ister::physics {
namespace {

double checked_velocity(const ConformalFluid& fluid, double v) {
  const double limit = std::sqrt(1.0 / 3.0 + 4.0 / (3.0 * fluid.tau_pi_coefficient));
  if (fluid.eta_over_s > 0.0 && v > std::sqrt(1.0 / 3.0) && v < std::fmin(limit, 1.0)) return v;
  throw InputError(
      fmt::format("a smooth steady shock needs eta_over_s > 0 and an upstream velocity between 1/sqrt(3) "
                  "and {:.6g} (sqrt(1/3 + 4/(3 tau_pi_coefficient)), below 1), not {:.6g}",
                  std::fmin(limit, 1.0), v));
}

}  // namespace

SteadyShock::Flow::Flow(const ConformalFluid& fluid, double v1, double temperature)
    : fluid(fluid),
      v1(checked_velocity(fluid, v1)),
      v2(1.0 / (3.0 * v1)),
      energy_flux(4.0 / 3.0 * fluid.energy_coefficient * std::pow(temperature, 4) * v1 / (1.0 - v1 * v1)),
      momentum_flux(energy_flux * (v1 + (1.0 - v1 * v1) / (4.0 * v1))),
      relaxation_length(fluid.tau_pi_coefficient * fluid.eta_over_s / temperature) {}

// T^{0x} = (4p + Phi) gamma^2 v and T^{xx} = T^{0x} v + p + Phi, solved for p; then
// Phi = T^{xx} - T^{0x} v - p = -T^{0x} (v - v1)(v - v2)/v, a form without cancellation near the ends.
double SteadyShock::Flow::pressure(double v) const { return (energy_flux / v - momentum_flux) / 3.0; }

double SteadyShock::Flow::shear(double limit, double distance) const {
  const double v = limit + distance, other = limit == v1 ? v2 : v1;
  return -energy_flux * distance * (v - other) / v;
}

// tau_pi (gamma v dPhi/dx + (delta + tau_pipi/3) Phi theta) + Phi = -(4/3) eta theta, theta = gamma^3 dv/dx
double SteadyShock::Flow::slope_over_shear(double v, double shear) const {
  const double p = pressure(v), gamma = 1.0 / std::sqrt(1.0 - v * v);
  const double temperature = std::pow(3.0 * p / fluid.energy_coefficient, 0.25);
  const double relaxation_time = fluid.tau_pi_coefficient * fluid.eta_over_s / temperature;
  const double shear_slope = energy_flux * (1.0 / (3.0 * v * v) - 1.0);
  const double stiffness =
      (fluid.delta_pipi + fluid.tau_pipi / 3.0) * shear + 16.0 / (3.0 * fluid.tau_pi_coefficient) * p;
  return -1.0 / (relaxation_time * (gamma * v * shear_slope + gamma * gamma * gamma * stiffness));
}

// The logarithm of the distance to the limit keeps its relative accuracy in the tail.
OdeSolution SteadyShock::side(const Flow& flow, double limit, double direction, double reach) {
  const double start = 0.5 * (flow.v1 + flow.v2) - limit;
  const auto derivative = [flow, limit, start, direction](double, const double* y, double* slope) {
    const double distance = std::copysign(std::exp(y[0]), start), phi = flow.shear(limit, distance);
    slope[0] = direction * flow.slope_over_shear(limit + distance, phi) * phi / distance;
  };
  return OdeSolution(derivative, 0.0, {std::log(std::abs(start))}, 0.0, reach, 0.01 * flow.relaxation_length);
}

SteadyShock::SteadyShock(const ConformalFluid& fluid, double upstream_velocity, double upstream_temperature,
                         double reach)
    : m_flow(fluid, upstream_velocity, upstream_temperature),
      m_upstream(side(m_flow, m_flow.v1, -1.0, reach)),
      m_downstream(side(m_flow, m_flow.v2, 1.0, reach)) {}

SteadyShock::Point SteadyShock::at(double x) const {
  const bool upstream = x < 0.0;
  const double limit = upstream ? m_flow.v1 : m_flow.v2;
  const double log_distance = (upstream ? m_upstream : m_downstream)(std::abs(x))[0];
  const double distance = std::copysign(std::exp(log_distance), upstream ? -1.0 : 1.0), v = limit + distance;
  return {v, 3.0 * m_flow.pressure(v), m_flow.shear(limit, distance)};
}

SteadyShock::Point SteadyShock::boosted(double x, double frame_velocity) const {
  Point point = at(x / std::sqrt(1.0 - frame_velocity * frame_velocity));
  point.velocity = (point.velocity - frame_velocity) / (1.0 - point.velocity * frame_velocity);
  return point;
}

}  // namespace ister::physics
