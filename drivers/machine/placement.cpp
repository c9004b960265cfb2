#include "drivers/machine/placement.hpp"

#include <fmt/format.h>
#include <sched.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <utility>

#include "core/parallel/communicator.hpp"
#include "drivers/machine/shared_cores.hpp"

namespace ister::drivers {
namespace {

/// The hardware threads of the core of one, as the system lists them.
std::string siblings(int processor) {
  std::ifstream file(fmt::format("/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list", processor));
  std::string list;
  return std::getline(file, list) ? list : std::to_string(processor);
}

}  // namespace

Placement place_ranks(const core::Ranks& ranks) {
  const auto machine = core::Communicator::of_machine(ranks.comm());
  cpu_set_t usable;
  CPU_ZERO(&usable);
  ::sched_getaffinity(0, sizeof usable, &usable);
  MPI_Allreduce(MPI_IN_PLACE, &usable, sizeof usable, MPI_BYTE, MPI_BOR, machine.comm());
  Placement p;
  p.threads = ranks.threads();
  MPI_Allreduce(MPI_IN_PLACE, &p.threads, 1, MPI_INT, MPI_SUM, machine.comm());
  MPI_Comm_size(machine.comm(), &p.ranks);
  std::set<std::string> cores;
  for (int i = 0; i < CPU_SETSIZE; ++i)
    if (CPU_ISSET(i, &usable)) cores.insert(siblings(i));
  p.cores = std::max<int>(1, static_cast<int>(cores.size()));
  return p;
}

std::vector<std::string> placement_warnings(const core::Ranks& ranks, const core::Decomposition& decomposition) {
  std::vector<std::string> lines;
  if (const int idle = decomposition.idle_ranks(); idle > 0)
    lines.push_back(fmt::format(
        "{} of {} ranks are idle: the grid has {}; take at most {} ranks, and threads (OMP_NUM_THREADS) "
        "for the other cores",
        idle, ranks.count(), decomposition.describe_shares(), core::Decomposition::most_ranks(decomposition.grid())));
  if (std::string line = shared_cores(ranks); !line.empty()) lines.push_back(std::move(line));
  return lines;
}

Layout recommend_layout(const core::Grid& grid, int cores) {
  constexpr std::int64_t least_points = 4096;
  const std::int64_t useful = std::max<std::int64_t>(1, grid.total_points() / least_points);
  const auto most =
      static_cast<int>(std::min<std::int64_t>({cores, useful, core::Decomposition::most_ranks(grid) / 2}));
  const auto busy = [&](int ranks) { return core::Decomposition(grid, ranks, 0).balance() * ranks; };
  Layout best;
  for (int ranks = 2; ranks <= most; ++ranks)
    if (busy(ranks) > busy(best.ranks)) best.ranks = ranks;
  best.threads = static_cast<int>(std::clamp<std::int64_t>(useful / best.ranks, 1, std::max(1, cores / best.ranks)));
  return best;
}

}  // namespace ister::drivers
