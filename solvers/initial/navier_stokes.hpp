#pragma once
#include <array>

#include "physics/fluid_model.hpp"
#include "solvers/initial/states.hpp"

namespace ister::solvers {

/// A point of a state with the derivatives of its fields along x, y and z at fixed time; in Milne coordinates u^z is
/// tau u^eta and derivatives along z are (1/tau) d/d eta.
struct FlowDerivatives {
  double energy_density = 0;
  Vec3 u;
  std::array<double, 3> energy_gradient{};
  std::array<Vec3, 3> flow_gradient{};
};

/// The same point with the stresses of first order, pi = -2 eta sigma and Pi = -zeta theta. The derivatives in time
/// that sigma and theta hold are those of the ideal fluid. `expansion`: 1/tau in Milne coordinates, else 0.
PrimitivePoint navier_stokes(const FlowDerivatives& flow, const physics::FluidModel& fluid, double expansion);

}  // namespace ister::solvers
