#pragma once
#include <array>
#include <vector>

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

/// The derivatives of a state's fields before they are weighted, by direction and point; empty: zero. In Milne
/// coordinates those along z are d/d eta.
struct StateDerivatives {
  std::array<std::vector<double>, 3> energy;
  std::array<std::array<std::vector<double>, 3>, 3> flow;
};

/// Gives a state, none of whose fields is left out, these stresses. `tau`: 0 in Minkowski space.
void set_navier_stokes(InitialState& state, const StateDerivatives& along, const std::vector<double>& weight,
                       const physics::FluidModel& fluid, double tau);

}  // namespace ister::solvers
