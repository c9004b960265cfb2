#include "core/kernels/correlation/row_products.hpp"

#include <algorithm>

#include "core/parallel/execution.hpp"

namespace ister::core {
namespace {

constexpr int tile_rows = 4, tile_columns = 2;
// The piece of the rows of a that is used again and again then stays in the innermost cache.
constexpr std::int64_t chunk = 512;

/// Sums of a tile of products over a few points; the sums stay in registers.
void multiply_tile(const double* const a[tile_rows], const double* const b[tile_columns], std::int64_t points,
                   double sums[tile_rows][tile_columns]) {
  const double *a0 = a[0], *a1 = a[1], *a2 = a[2], *a3 = a[3], *b0 = b[0], *b1 = b[1];
  double s00 = 0, s01 = 0, s10 = 0, s11 = 0, s20 = 0, s21 = 0, s30 = 0, s31 = 0;
#pragma omp simd reduction(+ : s00, s01, s10, s11, s20, s21, s30, s31)
  for (std::int64_t n = 0; n < points; ++n) {
    s00 += a0[n] * b0[n];
    s01 += a0[n] * b1[n];
    s10 += a1[n] * b0[n];
    s11 += a1[n] * b1[n];
    s20 += a2[n] * b0[n];
    s21 += a2[n] * b1[n];
    s30 += a3[n] * b0[n];
    s31 += a3[n] * b1[n];
  }
  const double all[tile_rows][tile_columns] = {{s00, s01}, {s10, s11}, {s20, s21}, {s30, s31}};
  std::copy_n(&all[0][0], tile_rows * tile_columns, &sums[0][0]);
}

}  // namespace

void add_row_products(const RowsOf& a, const RowsOf& b, std::int64_t points, double sign, Triangle triangle, double* c,
                      std::int64_t c_pitch) {
  const auto multiply_rows = [=](std::int64_t tile) {
    const std::int64_t i0 = tile * tile_rows, i1 = std::min(i0 + tile_rows, a.count);
    const auto columns_of = [&](std::int64_t i) {
      return triangle == Triangle::both ? b.count : std::min(i + 1, b.count);
    };
    for (std::int64_t n0 = 0; n0 < points; n0 += chunk)
      for (std::int64_t j0 = 0; j0 < columns_of(i1 - 1); j0 += tile_columns) {
        // Beyond the last row the last one is multiplied once more, for nothing.
        const double *a_rows[tile_rows], *b_rows[tile_columns];
        for (int i = 0; i < tile_rows; ++i) a_rows[i] = a.at(std::min(i0 + i, a.count - 1)) + n0;
        for (int j = 0; j < tile_columns; ++j) b_rows[j] = b.at(std::min(j0 + j, b.count - 1)) + n0;
        double sums[tile_rows][tile_columns];
        multiply_tile(a_rows, b_rows, std::min(chunk, points - n0), sums);
        for (std::int64_t i = i0; i < i1; ++i)
          for (std::int64_t j = j0; j < std::min(j0 + tile_columns, columns_of(i)); ++j)
            c[i * c_pitch + j] += sign * sums[i - i0][j - j0];
      }
  };
  Kokkos::parallel_for("row products",
                       Kokkos::RangePolicy<HostExecution, Kokkos::Schedule<Kokkos::Dynamic>>(
                           host_execution(), 0, (a.count + tile_rows - 1) / tile_rows),
                       multiply_rows);
}

}  // namespace ister::core
