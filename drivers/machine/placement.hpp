#pragma once
#include <string>
#include <vector>

#include "core/grid/decomposition.hpp"
#include "core/parallel/ranks.hpp"

namespace ister::drivers {

/// A machine of a run and who works on it.
struct Placement {
  int cores = 1;  ///< that its ranks may use
  int ranks = 1;
  int threads = 1;  ///< of all these ranks
};

/// That of this rank. Collective.
Placement place_ranks(const core::Ranks& ranks);

/// What is wrong with ranks and threads, one line each, complete on rank 0: ranks without any part of the grid, ranks
/// that share cores. Collective.
std::vector<std::string> placement_warnings(const core::Ranks& ranks, const core::Decomposition& decomposition);

/// How to share out a grid: the largest number of ranks, at most half of what the grid can be cut into, that keeps them
/// about equally busy, with threads where cores are left. Fewer than some thousand points a core cost more in messages
/// and barriers than they gain, so small grids leave cores for other runs.
struct Layout {
  int ranks = 1, threads = 1;
};
Layout recommend_layout(const core::Grid& grid, int cores);

}  // namespace ister::drivers
