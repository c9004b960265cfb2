#include "drivers/machine/shared_cores.hpp"

#include <fmt/format.h>
#include <sched.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <fstream>
#include <iterator>
#include <map>

namespace ister::drivers {
namespace {

/// A RankPlace as it travels.
struct Message {
  std::array<char, 64> host{};
  int threads = 1;
  std::bitset<CPU_SETSIZE> cores;
};

/// The first of the processors that share a core with this one; itself where the system does not say.
int core_of(int processor) {
  std::ifstream siblings(fmt::format("/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list", processor));
  int first = processor;
  siblings >> first;
  return siblings ? first : processor;
}

Message place_here(int threads) {
  Message message;
  gethostname(message.host.data(), message.host.size() - 1);
  message.threads = threads;
  cpu_set_t mask;
  if (sched_getaffinity(0, sizeof mask, &mask) != 0) return message;
  for (int processor = 0; processor < CPU_SETSIZE; ++processor)
    if (CPU_ISSET(processor, &mask)) message.cores.set(static_cast<std::size_t>(core_of(processor)));
  return message;
}

RankPlace unpacked(const Message& message) {
  RankPlace place{message.host.data(), message.threads, {}};
  for (std::size_t core = 0; core < message.cores.size(); ++core)
    if (message.cores[core]) place.cores.insert(static_cast<int>(core));
  return place;
}

/// The sets of cores that may be too few on a machine: those of each of its ranks, and those of all.
std::set<std::set<int>> sets_of_cores(const std::vector<RankPlace>& ranks) {
  std::set<int> all;
  std::set<std::set<int>> sets;
  for (const RankPlace& rank : ranks) {
    all.insert(rank.cores.begin(), rank.cores.end());
    sets.insert(rank.cores);
  }
  sets.insert(all);
  return sets;
}

/// Of ranks on one machine.
std::string shared_cores_of_machine(const std::vector<RankPlace>& ranks) {
  for (const std::set<int>& cores : sets_of_cores(ranks)) {
    std::size_t bound = 0, threads = 0;
    for (const RankPlace& rank : ranks) {
      if (!std::includes(cores.begin(), cores.end(), rank.cores.begin(), rank.cores.end())) continue;
      ++bound;
      threads += static_cast<std::size_t>(rank.threads);
    }
    if (cores.empty() || threads <= cores.size()) continue;
    return fmt::format(
        "{} rank(s) with {} thread(s) share {} core(s) of {} and slow each other down: give every rank cores of its "
        "own "
        "(mpirun --bind-to core, srun --cpu-bind=cores), or take fewer ranks or a smaller OMP_NUM_THREADS",
        bound, threads, cores.size(), ranks.front().host);
  }
  return "";
}

}  // namespace

std::string shared_cores(const std::vector<RankPlace>& ranks) {
  std::map<std::string, std::vector<RankPlace>> machines;
  for (const RankPlace& rank : ranks) machines[rank.host].push_back(rank);
  for (const auto& machine : machines)
    if (const std::string text = shared_cores_of_machine(machine.second); !text.empty()) return text;
  return "";
}

std::string shared_cores(const core::Ranks& ranks) {
  const Message mine = place_here(ranks.threads());
  std::vector<Message> all(ranks.is_root() ? static_cast<std::size_t>(ranks.count()) : 0);
  MPI_Gather(&mine, sizeof mine, MPI_BYTE, all.data(), sizeof mine, MPI_BYTE, 0, ranks.comm());
  std::vector<RankPlace> places;
  std::transform(all.begin(), all.end(), std::back_inserter(places), unpacked);
  return shared_cores(places);
}

}  // namespace ister::drivers
