#include <fmt/format.h>
#include <lapacke.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "core/error.hpp"
#include "core/kernels/volterra_identify.hpp"

namespace ister::core {
namespace {

/// Polynomials orthonormal on given values by Stieltjes' three-term recurrence,
///   b_p+1 q_p+1(t) = (t - a_p) q_p(t) - b_p q_p-1(t),  t = x / max|x|.
class OrthogonalPolynomials {
 public:
  OrthogonalPolynomials(const std::vector<double>& x, int degree) : m_values(degree + 1), m_coefficients(degree + 1) {
    for (const double v : x) m_scale = std::max(m_scale, std::abs(v));
    if (m_scale == 0.0) throw InputError("excitation: x is zero everywhere");
    const std::size_t count = x.size();
    m_values[0].assign(count, 1.0);
    m_coefficients[0].assign(degree + 1, 0.0);
    m_coefficients[0][0] = 1.0;
    double b = 0.0;
    for (int p = 0; p < degree; ++p) {
      const std::vector<double>&q = m_values[p], &before = m_values[std::max(p - 1, 0)];
      double a = 0.0;
      for (std::size_t n = 0; n < count; ++n) a += x[n] / m_scale * q[n] * q[n] / static_cast<double>(count);
      std::vector<double> next(count), coefficients(degree + 1, 0.0);
      double square = 0.0;
      for (std::size_t n = 0; n < count; ++n) {
        next[n] = (x[n] / m_scale - a) * q[n] - b * before[n];
        square += next[n] * next[n] / static_cast<double>(count);
      }
      for (int j = 0; j <= p; ++j) {
        coefficients[j + 1] += m_coefficients[p][j];
        coefficients[j] -= a * m_coefficients[p][j] + b * m_coefficients[std::max(p - 1, 0)][j];
      }
      b = std::sqrt(square);
      if (b < 1e-8)
        throw InputError(fmt::format("excitation: x takes only {} different values; orders up to {} need {}", p + 1,
                                     degree, degree + 1));
      for (double& v : next) v /= b;
      for (double& v : coefficients) v /= b;
      m_values[p + 1] = std::move(next);
      m_coefficients[p + 1] = std::move(coefficients);
    }
  }

  /// q_p at the n-th value.
  [[nodiscard]] double value(int p, std::int64_t n) const { return m_values[p][n]; }
  /// q_p(x) = sum_j coefficient(p, j) x^j
  [[nodiscard]] double coefficient(int p, int j) const { return m_coefficients[p][j] / std::pow(m_scale, j); }

 private:
  double m_scale = 0.0;
  std::vector<std::vector<double>> m_values, m_coefficients;
};

/// The triangular factor of a matrix that comes row by row, of which only as many rows as columns are kept.
class RowwiseQr {
 public:
  explicit RowwiseQr(int columns)
      : m_columns(columns), m_rows(5 * columns), m_matrix(static_cast<std::size_t>(m_rows) * columns, 0.0) {}

  /// The next row, to be filled; its entries lie stride() apart.
  double* next_row() {
    if (m_filled == m_rows) factorise();
    return m_matrix.data() + m_filled++;
  }
  [[nodiscard]] int stride() const { return m_rows; }
  /// Column by column, stride() apart.
  const double* triangle() {
    factorise();
    return m_matrix.data();
  }

 private:
  void factorise() {
    std::vector<double> tau(static_cast<std::size_t>(m_columns));
    const int failed = LAPACKE_dgeqrf(LAPACK_COL_MAJOR, m_rows, m_columns, m_matrix.data(), m_rows, tau.data());
    ISTER_REQUIRE(failed == 0);
    for (int c = 0; c < m_columns; ++c)
      std::fill(m_matrix.begin() + static_cast<std::ptrdiff_t>(c) * m_rows + c + 1,
                m_matrix.begin() + static_cast<std::ptrdiff_t>(c + 1) * m_rows, 0.0);
    m_filled = m_columns;
  }

