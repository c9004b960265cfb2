#pragma once
#include <cstdint>

#include "core/base/inline.hpp"

#if defined(__AVX__) && !defined(__CUDA_ARCH__) && !defined(__HIP_DEVICE_COMPILE__)
#include <immintrin.h>
#define ISTER_STREAMS
#endif

/// Passes over memory that the processor does not handle well by itself: pieces of a few cache lines, far apart.
namespace ister::core {

/// Asks for doubles that are to be read soon.
ISTER_INLINE void prefetch([[maybe_unused]] const double* data, [[maybe_unused]] std::int64_t count) {
#if defined(__GNUC__) && !defined(__CUDA_ARCH__) && !defined(__HIP_DEVICE_COMPILE__)
  for (std::int64_t i = 0; i < count; i += 8) __builtin_prefetch(data + i, 0, 2);
#endif
}

/// Whether an array is too large to be found in the caches when it is read after all of it has been written.
constexpr bool beyond_caches(std::int64_t doubles) { return doubles > (std::int64_t{1} << 20); }

/// Copies doubles past the caches, which would first fetch what stood in their place. `to` is 64-byte aligned where
/// there are 8 or more. Other threads see the values after a barrier: locked instructions order these stores, too.
ISTER_INLINE void stream_copy(const double* from, std::int64_t count, double* to) {
  std::int64_t i = 0;
#if defined(ISTER_STREAMS)
  for (; i + 8 <= count; i += 8) {
    _mm256_stream_pd(to + i, _mm256_loadu_pd(from + i));
    _mm256_stream_pd(to + i + 4, _mm256_loadu_pd(from + i + 4));
  }
#endif
  for (; i < count; ++i) to[i] = from[i];
}

}  // namespace ister::core
