#pragma once
#include <cstdint>

#include "core/grid/decomposition.hpp"
#include "core/kernels/angles/interval.hpp"
#include "core/kernels/angles/interval_bins.hpp"

#if defined(__AVX512F__) && !defined(__CUDA_ARCH__) && !defined(__HIP_DEVICE_COMPILE__)
#include <immintrin.h>
#define ISTER_COMPRESS
#endif

/// The branchless inner loops of AngleFilter. They append indices to the `found` ones in `indices` and return how many
/// there are now; entries up to the number of values looked at may be written to.
namespace ister::core {

/// The smallest and the largest of the values that are numbers; lower > upper where there is none.
inline Interval spread_of(const double* values, Range part) {
  constexpr int lanes = 16;
  double low[lanes], high[lanes];
  std::fill_n(low, lanes, HUGE_VAL);
  std::fill_n(high, lanes, -HUGE_VAL);
  std::int64_t i = part.begin;
  for (; i + lanes <= part.end; i += lanes) {
#pragma omp simd
    for (int j = 0; j < lanes; ++j) {
      low[j] = values[i + j] < low[j] ? values[i + j] : low[j];
      high[j] = values[i + j] > high[j] ? values[i + j] : high[j];
    }
  }
  for (; i < part.end; ++i) {
    low[0] = values[i] < low[0] ? values[i] : low[0];
    high[0] = values[i] > high[0] ? values[i] : high[0];
  }
  return {*std::min_element(low, low + lanes), *std::max_element(high, high + lanes)};
}

/// Selects the values of `part` that are in any of the intervals.
inline std::int64_t append_inside(const double* values, Range part, const Interval* intervals, std::int64_t count,
                                  std::int64_t* indices, std::int64_t found) {
  constexpr int lanes = 16;
  std::int64_t i = part.begin;
  for (; i + lanes <= part.end; i += lanes) {
    std::int64_t inside[lanes] = {};
    for (std::int64_t n = 0; n < count; ++n) {
      const Interval interval = intervals[n];
#pragma omp simd
      for (int j = 0; j < lanes; ++j)
        inside[j] |= static_cast<std::int64_t>(values[i + j] >= interval.lower) &
                     static_cast<std::int64_t>(values[i + j] <= interval.upper);
    }
    for (int j = 0; j < lanes; ++j) {
      indices[found] = i + j;
      found += inside[j];
    }
  }
  for (; i < part.end; ++i) {
    bool inside = false;
    for (std::int64_t n = 0; n < count; ++n) inside = inside || intervals[n].contains(values[i]);
    indices[found] = i;
    found += inside ? 1 : 0;
  }
  return found;
}

/// Whether append_by_bins is to be used: it needs instructions that look up bins and move lanes together.
#if defined(ISTER_COMPRESS)
inline constexpr bool has_lane_compression = true;
#else
inline constexpr bool has_lane_compression = false;
#endif

/// The same with bins, for as many values of `part` as come in whole vectors; moves its begin behind them. `outside`
/// tells afterwards whether one of them was in no bin, or no number; then the answer is wrong.
inline std::int64_t append_by_bins([[maybe_unused]] const double* values, [[maybe_unused]] Range& part,
                                   [[maybe_unused]] const IntervalBins& bins, [[maybe_unused]] bool& outside,
                                   [[maybe_unused]] std::int64_t* indices, std::int64_t found) {
#if defined(ISTER_COMPRESS)
  constexpr int vectors = 4;
  const __m512d scale = _mm512_set1_pd(bins.scale()), offset = _mm512_set1_pd(bins.offset());
  const __m512d lower[] = {_mm512_load_pd(bins.lower()), _mm512_load_pd(bins.lower() + 8)};
  const __m512d upper[] = {_mm512_load_pd(bins.upper()), _mm512_load_pd(bins.upper() + 8)};
  const __m512i first_bin = _mm512_castpd_si512(_mm512_set1_pd(IntervalBins::rounder)), eight = _mm512_set1_epi64(8);
  __m512i index = _mm512_add_epi64(_mm512_set1_epi64(part.begin), _mm512_set_epi64(7, 6, 5, 4, 3, 2, 1, 0));
  __m512i bits = _mm512_setzero_si512();  // in which any bin differs from the first one
  for (; part.begin + 8 * vectors <= part.end; part.begin += 8 * vectors)
    for (int v = 0; v < vectors; ++v) {
      const __m512d x = _mm512_loadu_pd(values + part.begin + 8 * v);
      const __m512i bin = _mm512_castpd_si512(_mm512_fmadd_pd(x, scale, offset));
      bits = _mm512_ternarylogic_epi64(bits, bin, first_bin, 0xf6);  // bits | (bin ^ first_bin)
      const __mmask8 above = _mm512_cmp_pd_mask(x, _mm512_permutex2var_pd(lower[0], bin, lower[1]), _CMP_GE_OQ);
      const __mmask8 inside =
          _mm512_mask_cmp_pd_mask(above, x, _mm512_permutex2var_pd(upper[0], bin, upper[1]), _CMP_LE_OQ);
      // The selected lanes move together in a register and all eight are stored: the next store covers the rest.
      _mm512_storeu_si512(indices + found, _mm512_maskz_compress_epi64(inside, index));
      found += __builtin_popcount(inside);
      index = _mm512_add_epi64(index, eight);
    }
  outside = _mm512_test_epi64_mask(bits, _mm512_set1_epi64(~std::int64_t{IntervalBins::bins - 1})) != 0;
#endif
  return found;
}

}  // namespace ister::core
