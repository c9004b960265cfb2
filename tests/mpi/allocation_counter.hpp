#pragma once
#include <functional>

#include "tests/mpi/counted_malloc.hpp"

namespace ister::tests {

/// How often an action allocates memory, on all threads of kernels; 0 where ISTER_COUNTS_MALLOC is not defined.
int allocations_of(const std::function<void()>& action);

/// Whether Kokkos itself allocates when it launches a kernel, as Kokkos 4 with OpenMP does.
bool launches_allocate();

}  // namespace ister::tests
