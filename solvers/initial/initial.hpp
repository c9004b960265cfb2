#pragma once
#include <mpi.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/grid/decomposition.hpp"
#include "physics/fluid_model.hpp"
#include "solvers/evolved_fields.hpp"
#include "solvers/options.hpp"

namespace ister::solvers {

/// An initial state that is made box by box, complete and checked as below, so that it need not lie in memory as a
/// whole. Calls are no matter of other ranks; they throw InputError.
struct InitialSource {
  std::function<InitialState(const core::Box&)> make;
  std::int64_t bytes = 0, bytes_per_point = 0;  ///< that it holds as long as it lives, and for each point of the block
  bool rough = false;                           ///< data of others: StabilizerOptions::max_flow applies
  std::vector<std::string> notes;               ///< what a user should know of it, one line each
  std::map<std::string, double> numbers;        ///< what its file says of the event, on rank 0
  std::string left_out;                         ///< what it lacks where only lines of a stride will be looked at
};

/// This rank's block in boxes that are best made one after the other, of so few points that they hardly need memory;
/// with a stride only its lines along x at every stride-th y and z of the grid.
std::vector<core::Box> initial_boxes(const core::Decomposition& decomposition, int stride = 1);

/// Memory that making and taking over one such box takes.
std::int64_t initial_box_bytes(const core::Decomposition& decomposition);

struct InitialType;

/// States that need no file, by `initial.type`.
const std::vector<InitialType>& initial_types();

/// The source of the state that `options` name among `types`, at the start time. With a stride above 1 it serves to
/// look at the boxes of that stride: a floor refers to the largest energy density in these, and `left_out` names what
/// cannot be made for a part of the grid. `fluid` must outlive the source. Collective; throws InputError, the same on
/// every rank, also where the options are not those of the type or out of range.
InitialSource make_initial_source(const InitialOptions& options, const SolverOptions& solver,
                                  const physics::FluidModel& fluid, const core::Decomposition& decomposition,
                                  MPI_Comm comm, int stride = 1,
                                  const std::vector<InitialType>& types = initial_types());

/// The range of the energy density in boxes of all ranks [1/fm^4]. Collective; throws InputError, the same on every
/// rank.
struct EnergyRange {
  double lowest, highest;
};
EnergyRange energy_range(const InitialSource& source, const std::vector<core::Box>& boxes, MPI_Comm comm);

/// The whole block of such a source at once. Collective; throws InputError, the same on every rank.
InitialState make_initial_state(const InitialOptions& options, const SolverOptions& solver,
                                const physics::FluidModel& fluid, const core::Decomposition& decomposition,
                                MPI_Comm comm, const std::vector<InitialType>& types = initial_types());

/// The largest finite one of the energy densities that a function gives for boxes of all ranks. Collective.
double largest_energy(const std::function<std::vector<double>(const core::Box&)>& energy_density,
                      const std::vector<core::Box>& boxes, MPI_Comm comm);

/// floor: the fraction of the largest energy density that apply_floor is used with.
core::Option floor_key(double fallback);

/// e -> sqrt(e^2 + least^2); what is negative beyond that stays.
void apply_floor(std::vector<double>& energy_density, double least);

/// Fills in what a state file may leave out (empty arrays): zero velocities and stresses, pizz from tracelessness.
void complete_initial_state(InitialState& state);

/// Throws InputError unless everywhere in the box all fields are finite, the energy density is positive,
/// the shear stress is traceless to 1e-6 of e, and stresses that the fluid does not evolve are zero. The message names
/// the first offending point.
void check_initial_state(const InitialState& state, const physics::FluidModel& fluid, const core::Grid& grid,
                         const core::Box& box);

}  // namespace ister::solvers
