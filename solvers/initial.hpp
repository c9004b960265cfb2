#pragma once
#include <mpi.h>

#include <vector>

#include "core/decomposition.hpp"
#include "physics/fluid_model.hpp"
#include "solvers/options.hpp"

namespace ister::solvers {

/// A TRENTo event: values[iy * nx + ix] at x = (ix - (nx-1)/2) grid_spacing, y likewise.
struct EventData {
  int nx = 0, ny = 0;
  std::vector<double> values;
};

/// This rank's block of an initial state, natural units, contravariant spatial components (in Milne coordinates each
/// z index carries a factor tau): arrays in (z, y, x) order, x fastest, no padding.
struct InitialState {
  std::vector<double> energy_density, ux, uy, uz, pixx, pixy, pixz, piyy, piyz, pizz, bulk_pressure;
};

/// The state that `options` name, at the start time, complete and checked as below; every type but "file". `event` is
/// needed by "trento" only. Collective; throws InputError, the same on every rank.
InitialState make_initial_state(const InitialOptions& options, const SolverOptions& solver,
                                const physics::FluidModel& fluid, const core::Decomposition& decomposition,
                                MPI_Comm comm, const EventData* event = nullptr);

/// e -> sqrt(e^2 + (floor e_max)^2), e_max over the whole grid; negative values stay, to be refused. Collective.
void apply_floor(std::vector<double>& energy_density, double floor, MPI_Comm comm);

/// Fills in what a state file may leave out (empty arrays): zero velocities and stresses, pizz from tracelessness.
void complete_initial_state(InitialState& state);

/// Throws InputError, the same on every rank, unless everywhere all fields are finite, the energy density is positive,
/// the shear stress is traceless to 1e-6 of e, and stresses that the fluid does not evolve are zero. The message names
/// the first offending point of the lowest rank that has one. Collective.
void check_initial_state(const InitialState& state, const physics::FluidModel& fluid,
                         const core::Decomposition& decomposition, MPI_Comm comm);

}  // namespace ister::solvers
