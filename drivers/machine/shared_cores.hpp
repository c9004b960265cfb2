#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/parallel/ranks.hpp"

namespace ister::drivers {

/// Where a rank may run: its machine, its threads, and the physical cores that it may use, each named by its first
/// processor.
struct RankPlace {
  std::string host;
  int threads = 1;
  std::set<int> cores;
};

/// What to say where threads of several ranks must share cores though they need not or should not; empty where none
/// do. In terms of the first machine that it concerns.
std::string shared_cores(const std::vector<RankPlace>& ranks);

/// shared_cores of all ranks, on rank 0. Collective.
std::string shared_cores(const core::Ranks& ranks);

}  // namespace ister::drivers
