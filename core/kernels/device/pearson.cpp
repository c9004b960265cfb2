#include "core/kernels/device/pearson.hpp"

#include <cmath>

#include "core/kernels/correlation/pearson.hpp"

namespace ister::core::device {
namespace {

struct Standardise {
  Records<double> records;
  const double* squares;
  Rows<double> out;
  KOKKOS_FUNCTION void operator()(std::int64_t row, std::int64_t n) const {
    out(row, n) = records(row, n) / std::sqrt(squares[row]);
  }
};

struct Product {
  Rows<const double> x, y;
  std::int64_t y_rows;
  KOKKOS_FUNCTION double operator()(std::int64_t pair, std::int64_t n) const {
    return x(pair / y_rows, n) * y(pair % y_rows, n);
  }
};

}  // namespace

PearsonCorrelation::Side::Side(std::int64_t rows, std::int64_t points)
    : moments(rows), standardised("standardised rows", rows, points) {}

PearsonCorrelation::PearsonCorrelation(std::int64_t x_rows, std::int64_t y_rows, std::int64_t points)
    : m_points(std::min({x_rows, y_rows, points}) > 0 ? points
                                                      : throw InputError("rows without any point have no correlation")),
      m_x(x_rows, points),
      m_y(y_rows, points),
      m_products(x_rows * y_rows) {}

void PearsonCorrelation::standardise(const Rows<const double>& values, const Side& side) const {
  static const std::string label = "standardise";
  const auto rows = static_cast<std::int64_t>(side.standardised.extent(0));
  const Records<double> centred = side.moments.centre({values, nullptr, 0, static_cast<double>(m_points)});
  // Of a row that is not finite neither are its squares.
  const std::int64_t bad = side.moments.first_without_variance(rows);
  if (bad < rows) {
    const auto row = Kokkos::subview(values, bad, Kokkos::ALL());
    refuse_row(bad, &side == &m_x, Kokkos::create_mirror_view_and_copy(Kokkos::HostSpace(), row).data(), m_points);
  }
  for_each_entry(label, rows, m_points, Standardise{centred, side.moments.squares(), side.standardised});
}

void PearsonCorrelation::apply(const Rows<const double>& x, const Rows<const double>& y,
                               const Rows<double>& result) const {
  const auto x_rows = static_cast<std::int64_t>(m_x.standardised.extent(0)),
             y_rows = static_cast<std::int64_t>(m_y.standardised.extent(0));
  expect_shape("x", x, x_rows, m_points);
  expect_shape("y", y, y_rows, m_points);
  expect_shape("the correlation", result, x_rows, y_rows);
  ISTER_REQUIRE(result.span_is_contiguous());
  standardise(x, m_x);
  standardise(y, m_y);
  m_products.apply(x_rows * y_rows, m_points, Product{m_x.standardised, m_y.standardised, y_rows}, result.data());
}

}  // namespace ister::core::device
