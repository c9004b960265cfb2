#pragma once
#include <string>

#include "core/session.hpp"
#include "drivers/input.hpp"
#include "solvers/hydro_system.hpp"

// From an input to what a run is made of: the steps that run and check share.
namespace ister::drivers {

/// The configured fluid. Collective.
physics::FluidModel make_fluid(const core::Session& session, const Input& input);

/// The initial fields, from a state file, an event or formulas. Collective; the same error on every rank, InputError
/// also where matter that counts is acausal.
solvers::InitialState make_initial_fields(const core::Session& session, const Input& input,
                                          const physics::FluidModel& fluid, const core::Decomposition& decomposition);

/// Grid, decomposition and memory of a run in a few lines.
std::string describe(const Input& input, const core::Session& session, const core::ArrayPool& pool);

/// What a user should know before a run starts, one line each.
std::vector<std::string> warnings(const Input& input, const physics::FluidModel& fluid,
                                  const solvers::HydroSystem& system);

}  // namespace ister::drivers
