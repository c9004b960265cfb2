#pragma once
#include "core/kernels/device/records.hpp"

namespace ister::core::device {

/// core::PearsonCorrelation on arrays where kernels run: several work items for each pair of rows, as many as keep a
/// GPU busy.
class PearsonCorrelation {
 public:
  /// InputError where a size is not positive.
  PearsonCorrelation(std::int64_t x_rows, std::int64_t y_rows, std::int64_t points);

  /// x (x_rows, points), y (y_rows, points), result (x_rows, y_rows) without gaps. Allocates nothing; one call at a
  /// time. InputError for arrays of other shapes, and for values that are not finite and for constant rows, which it
  /// names.
  void apply(const Rows<const double>& x, const Rows<const double>& y, const Rows<double>& result) const;

 private:
  /// The rows of x or y.
  struct Side {
    Side(std::int64_t rows, std::int64_t points);
    Moments<double> moments;
    Rows<double> standardised;  ///< means removed, of length 1
  };

  void standardise(const Rows<const double>& rows, const Side& side) const;

  std::int64_t m_points;
  Side m_x, m_y;
  RowSums<double> m_products;  ///< of pairs of rows
};

}  // namespace ister::core::device
