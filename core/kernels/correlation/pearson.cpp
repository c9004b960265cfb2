#include "core/kernels/correlation/pearson.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/error.hpp"
#include "core/grid/array_pool.hpp"
#include "core/grid/field_bundle.hpp"
#include "core/kernels/correlation/row_products.hpp"

namespace ister::core {

PearsonCorrelation::PearsonCorrelation(std::int64_t x_rows, std::int64_t y_rows, std::int64_t points)
    : m_x_rows(x_rows), m_y_rows(y_rows), m_points(points), m_pitch(padded(points)) {
  if (x_rows < 1 || y_rows < 1 || points < 1) throw InputError("rows without any point have no correlation");
  m_rows = make_host_array((x_rows + y_rows) * m_pitch);
}

/// Removes the mean and divides by the length; false where that cannot be done. Relative to the first point a constant
/// row is exactly zero.
bool PearsonCorrelation::standardise(const double* row, double* out) const {
  double sum = 0, squares = 0;
#pragma omp simd reduction(+ : sum)
  for (std::int64_t n = 0; n < m_points; ++n) {
    out[n] = row[n] - row[0];
    sum += out[n];
  }
  const double mean = sum / static_cast<double>(m_points);
#pragma omp simd reduction(+ : squares)
  for (std::int64_t n = 0; n < m_points; ++n) {
    out[n] -= mean;
    squares += out[n] * out[n];
  }
  const double scale = 1.0 / std::sqrt(squares);
#pragma omp simd
  for (std::int64_t n = 0; n < m_points; ++n) out[n] *= scale;
  return std::isfinite(scale);
}

void PearsonCorrelation::apply(const double* x, const double* y, double* result) const {
  const std::int64_t rows = m_x_rows + m_y_rows;
  const auto source = [=](std::int64_t row) {
    return row < m_x_rows ? x + row * m_points : y + (row - m_x_rows) * m_points;
  };
  std::int64_t bad_row = rows;  // the first one
  Kokkos::parallel_for("pearson", Kokkos::RangePolicy<HostExecution>(host_execution(), 0, rows),
                       [=, &bad_row](std::int64_t row) {
                         if (!standardise(source(row), m_rows.data() + row * m_pitch))
                           Kokkos::atomic_fetch_min(&bad_row, row);
                       });
  if (bad_row < rows) {
    const bool of_x = bad_row < m_x_rows;
    refuse_row(of_x ? bad_row : bad_row - m_x_rows, of_x, source(bad_row), m_points);
  }
  std::fill_n(result, m_x_rows * m_y_rows, 0.0);
  add_row_products({m_rows.data(), m_x_rows, m_pitch}, {m_rows.data() + m_x_rows * m_pitch, m_y_rows, m_pitch},
                   m_points, 1.0, Triangle::both, result, m_y_rows);
}

void refuse_row(std::int64_t row, bool of_x, const double* values, std::int64_t points) {
  const std::string name = "row " + std::to_string(row) + " of " + (of_x ? "x" : "y");
  for (std::int64_t n = 0; n < points; ++n)
    if (!std::isfinite(values[n])) throw InputError(name + " is not finite at index " + std::to_string(n));
  throw InputError(name + " is constant: its correlation coefficient has no meaning");
}

}  // namespace ister::core
