#include "tests/fuzz/coverage.hpp"

#include <sys/mman.h>

#include <array>
#include <cstdint>
#include <utility>

namespace {

struct Coverage {
  std::array<bool, 1 << 18> seen;  // by a hash of pairs of places in the code: collisions only cost discoveries
  bool grew;
};

/// Shared with the children in which files are read first: what they refuse is news, too.
Coverage* shared() {
  void* memory = ::mmap(nullptr, sizeof(Coverage), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<Coverage*>(memory);
}

Coverage* coverage = shared();  // null while earlier initialisers run
std::uintptr_t previous = 0;

}  // namespace

/// Called by the compiled code at every place where its flow may branch.
extern "C" void __sanitizer_cov_trace_pc() {
  if (coverage == nullptr) return;
  const auto place = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0));
  bool& known = coverage->seen[(place ^ (previous * 31)) % coverage->seen.size()];
  coverage->grew = coverage->grew || !known;
  known = true;
  previous = place;
}

bool ister::fuzz::coverage_grew() { return coverage != nullptr && std::exchange(coverage->grew, false); }
