#pragma once
#include "core/parallel/ranks.hpp"

// What can be wrong with how the ranks were started; each check is an InputError, the same on every rank.
namespace ister::drivers {

/// All ranks are one program, called with the same arguments. Collective.
void require_same_command(const core::Ranks& ranks, int argc, const char* const* argv);

/// The world has more than one rank where the launcher started more than one: an executable that was built with
/// another MPI than the launcher's starts as many runs of one rank each.
void require_whole_world(const core::Ranks& ranks);

}  // namespace ister::drivers
