#pragma once
#include "core/grid/grid.hpp"
#include "physics/fluid_model.hpp"
#include "solvers/options.hpp"

namespace ister::solvers {

/// The distance of neighbouring points in the direction where it is smallest, that of eta as tau d_eta [fm].
double finest_spacing(const core::Grid& grid, physics::Geometry geometry, double time);

/// The shortest tau_pi or tau_Pi between two energy densities [1/fm^4], in fm; infinite in an ideal fluid.
double shortest_relaxation_time(const physics::FluidModel& fluid, double lowest, double highest);

/// Whether an integrator treats the relaxation explicitly, so that its steps must not be long against it.
inline bool explicit_relaxation(const TimeOptions& time) { return time.integrator != "ars443"; }

/// The step of time.cfl: cfl times the finest spacing, but no longer than the shares of tau and of the shortest
/// relaxation time that the options allow.
double cfl_step(const SolverOptions& options, const core::Grid& grid, const physics::FluidModel& fluid, double time,
                double lowest, double highest);

}  // namespace ister::solvers
