#pragma once
#include <string>

#include "core/parallel/ranks.hpp"
#include "drivers/input/input.hpp"
#include "drivers/run/memory_need.hpp"

// From an input to what a run is made of: the steps that run and check share.
namespace ister::drivers {

/// The configured fluid. Collective.
physics::FluidModel make_fluid(const core::Ranks& ranks, const Input& input);

/// Where the initial fields come from, a state file, an event or formulas, to be asked for every point or for the lines
/// of a stride (see solvers::make_initial_source). Matter that counts and is acausal is an InputError when it is made.
/// Collective; the same error on every rank.
solvers::InitialSource make_initial_source(const core::Ranks& ranks, const Input& input,
                                           const physics::FluidModel& fluid, const core::Decomposition& decomposition,
                                           int stride = 1);

/// Grid, decomposition and memory of a run in a few lines. Collective.
std::string describe(const Input& input, const core::Ranks& ranks, const MemoryNeed& memory);

/// What a user should know before a run of this fluid over these energy densities starts, one line each.
std::vector<std::string> warnings(const Input& input, const physics::FluidModel& fluid,
                                  const solvers::EnergyRange& range);

}  // namespace ister::drivers
