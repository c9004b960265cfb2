#include "core/kernels/device/lagged_correlation.hpp"

#include <cmath>

namespace ister::core::device {
namespace {

using Complex = Kokkos::complex<double>;

/// Of item (row, x or y, frame).
template <class Scalar>
struct IsBadValue {
  Records<Scalar> x, y;
  std::int64_t points;

  KOKKOS_FUNCTION bool operator()(std::int64_t item) const {
    const std::int64_t i = item % points, record = item / points, row = record / 2;
    return !is_finite(record % 2 == 0 ? x(row, i) : y(row, i));
  }
};

template <class Scalar>
void refuse_bad_values(const Records<Scalar>& x, const Records<Scalar>& y) {
  static const std::string label = "bad values";
  const std::int64_t count = 2 * x.rows() * x.points();
  const std::int64_t item = first_where(label, count, IsBadValue<Scalar>{x, y, x.points()});
  if (item < count) refuse_value(item / x.points() / 2, item / x.points() % 2 == 0, item % x.points());
}

/// What a sum over pairs is multiplied by.
struct Scale {
  const double* by_lag;
  double frames = 0;
  const double *x_squares = nullptr, *y_squares = nullptr;  ///< where normalised

  KOKKOS_FUNCTION double operator()(std::int64_t row, std::int64_t lag) const {
    if (x_squares == nullptr) return by_lag[lag];
    // Of variances, 1/(sigma_x sigma_y) with the mean over the frames that are there.
    return by_lag[lag] * frames / (std::sqrt(x_squares[row]) * std::sqrt(y_squares[row]));
  }
};

/// From lag `first` on.
template <class Scalar>
struct SumOverPairs {
  Records<Scalar> x, y;
  Scale scale;
  std::int64_t first, points;
  Rows<Scalar> result;

  KOKKOS_FUNCTION void operator()(std::int64_t row, std::int64_t item) const {
    const std::int64_t lag = first + item;
    Scalar sum{};
    for (std::int64_t i = 0; i + lag < points; ++i) sum += conj_times(x(row, i), y(row, i + lag));
    result(row, lag) = scale(row, lag) * sum;
  }
};

/// t_n of one theta.
struct Twist {
  const double* parts;
  std::int64_t points;
  KOKKOS_FUNCTION Complex operator()(std::int64_t n) const { return {parts[n], parts[points + n]}; }
};

/// The line of a record, zeros after it.
template <class Scalar>
struct TwistedLine {
  Records<Scalar> records;
  Twist twist;
  std::int64_t length;
  Complex* lines;

  KOKKOS_FUNCTION void operator()(std::int64_t row, std::int64_t n) const {
    lines[row * length + n] = n < twist.points ? records(row, n) * twist(n) : Complex{};
  }
};

struct MultiplySpectra {
  Complex* x_k;
  const Complex* y_k;
  KOKKOS_FUNCTION void operator()(std::int64_t item) const { x_k[item] = conj_times(x_k[item], y_k[item]); }
};

KOKKOS_INLINE_FUNCTION void add(const Complex& value, double& sum) { sum += value.real(); }
KOKKOS_INLINE_FUNCTION void add(const Complex& value, Complex& sum) { sum += value; }

template <class Scalar>
struct AddUntwisted {
  const Complex* lines;
  Twist twist;
  std::int64_t length;
  bool first;    ///< nothing is there yet
  double share;  ///< of this theta in the mean, and 1/length of the pair of transforms
  Scale scale;
  Rows<Scalar> result;

  KOKKOS_FUNCTION void operator()(std::int64_t row, std::int64_t lag) const {
    Scalar sum = first ? Scalar{} : result(row, lag);
    add(share * scale(row, lag) * conj_times(twist(lag), lines[row * length + lag]), sum);
    result(row, lag) = sum;
  }
};

}  // namespace

template <class Scalar>
LaggedCorrelation<Scalar>::LaggedCorrelation(std::int64_t points, std::int64_t rows, const CorrelationOptions& options)
    : m_setup(points, options, is_complex<Scalar>),
      m_rows(rows),
      m_present(array_of(m_setup.present)),
      m_lag_scale(array_of(m_setup.lag_scale)) {
  if (rows < 1) throw InputError("a correlation without any row");
  if (m_setup.normalisation == Normalisation::normalised) {
    m_x.emplace(rows);
    m_y.emplace(rows);
  }
  if (m_setup.engine == CorrelationEngine::direct) return;
  m_fft.emplace(m_setup.length, rows);
  for (ComplexArray* array : {&m_line, &m_x_k, &m_y_k}) *array = ComplexArray("correlation", m_setup.length * rows);
  for (const HostArray& twist : m_setup.twists) m_twists.push_back(array_of(twist.data(), 2 * points));
}

template <class Scalar>
void LaggedCorrelation<Scalar>::apply(const Rows<const Scalar>& x_values, const Rows<const Scalar>& y_values,
                                      const Rows<Scalar>& result) const {
  static const std::string sum = "sum over pairs", fill = "twisted lines", multiply = "multiply spectra",
                           add = "add untwisted";
  const auto rows = static_cast<std::int64_t>(x_values.extent(0)), points = m_setup.points, length = m_setup.length;
  if (rows > m_rows)
    throw InputError(std::to_string(rows) + " rows are correlated in room for " + std::to_string(m_rows));
  expect_shape("x", x_values, rows, points);
  expect_shape("y", y_values, rows, points);
  expect_shape("the correlation", result, rows, points);
  Records<Scalar> x{x_values, m_present.data(), m_setup.first, m_setup.frames}, y = x;
  const bool same = y_values.data() == x_values.data();
  y.values = y_values;
  refuse_bad_values(x, y);

  Scale scale{m_lag_scale.data()};
  if (m_x) {
    x = m_x->centre(x);
    y = same ? x : m_y->centre(y);
    const Moments<Scalar>& y_moments = same ? *m_x : *m_y;
    const std::int64_t constant_x = m_x->first_without_variance(rows),
                       constant_y = y_moments.first_without_variance(rows);
    if (std::min(constant_x, constant_y) < rows)
      refuse_constant(std::min(constant_x, constant_y), constant_x <= constant_y);
    scale = {m_lag_scale.data(), m_setup.frames, m_x->squares(), y_moments.squares()};
  }
  const double share = 1.0 / (static_cast<double>(length) * static_cast<double>(m_twists.size()));
  for (const DeviceArray& parts : m_twists) {
    const Twist twist{parts.data(), points};
    const auto transform = [&](const Records<Scalar>& records, const ComplexArray& spectra) {
      for_each_entry(fill, rows, length, TwistedLine<Scalar>{records, twist, length, m_line.data()});
      m_fft->forward(m_line, spectra);
    };
    transform(x, m_x_k);
    if (!same) transform(y, m_y_k);
    Kokkos::parallel_for(multiply, items(rows * length),
                         MultiplySpectra{m_x_k.data(), same ? m_x_k.data() : m_y_k.data()});
    m_fft->backward(m_x_k, m_line);
    const bool first = &parts == &m_twists.front();
    for_each_entry(add, rows, points, AddUntwisted<Scalar>{m_line.data(), twist, length, first, share, scale, result});
  }
  for_each_entry(sum, rows, points - m_setup.direct_from,
                 SumOverPairs<Scalar>{x, y, scale, m_setup.direct_from, points, result});
}

template class LaggedCorrelation<double>;
template class LaggedCorrelation<Complex>;

}  // namespace ister::core::device
