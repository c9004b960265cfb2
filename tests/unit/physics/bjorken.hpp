#pragma once
#include "physics/fluid_model.hpp"
#include "physics/ode_solution.hpp"

namespace ister::tests {

using namespace physics;

struct BjorkenPoint {
  double energy_density;
  double pizz = 0;  ///< tau^2 pi^{eta eta}; pi^xx = pi^yy = -pizz/2
  double bulk_pressure = 0;
};

/// Boost-invariant expansion of homogeneous matter, to the accuracy of an ordinary differential equation:
///     tau de/dtau = -(e + p + Pi + pizz)
///     dpizz/dtau = -pizz/tau_pi - (4 eta/(3 tau_pi) + (delta_pipi + tau_pipi/3) pizz + (2/3) lambda_piPi Pi)/tau
///                  - phi_7/tau_pi pizz^2/2
///     dPi/dtau = -Pi/tau_Pi - (zeta/tau_Pi + delta_PiPi Pi + lambda_Pipi pizz)/tau      (coefficients / tau_pi,
///     tau_Pi)
class Bjorken {
 public:
  /// From `start` at tau_start to tau_end > tau_start, in `steps` Runge-Kutta steps of order 8.
  Bjorken(const FluidModel& fluid, double tau_start, const BjorkenPoint& start, double tau_end, int steps = 2000);

  [[nodiscard]] BjorkenPoint at(double tau) const;

 private:
  OdeSolution m_solution;  ///< ln e, pizz, Pi over ln tau
};

}  // namespace ister::tests
