#pragma once
#include <cstdlib>  // says __GLIBC__

/// Every allocation on the host passes here, whatever makes it. What MPI allocates inside of its calls is its own
/// affair. Apart from Kokkos, for nvcc takes malloc for a function of the device as well.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ISTER_COUNTS_MALLOC
#endif

namespace ister::tests {

/// Whether allocations by this thread count from now on.
void count_allocations(bool on);

/// How many counted since the last call; 0 where ISTER_COUNTS_MALLOC is not defined.
int take_allocations();

}  // namespace ister::tests
