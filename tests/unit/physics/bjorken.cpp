#include "tests/unit/physics/bjorken.hpp"

#include <cmath>

namespace ister::tests {
namespace {

using namespace physics;

OdeSolution solve(const FluidModel& fluid, double tau_start, const BjorkenPoint& start, double tau_end, int steps) {
  const auto derivative = [fluid](double log_tau, const double* y, double* slope) {
    const double tau = std::exp(log_tau), e = std::exp(y[0]), pizz = y[1], bulk = y[2];
    const FluidPoint f = fluid.at(y[0]);
    const double w = e / f.energy_fraction;
    const double shear = -4.0 / 3.0 * w * f.shear_stiffness - (f.delta_pipi + f.tau_pipi / 3.0) * pizz -
                         2.0 / 3.0 * f.lambda_pibulk * bulk - tau * (f.shear_rate + 0.5 * f.phi7 * pizz / w) * pizz;
    const double bulk_slope =
        -w * f.bulk_stiffness - f.delta_bulkbulk * bulk - f.lambda_bulkpi * pizz - tau * f.bulk_rate * bulk;
    slope[0] = -(w + bulk + pizz) / e;
    slope[1] = fluid.has_shear() ? shear : 0.0;
    slope[2] = fluid.has_bulk() ? bulk_slope : 0.0;
  };
  const double from = std::log(tau_start), to = std::log(tau_end);
  return OdeSolution(derivative, from, {std::log(start.energy_density), start.pizz, start.bulk_pressure}, from, to,
                     (to - from) / steps);
}

}  // namespace

Bjorken::Bjorken(const FluidModel& fluid, double tau_start, const BjorkenPoint& start, double tau_end, int steps)
    : m_solution(solve(fluid, tau_start, start, tau_end, steps)) {}

BjorkenPoint Bjorken::at(double tau) const {
  const std::vector<double> y = m_solution(std::log(tau));
  return {std::exp(y[0]), y[1], y[2]};
}

}  // namespace ister::tests
