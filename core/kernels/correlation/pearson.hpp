#pragma once
#include <cstdint>

#include "core/parallel/execution.hpp"

namespace ister::core {

/// Pearson's correlation coefficient of every row of x with every row of y. On arrays where kernels run:
/// device::PearsonCorrelation.
class PearsonCorrelation {
 public:
  /// InputError where a size is not positive.
  PearsonCorrelation(std::int64_t x_rows, std::int64_t y_rows, std::int64_t points);

  /// x (x_rows, points), y (y_rows, points), result (x_rows, y_rows), on the host. Allocates nothing; one call at a
  /// time. InputError for values that are not finite and for constant rows, which it names.
  void apply(const double* x, const double* y, double* result) const;

 private:
  bool standardise(const double* row, double* out) const;

  std::int64_t m_x_rows, m_y_rows, m_points, m_pitch;
  HostArray m_rows;  ///< of x, then of y: means removed, of length 1
};

/// The error for a row that has no correlation coefficient: number `row` of x, or of y.
[[noreturn]] void refuse_row(std::int64_t row, bool of_x, const double* values, std::int64_t points);

}  // namespace ister::core
