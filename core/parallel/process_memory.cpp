#include "core/parallel/process_memory.hpp"

#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <limits>

#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "core/parallel/communicator.hpp"

namespace ister::core {
namespace {

constexpr double unlimited = std::numeric_limits<double>::infinity();

/// Pages of this process: all of its address space, and those in memory.
struct Pages {
  std::int64_t mapped = 0, resident = 0;
};

Pages pages() {
  Pages p;
  std::ifstream("/proc/self/statm") >> p.mapped >> p.resident;
  return p;
}

std::int64_t page_bytes() { return ::sysconf(_SC_PAGESIZE); }

/// The number that a file of a control group begins with; unlimited where it has none or is "max".
double number_in(const std::string& path) {
  double value = unlimited;
  return std::ifstream(path) >> value ? value : unlimited;
}

/// The least limit of the control group of this process and those above it, in either version's hierarchy.
double control_group_limit() {
  std::ifstream groups("/proc/self/cgroup");
  double least = unlimited;
  for (std::string line; std::getline(groups, line);) {
    const bool second = line.rfind("0::", 0) == 0;
    if (!second && line.find(":memory:") == std::string::npos) continue;
    const std::string root = second ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
    const std::string file = second ? "/memory.max" : "/memory.limit_in_bytes";
    std::string group = line.substr(line.rfind(':') + 1);
    for (;; group.resize(group.rfind('/'))) {
      least = std::min(least, number_in(root + group + file));
      if (group.find('/') == std::string::npos) break;
    }
  }
  return least;
}

}  // namespace

std::int64_t resident_bytes() { return pages().resident * page_bytes(); }

std::int64_t peak_resident_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return std::int64_t{1024} * usage.ru_maxrss;
}

MemoryLimit address_space_left() {
  rlimit limit{};
  const bool limited = ::getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY;
  const double held = static_cast<double>(pages().mapped * page_bytes());
  return {limited ? std::max(0.0, static_cast<double>(limit.rlim_cur) - held) : unlimited, "ulimit -v"};
}

MemoryLimit machine_memory() {
  const double installed = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(page_bytes());
  const double group = control_group_limit();
  return group < installed ? MemoryLimit{group, "the limit of the job's control group"}
                           : MemoryLimit{installed, "the machine's memory"};
}

std::string out_of_memory_message() {
  return fmt::format("out of memory; a process of the run held {:.1f} MB, at most {:.1f} MB", 1e-6 * resident_bytes(),
                     1e-6 * peak_resident_bytes());
}

void require_memory(MPI_Comm comm, std::int64_t needs) {
  const Communicator machine = Communicator::of_machine(comm);
  double shared = static_cast<double>(needs);
  int ranks = 1;
  MPI_Allreduce(MPI_IN_PLACE, &shared, 1, MPI_DOUBLE, MPI_SUM, machine.comm());
  MPI_Comm_size(machine.comm(), &ranks);
  collectively(comm, [&] {
    const MemoryLimit own = address_space_left(), all = machine_memory();
    const double missing = static_cast<double>(needs - resident_bytes());
    if (missing > own.bytes)
      throw Error(ExitCode::internal,
                  fmt::format("out of memory: a rank needs {:.1f} MB more than it has, {} allows {:.1f} MB",
                              1e-6 * missing, own.source, 1e-6 * own.bytes));
    if (shared > all.bytes)
      throw Error(ExitCode::internal,
                  fmt::format("out of memory: the {} ranks of a machine need {:.1f} MB together, {} is "
                              "{:.1f} MB; take more machines, or a smaller grid",
                              ranks, 1e-6 * shared, all.source, 1e-6 * all.bytes));
  });
}

}  // namespace ister::core
