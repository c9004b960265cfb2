#pragma once
#include "physics/fluid_model.hpp"

namespace ister::physics {

/// ln e [e in 1/fm^4] of the fluid whose entropy density (e + p)/T is s > 0 [1/fm^3].
double log_e_of_entropy(const FluidModel& fluid, double entropy_density);

}  // namespace ister::physics
