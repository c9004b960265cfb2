#include <fmt/format.h>
#include <lapacke.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

#include "core/base/error.hpp"
#include "core/kernels/volterra/identify.hpp"

namespace ister::core {
namespace {

/// Polynomials orthonormal on given values by Stieltjes' three-term recurrence,
///   b_p+1 q_p+1(t) = (t - a_p) q_p(t) - b_p q_p-1(t),  t = x / max|x|,
/// up to `degree`, or up to where x takes no more different values.
class OrthogonalPolynomials {
 public:
  OrthogonalPolynomials(const std::vector<double>& x, int degree) : m_values(1), m_coefficients(1) {
    for (const double v : x) m_scale = std::max(m_scale, std::abs(v));
    if (m_scale == 0.0) throw InputError("excitation: x is zero everywhere");
    const std::size_t count = x.size();
    m_values[0].assign(count, 1.0);
    m_coefficients[0].assign(degree + 1, 0.0);
    m_coefficients[0][0] = 1.0;
    double b = 0.0;
    for (int p = 0; p < degree; ++p) {
      const std::vector<double>&q = m_values.back(), &before = m_values[std::max(p - 1, 0)];
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
      if (b < 1e-8) return;
      for (double& v : next) v /= b;
      for (double& v : coefficients) v /= b;
      m_values.push_back(std::move(next));
      m_coefficients.push_back(std::move(coefficients));
    }
  }

  [[nodiscard]] int degree() const { return static_cast<int>(m_values.size()) - 1; }

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
  [[nodiscard]] int columns() const { return m_columns; }
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

/// A column beside those of the kernel: q_p(x[n-i]) q_r(x[n-j]).
struct Column {
  int p;
  std::int64_t i;
  int r = 0;  // q_0 = 1
  std::int64_t j = 0;
};

/// What a system of another kind would show in: columns that a right kernel leaves to noise alone.
struct Doubts {
  std::vector<Column> memory, form;

  /// About `count` in all.
  Doubts(std::int64_t count, const OrthogonalPolynomials& polynomials, int orders, std::int64_t taps) {
    const std::int64_t part = count / 4;
    if (part == 0) return;
    for (std::int64_t i = taps; i < taps + std::max<std::int64_t>(part / orders, 1); ++i)
      for (int p = 1; p <= orders; ++p) memory.push_back({p, i});
    for (std::int64_t i = 0; i < std::min(taps, part / 2); ++i)
      for (int p = orders + 1; p <= std::min(orders + 2, polynomials.degree()); ++p) form.push_back({p, i});
    add_products(2 * part, std::min(polynomials.degree(), 2), taps);
  }
  [[nodiscard]] std::size_t size() const { return memory.size() + form.size(); }

 private:
  /// Neighbours in time first.
  void add_products(std::int64_t count, int degree, std::int64_t taps) {
    for (std::int64_t apart = 1; apart < taps; ++apart)
      for (std::int64_t i = 0; i + apart < taps; ++i)
        for (const auto& [p, r] : {std::pair{1, 1}, {2, 1}, {1, 2}}) {
          if (std::max(p, r) > degree) continue;
          if (count-- <= 0) return;
          form.push_back({p, i, r, i + apart});
        }
  }
};

/// h_1 .. h_orders by least squares, with what remains: the rows of the triangular factor are a constant, the columns
/// of the kernel, the doubts and y.
class LeastSquares {
 public:
  LeastSquares(const std::vector<double>& x, int orders, std::int64_t taps, std::int64_t equations)
      : m_orders(orders),
        m_taps(taps),
        m_equations(equations),
        m_unknowns(static_cast<int>(orders * taps + 1)),
        m_polynomials(polynomials(x, orders)),
        m_doubts(affordable_doubts(), m_polynomials, orders, taps),
        m_qr(m_unknowns + static_cast<int>(m_doubts.size()) + 1) {}

  /// The equation of sample n of a record that begins at `first`; what x was before is not known.
  void add(std::int64_t n, std::int64_t first, double y) {
    const std::ptrdiff_t stride = m_qr.stride();
    double* entry = m_qr.next_row();
    *entry = 1.0;
    for (int p = 1; p <= m_orders; ++p)
      for (std::int64_t i = 0; i < m_taps; ++i) *(entry += stride) = m_polynomials.value(p, n - i);
    for (const auto* columns : {&m_doubts.memory, &m_doubts.form})
      for (const Column& c : *columns)
        *(entry += stride) =
            n - c.i < first ? 0.0 : m_polynomials.value(c.p, n - c.i) * m_polynomials.value(c.r, n - c.j);
    *(entry += stride) = y;
    m_sum += y;
    m_squares += y * y;
  }

  VolterraEstimate solve() {
    m_triangle = m_qr.triangle();
    require_condition();
    m_solution.assign(last_column(), last_column() + m_unknowns);
    back_substitute('N', 1, m_solution.data());
    m_estimate.kernel.taps = m_taps;
    const std::int64_t spare = m_equations - m_unknowns;
    m_estimate.noise = std::sqrt(squares(m_unknowns, m_qr.columns()) / static_cast<double>(spare));
    judge(static_cast<double>(spare));
    find_kernel();
    find_errors();
    return std::move(m_estimate);
  }

