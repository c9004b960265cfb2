#pragma once
#include "core/base/tensor.hpp"

namespace ister::physics {

struct ValueAndSlope {
  double value, slope;
};

/// c[first] + c[first + 1] s + ..., `terms` of them. An index into one array, not a pointer of its own: only then
/// do loops over points become gathers.
template <int terms>
[[nodiscard]] ISTER_INLINE double polynomial(const double* c, int first, double s) {
  if constexpr (terms == 1) {
    return c[first];
  } else {
    return c[first] + s * polynomial<terms - 1>(c, first + 1, s);
  }
}

/// The same and its derivative by s.
template <int terms>
[[nodiscard]] ISTER_INLINE ValueAndSlope polynomial_and_slope(const double* c, int first, double s) {
  if constexpr (terms == 1) {
    return {c[first], 0.0};
  } else {
    const ValueAndSlope rest = polynomial_and_slope<terms - 1>(c, first + 1, s);
    return {c[first] + s * rest.value, rest.value + s * rest.slope};
  }
}

}  // namespace ister::physics
