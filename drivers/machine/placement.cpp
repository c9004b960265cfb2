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
  const int cut = decomposition.slab_direction(), layers = decomposition.grid().points[cut], count = ranks.count();
  if (count > layers)
    lines.push_back(
        fmt::format("{} of {} ranks are idle: the grid has {} layers along {}; take at most {} ranks, and "
                    "threads (OMP_NUM_THREADS) for the other cores",
                    count - layers, count, layers, "xyz"[cut], layers));
  if (std::string line = shared_cores(ranks); !line.empty()) lines.push_back(std::move(line));
  return lines;
}

double slab_balance(const core::Grid& grid, int ranks) {
  const int layers = grid.points[grid.dimensions - 1];
  return static_cast<double>(layers) / (static_cast<double>(ranks) * ((layers + ranks - 1) / ranks));
}

Layout recommend_layout(const core::Grid& grid, int cores) {
  constexpr std::int64_t least_points = 4096;
  const std::int64_t useful = std::max<std::int64_t>(1, grid.total_points() / least_points);
  const auto most = static_cast<int>(std::min<std::int64_t>({cores, useful, grid.points[grid.dimensions - 1] / 2}));
  Layout best;
  for (int ranks = 2; ranks <= most; ++ranks)
    if (slab_balance(grid, ranks) * ranks > slab_balance(grid, best.ranks) * best.ranks) best.ranks = ranks;
  best.threads = static_cast<int>(std::clamp<std::int64_t>(useful / best.ranks, 1, std::max(1, cores / best.ranks)));
  return best;
}

}  // namespace ister::drivers
