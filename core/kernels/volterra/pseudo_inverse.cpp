#include "core/kernels/volterra/pseudo_inverse.hpp"

#include <lapacke.h>

#include "core/base/error.hpp"

namespace ister::core {

std::vector<double> pseudo_inverse(std::vector<double> matrix, int rows, int columns) {
  const auto n = static_cast<std::size_t>(rows);
  std::vector<double> inverse(n * n, 0.0);  // the identity, then the least-squares solutions in its first rows
  for (std::size_t i = 0; i < n; ++i) inverse[i * n + i] = 1.0;
  const int failed =
      LAPACKE_dgels(LAPACK_ROW_MAJOR, 'N', rows, columns, rows, matrix.data(), columns, inverse.data(), rows);
  ISTER_REQUIRE(failed == 0);
  inverse.resize(n * static_cast<std::size_t>(columns));
  return inverse;
}

}  // namespace ister::core
