#pragma once

namespace ister::core {

/// Eight doubles that the compiler keeps in one register where the machine has such, and in several elsewhere. (Loops
/// over small arrays with `omp simd` are vectorised, too, but go through memory from one turn to the next.)
using LaneVector [[gnu::vector_size(64), gnu::may_alias]] = double;
inline constexpr int vector_lanes = 8;

/// Eight numbers of an array, at an address that is a multiple of 64 bytes.
inline LaneVector& lanes_at(double* x) { return *reinterpret_cast<LaneVector*>(x); }
inline const LaneVector& lanes_at(const double* x) { return *reinterpret_cast<const LaneVector*>(x); }

/// In pairs, always the same ones.
inline double sum_of(const LaneVector& v) {
  using Half [[gnu::vector_size(32)]] = double;
  using Quarter [[gnu::vector_size(16)]] = double;
  const Half half = __builtin_shufflevector(v, v, 0, 1, 2, 3) + __builtin_shufflevector(v, v, 4, 5, 6, 7);
  const Quarter quarter = __builtin_shufflevector(half, half, 0, 1) + __builtin_shufflevector(half, half, 2, 3);
  return quarter[0] + quarter[1];
}

}  // namespace ister::core
