#pragma once

/// What marks the functions that kernels call. They know no Kokkos, so that what includes them need not be compiled for
/// a GPU. `ISTER_FUNCTION`: may run on a GPU as well as on the host. `ISTER_INLINE`: and becomes part of its caller,
/// which is what lets a loop around it vectorise.
#if defined(__CUDACC__) || defined(__HIPCC__)
#define ISTER_FUNCTION __host__ __device__
#define ISTER_INLINE __host__ __device__ __forceinline__
#else
#define ISTER_FUNCTION
#define ISTER_INLINE inline __attribute__((always_inline))
#endif
