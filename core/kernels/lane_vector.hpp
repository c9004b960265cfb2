#pragma once
#include <cstdint>
#include <cstring>

namespace ister::core {

/// Eight doubles that the compiler keeps in one register where the machine has such, and in several elsewhere. (Loops
/// over small arrays with `omp simd` are vectorised, too, but go through memory from one turn to the next.)
using LaneVector [[gnu::vector_size(64)]] = double;
inline constexpr int vector_lanes = 8;

inline LaneVector load_lanes(const double* x) {
  LaneVector v;
  std::memcpy(&v, x, sizeof v);
  return v;
}
inline void store_lanes(const LaneVector& v, double* x) { std::memcpy(x, &v, sizeof v); }

/// In pairs, always the same ones.
inline double sum_of(const LaneVector& v) { return ((v[0] + v[4]) + (v[2] + v[6])) + ((v[1] + v[5]) + (v[3] + v[7])); }

}  // namespace ister::core
