#pragma once
#include <functional>

/// Every allocation on the host passes here, whatever makes it. What MPI allocates inside of its calls is its own
/// affair.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ISTER_COUNTS_MALLOC
#endif

namespace ister::tests {

/// How often an action allocates memory, on all threads of kernels; 0 where ISTER_COUNTS_MALLOC is not defined.
int allocations_of(const std::function<void()>& action);

/// Whether Kokkos itself allocates when it launches a kernel, as Kokkos 4 with OpenMP does.
bool launches_allocate();

}  // namespace ister::tests