 private:
  static OrthogonalPolynomials polynomials(const std::vector<double>& x, int orders) {
    OrthogonalPolynomials found(x, orders + 2);
    if (found.degree() < orders)
      throw InputError(fmt::format("excitation: x takes only {} different values; orders up to {} need {}",
                                   found.degree() + 1, orders, orders + 1));
    return found;
  }
  /// None where too few equations are left to tell them from noise.
  [[nodiscard]] std::int64_t affordable_doubts() const {
    const std::int64_t spare = m_equations - m_unknowns;
    return spare < m_unknowns / 2 + 20 ? 0 : std::min<std::int64_t>(200 + m_unknowns / 4, spare / 2);
  }

  [[nodiscard]] const double* last_column() const { return m_triangle + (m_qr.columns() - 1) * m_qr.stride(); }
  /// Of y, along the rows from `first` to before `end`.
  [[nodiscard]] double squares(std::ptrdiff_t first, std::ptrdiff_t end) const {
    return std::inner_product(last_column() + first, last_column() + end, last_column() + first, 0.0);
  }
  void back_substitute(char transposed, std::int64_t sides, double* values) const {
    const int failed = LAPACKE_dtrtrs(LAPACK_COL_MAJOR, 'U', transposed, 'N', m_unknowns, static_cast<int>(sides),
                                      m_triangle, m_qr.stride(), values, m_unknowns);
    ISTER_REQUIRE(failed == 0);
  }

  void require_condition() const {
    double condition = 0.0;
    LAPACKE_dtrcon(LAPACK_COL_MAJOR, '1', 'U', 'N', m_unknowns, m_triangle, m_qr.stride(), &condition);
    if (!(condition > 1e-12))
      throw InputError(
          fmt::format("excitation: x does not determine {} orders of {} taps (reciprocal condition "
                      "{:.1e})",
                      m_orders, m_taps, condition));
  }

  void judge(double spare) {
    const auto count = static_cast<double>(m_equations);
    const double spread = std::max(m_squares - m_sum * m_sum / count, 0.0);
    if (!(spread > 0)) return;
    VolterraCertificate& certificate = m_estimate.certificate;
    const auto end = m_qr.columns();
    const std::ptrdiff_t memory = m_unknowns, form = memory + static_cast<std::ptrdiff_t>(m_doubts.memory.size());
    const double left = squares(memory, end), fitted_noise = m_unknowns * left / spare;
    // On other input than this, to which the kernel was fitted, noise counts for more: 1/spare in place of 1/count.
    certificate.noise = std::sqrt(fitted_noise * count / spare / std::max(spread - left - fitted_noise, 0.0));
    if (m_doubts.size() == 0) {
      certificate.unclear = std::sqrt(left / spare * count / spread);
      return;
    }
    const double freedom = spare - static_cast<double>(m_doubts.size()), variance = squares(end - 1, end) / freedom;
    const auto part = [&](std::ptrdiff_t from, std::ptrdiff_t to) {
      if (from == to) return 0.0;
      return std::sqrt(beyond_noise(squares(from, to), static_cast<double>(to - from), variance, freedom) / spread);
    };
    certificate.memory = part(memory, form);
    certificate.form = part(form, end - 1);
  }

  [[nodiscard]] std::int64_t column(int p, std::int64_t i) const { return 1 + (p - 1) * m_taps + i; }

  /// h_j[i] = sum_p c_pi C_pj with the coefficients C_pj of x^j in q_p
  void find_kernel() {
    m_estimate.offset = m_solution[0];
    for (int j = 0; j <= m_orders; ++j) {
      std::vector<double> h(static_cast<std::size_t>(m_taps), 0.0);
      for (std::int64_t i = 0; i < m_taps; ++i)
        for (int p = std::max(j, 1); p <= m_orders; ++p)
          h[i] += m_solution[column(p, i)] * m_polynomials.coefficient(p, j);
      if (j > 0)
        m_estimate.kernel.orders.push_back(std::move(h));
      else
        m_estimate.offset = std::accumulate(h.begin(), h.end(), m_estimate.offset);
    }
  }

  /// The variance of h_j[i] is that of y times |R^-T C|^2.
  void find_errors() {
    std::vector<double> changes(static_cast<std::size_t>(m_unknowns * m_orders * m_taps), 0.0);
    for (int j = 1; j <= m_orders; ++j)
      for (std::int64_t i = 0; i < m_taps; ++i)
        for (int p = j; p <= m_orders; ++p)
          changes[((j - 1) * m_taps + i) * m_unknowns + column(p, i)] = m_polynomials.coefficient(p, j);
    back_substitute('T', m_orders * m_taps, changes.data());
    const double* change = changes.data();
    for (int j = 0; j < m_orders; ++j) {
      m_estimate.errors.emplace_back();
      for (std::int64_t i = 0; i < m_taps; ++i, change += m_unknowns)
        m_estimate.errors.back().push_back(m_estimate.noise *
                                           std::sqrt(std::inner_product(change, change + m_unknowns, change, 0.0)));
    }
  }

  int m_orders;
  std::int64_t m_taps, m_equations;
  int m_unknowns;
  OrthogonalPolynomials m_polynomials;
  Doubts m_doubts;
  RowwiseQr m_qr;
  const double* m_triangle = nullptr;
  std::vector<double> m_solution;
  VolterraEstimate m_estimate;
  double m_sum = 0, m_squares = 0;  ///< of y
};

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

  LeastSquares system(x, orders, taps, equations);
  for (std::int64_t r = 0; r < records; ++r)
    for (std::int64_t n = r * samples + taps - 1; n < (r + 1) * samples; ++n) {
      system.add(n, r * samples, y[n]);
      if (progress) progress(n + 1);
    }
  return system.solve();
}

}  // namespace ister::core
