#include "tests/mpi/allocation_counter.hpp"

#include <string>

#include "core/parallel/execution.hpp"

namespace ister::tests {
namespace {

/// Makes the threads of kernels count, or stop counting.
void set_counting(bool on) {
  using Threads = Kokkos::RangePolicy<core::HostExecution>;
  Kokkos::parallel_for("count", Threads(core::host_execution(), 0, core::thread_count()),
                       [on](int) { count_allocations(on); });
  count_allocations(on);
}

}  // namespace

int allocations_of(const std::function<void()>& action) {
  set_counting(true);
  take_allocations();
  action();
  const int made = take_allocations();
  set_counting(false);
  return made;
}

bool launches_allocate() {
  using Range = Kokkos::RangePolicy<core::HostExecution>;
  static const std::string label = "empty";
  const auto launch = [] { Kokkos::parallel_for(label, Range(core::host_execution(), 0, 2), [](int) {}); };
  launch();
  return allocations_of(launch) > 0;
}

}  // namespace ister::tests
