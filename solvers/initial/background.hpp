#pragma once
#include <vector>

#include "solvers/initial/states.hpp"

/// The uniform fluid that many states are perturbations of.
namespace ister::solvers {

/// energy_density or temperature.
std::vector<core::Option> background_energy_keys();
/// ux, uy, uz.
std::vector<core::Option> background_velocity_keys();
/// Both.
std::vector<core::Option> background_keys();

/// [1/fm^4]
double background_energy(const InitialContext& context);
Vec3 background_velocity(const InitialContext& context);

/// amplitude: of the perturbation, required.
core::Option amplitude_key(std::string meaning);

}  // namespace ister::solvers
