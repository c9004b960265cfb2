#pragma once
#include "physics/gubser.hpp"
#include "solvers/initial/states.hpp"

/// What exact flows of conformal fluids share.
namespace ister::solvers {

/// The fluid of the exact solutions; throws InputError for any other.
physics::ConformalFluid conformal_fluid(const InitialContext& context);

/// blend_radius: see PeriodicCoordinate.
core::Option blend_radius_key();

}  // namespace ister::solvers
