#pragma once
#include <cstdint>

namespace ister::core {

/// Rows of numbers on the host, `pitch` doubles apart.
struct RowsOf {
  const double* data;
  std::int64_t count, pitch;
  [[nodiscard]] const double* at(std::int64_t row) const { return data + row * pitch; }
};

enum class Triangle { both, lower };

/// Adds sign * sum_n a_i[n] b_j[n] to c[i * c_pitch + j], for all i and j or for j <= i only: a rank-K update. Tiles
/// run in parallel; the order of each sum does not depend on the number of threads.
void add_row_products(const RowsOf& a, const RowsOf& b, std::int64_t points, double sign, Triangle triangle, double* c,
                      std::int64_t c_pitch);

}  // namespace ister::core