  int m_columns, m_rows, m_filled = 0;
  std::vector<double> m_matrix;
};

void check_finite(const std::vector<double>& values, std::int64_t samples, const char* name) {
  for (std::size_t n = 0; n < values.size(); ++n)
    if (!std::isfinite(values[n]))
      throw InputError(fmt::format("{}[{}][{}] = {} is not finite", name, n / samples, n % samples, values[n]));
}

}  // namespace

VolterraEstimate identify_least_squares(const std::vector<double>& x, const std::vector<double>& y,
                                        std::int64_t records, int orders, std::int64_t taps,
                                        const std::function<void(std::int64_t sample)>& progress) {
  if (orders < 1 || orders > VolterraKernel::highest_order || taps < 1)
    throw InputError(
        fmt::format("identification: orders up to {} and {} taps; possible are orders up to {}, and taps "
                    "from 1 on",
                    orders, taps, int{VolterraKernel::highest_order}));
  if (records < 1 || x.size() != y.size() || static_cast<std::int64_t>(x.size()) % records != 0)
    throw InputError(fmt::format("identification: x has {} values, y has {}; both must be {} records of equal length",
                                 x.size(), y.size(), records));
  const std::int64_t samples = static_cast<std::int64_t>(x.size()) / records;
  check_finite(x, samples, "x");
  check_finite(y, samples, "y");
  const std::int64_t equations = records * std::max<std::int64_t>(samples - taps + 1, 0);
  const std::int64_t needed = orders * taps + 1;
  if (equations <= needed)
    throw InputError(
        fmt::format("identification: {} records of {} samples are too short for {} orders of {} taps: they "
                    "give {} equations, more than {} are needed",
                    records, samples, orders, taps, equations, needed));

  const int unknowns = static_cast<int>(needed);
  const OrthogonalPolynomials polynomials(x, orders);
  RowwiseQr qr(unknowns + 1);  // y is the last column
  const std::ptrdiff_t stride = qr.stride();
  double squares = 0.0, mean = 0.0;
  for (std::int64_t r = 0; r < records; ++r)
    for (std::int64_t n = r * samples + taps - 1; n < (r + 1) * samples; ++n) {
      double* entry = qr.next_row();
      *entry = 1.0;
      for (int p = 1; p <= orders; ++p)
        for (std::int64_t i = 0; i < taps; ++i) *(entry += stride) = polynomials.value(p, n - i);
      *(entry += stride) = y[n];
      mean += y[n] / static_cast<double>(equations);
      squares += y[n] * y[n];
      if (progress) progress(n + 1);
    }
  const double* triangle = qr.triangle();
  double condition = 0.0;
  LAPACKE_dtrcon(LAPACK_COL_MAJOR, '1', 'U', 'N', unknowns, triangle, qr.stride(), &condition);
  if (!(condition > 1e-12))
    throw InputError(fmt::format("excitation: x does not determine {} orders of {} taps (reciprocal condition {:.1e})",
                                 orders, taps, condition));
  std::vector<double> c(triangle + unknowns * stride, triangle + unknowns * stride + unknowns);
  int failed = LAPACKE_dtrtrs(LAPACK_COL_MAJOR, 'U', 'N', 'N', unknowns, 1, triangle, qr.stride(), c.data(), unknowns);
  ISTER_REQUIRE(failed == 0);

  // h_j[i] = sum_p c_pi C_pj with the coefficients C_pj of x^j in q_p; its variance is that of y times |R^-T C|^2.
  const double left = std::abs(triangle[unknowns * stride + unknowns]);
  VolterraEstimate estimate;
  estimate.kernel.taps = taps;
  estimate.noise = left / std::sqrt(static_cast<double>(equations - unknowns));
  const double spread = std::sqrt(std::max(squares - mean * mean * static_cast<double>(equations), 0.0));
  estimate.certificate = {spread > 0 ? left / spread : 0.0};
  estimate.offset = c[0];
  const auto column = [&](int p, std::int64_t i) { return 1 + (p - 1) * taps + i; };
  std::vector<double> changes(static_cast<std::size_t>(unknowns) * static_cast<std::size_t>(orders * taps), 0.0);
  for (int j = 1; j <= orders; ++j) {
    std::vector<double> h(static_cast<std::size_t>(taps), 0.0);
    for (std::int64_t i = 0; i < taps; ++i)
      for (int p = j; p <= orders; ++p) {
        h[i] += c[column(p, i)] * polynomials.coefficient(p, j);
        changes[((j - 1) * taps + i) * unknowns + column(p, i)] = polynomials.coefficient(p, j);
      }
    estimate.kernel.orders.push_back(std::move(h));
  }
  for (int p = 1; p <= orders; ++p)
    for (std::int64_t i = 0; i < taps; ++i) estimate.offset += c[column(p, i)] * polynomials.coefficient(p, 0);
  failed = LAPACKE_dtrtrs(LAPACK_COL_MAJOR, 'U', 'T', 'N', unknowns, static_cast<int>(orders * taps), triangle,
                          qr.stride(), changes.data(), unknowns);
  ISTER_REQUIRE(failed == 0);
  for (int j = 0; j < orders; ++j) {
    std::vector<double> error;
    for (std::int64_t i = 0; i < taps; ++i) {
      double sum = 0.0;
      const double* change = changes.data() + (j * taps + i) * unknowns;
      for (int u = 0; u < unknowns; ++u) sum += change[u] * change[u];
      error.push_back(estimate.noise * std::sqrt(sum));
    }
    estimate.errors.push_back(std::move(error));
  }
  return estimate;
}

}  // namespace ister::core
