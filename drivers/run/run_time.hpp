#pragma once
#include "drivers/input/input.hpp"
#include "physics/fluid_model.hpp"

namespace ister::drivers {

/// How many steps a run takes; with time.tolerance as if they were 0.4 grid spacings long.
double count_steps(const Input& input);

/// Seconds that a step takes for a point of this rank's block, without messages: measured for a fraction of a second on
/// uniform matter of an energy density [1/fm^4], by the run's own equations, integrator and threads, on its grid
/// or a coarser one. Where ranks share a machine, all should measure at the same time.
double measure_point_step(const Input& input, const physics::FluidModel& fluid, double energy_density);

}  // namespace ister::drivers
