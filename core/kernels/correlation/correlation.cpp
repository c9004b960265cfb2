#include "core/kernels/correlation/correlation.hpp"

#include <algorithm>
#include <cmath>

#include "core/grid/array_pool.hpp"

namespace ister::core {
namespace {

using HostRange = Kokkos::RangePolicy<HostExecution>;
template <class Scalar>
inline constexpr bool is_complex = !std::is_same_v<Scalar, double>;

constexpr std::int64_t lag_block = 32;  ///< lags that the direct engine sums at once, in registers

std::int64_t whole_lines(std::int64_t doubles) { return (doubles + 7) / 8 * 8; }

/// Adds sign * sum_i x[i] y[i + k] to result[k * stride], k = first .. points - 1; y continues with lag_block zeros.
void add_lagged_products(const double* x, const double* y, std::int64_t first, std::int64_t points, double sign,
                         double* result, std::int64_t stride) {
  for (std::int64_t k = first; k < points; k += lag_block) {
    double sums[lag_block] = {};
    for (std::int64_t i = 0; i < points - k; ++i) {
      const double factor = x[i];
      const double* shifted = y + i + k;
#pragma omp simd
      for (std::int64_t j = 0; j < lag_block; ++j) sums[j] += factor * shifted[j];
    }
    for (std::int64_t j = 0; j < std::min(lag_block, points - k); ++j) result[(k + j) * stride] += sign * sums[j];
  }
}

/// sum |w (values - mean)|^2, the differences put in place of the values.
double centre(double* values, const double* weight, std::int64_t points, double mean) {
  double squares = 0;
#pragma omp simd reduction(+ : squares)
  for (std::int64_t i = 0; i < points; ++i) {
    values[i] = weight[i] * (values[i] - mean);
    squares += values[i] * values[i];
  }
  return squares;
}

}  // namespace

/// A thread's share of the work array.
template <class Scalar>
struct LaggedCorrelation<Scalar>::Work {
  double *x, *y;                          ///< parts of prepared records
  std::complex<double>*line, *x_k, *y_k;  ///< FFT engine only
};

/// What stands for a record in both engines: means removed where wanted, missing frames zero.
template <class Scalar>
struct LaggedCorrelation<Scalar>::Record {
  double* re;
  double* im;  ///< complex records only
  double squares = 0;
};

template <class Scalar>
LaggedCorrelation<Scalar>::LaggedCorrelation(std::int64_t points, const CorrelationOptions& options)
    : m_setup(points, options, is_complex<Scalar>), m_part(whole_lines(points + lag_block)) {
  m_work_size = (is_complex<Scalar> ? 4 : 2) * m_part;
  if (m_setup.engine == CorrelationEngine::fft) {
    m_fft.emplace(m_setup.length);
    m_work_size += 3 * whole_lines(2 * m_setup.length);
  }
  m_work = make_host_array(m_work_size * thread_count());
}

template <class Scalar>
typename LaggedCorrelation<Scalar>::Work LaggedCorrelation<Scalar>::work_of(int thread) const {
  double* x = m_work.data() + thread * m_work_size;
  double* y = x + (is_complex<Scalar> ? 2 : 1) * m_part;
  auto* line = reinterpret_cast<std::complex<double>*>(y + (y - x));
  const std::int64_t length = m_fft ? whole_lines(2 * m_fft->length()) / 2 : 0;
  return {x, y, line, line + length, line + 2 * length};
}

template <class Scalar>
void LaggedCorrelation<Scalar>::apply(std::int64_t rows, const Scalar* x, const Scalar* y, Scalar* result) const {
  std::int64_t bad_row = rows;  // the first one
  Kokkos::parallel_for("correlation", HostRange(host_execution(), 0, rows), [=, &bad_row](std::int64_t row) {
    const ThreadToken token;
    const std::int64_t start = row * m_setup.points;
    if (!correlate(x + start, y + start, result + start, work_of(token.value())))
      Kokkos::atomic_fetch_min(&bad_row, row);
  });
  if (bad_row < rows) explain(bad_row, x + bad_row * m_setup.points, y + bad_row * m_setup.points);
}

/// False where a record cannot be correlated.
template <class Scalar>
bool LaggedCorrelation<Scalar>::correlate(const Scalar* x, const Scalar* y, Scalar* result, const Work& work) const {
  Record x_record{work.x, work.x + m_part}, y_record{work.y, work.y + m_part};
  if (!prepare(x, x_record)) return false;
  if (y == x)
    y_record = x_record;
  else if (!prepare(y, y_record))
    return false;
  std::fill_n(result, m_setup.points, Scalar{});
  if (m_fft) correlate_by_fft(x_record, y_record, result, work);
  std::fill(result + m_setup.direct_from, result + m_setup.points, Scalar{});
  correlate_directly(x_record, y_record, result);
  // Of variances, 1/(sigma_x sigma_y) with the mean over the frames that are there.
  const double scale = m_setup.normalisation == Normalisation::normalised
                           ? m_setup.frames / (std::sqrt(x_record.squares) * std::sqrt(y_record.squares))
                           : 1.0;
  for (std::int64_t k = 0; k < m_setup.points; ++k) result[k] *= scale * m_setup.lag_scale[k];
  return true;
}

template <class Scalar>
bool LaggedCorrelation<Scalar>::prepare(const Scalar* values, Record& record) const {
  constexpr std::int64_t parts = is_complex<Scalar> ? 2 : 1;
  const auto* from = reinterpret_cast<const double*>(values);
  const double* present = m_setup.present.data();
  const bool normalised = m_setup.normalisation == Normalisation::normalised;
  for (std::int64_t part = 0; part < parts; ++part) {
    double* to = part == 0 ? record.re : record.im;
    // Relative to the first frame a constant record is exactly zero.
    const double origin = normalised ? from[parts * m_setup.first + part] : 0.0;
    double sum = 0, probe = 0;
#pragma omp simd reduction(+ : sum, probe)
    for (std::int64_t i = 0; i < m_setup.points; ++i) {
      to[i] = present[i] != 0 ? from[parts * i + part] - origin : 0.0;
      sum += to[i];
      probe += 0.0 * to[i];
    }
    if (probe != 0) return false;  // NaN where a value is not finite
    std::fill(to + m_setup.points, to + m_part, 0.0);
    if (normalised) record.squares += centre(to, present, m_setup.points, sum / m_setup.frames);
  }
  return !normalised || record.squares > 0;
}

template <class Scalar>
void LaggedCorrelation<Scalar>::correlate_directly(const Record& x, const Record& y, Scalar* result) const {
  auto* re = reinterpret_cast<double*>(result);
  if constexpr (is_complex<Scalar>) {
    add_lagged_products(x.re, y.re, m_setup.direct_from, m_setup.points, 1.0, re, 2);
    add_lagged_products(x.im, y.im, m_setup.direct_from, m_setup.points, 1.0, re, 2);
    add_lagged_products(x.re, y.im, m_setup.direct_from, m_setup.points, 1.0, re + 1, 2);
    add_lagged_products(x.im, y.re, m_setup.direct_from, m_setup.points, -1.0, re + 1, 2);
  } else {
    add_lagged_products(x.re, y.re, m_setup.direct_from, m_setup.points, 1.0, re, 1);
  }
}

template <class Scalar>
void LaggedCorrelation<Scalar>::correlate_by_fft(const Record& x, const Record& y, Scalar* result,
                                                 const Work& work) const {
  const std::int64_t length = m_fft->length();
  for (const HostArray& twists : m_setup.twists) {
    const double *t_re = twists.data(), *t_im = t_re + m_setup.points;
    auto* line = reinterpret_cast<double*>(work.line);
    const auto transform = [&](const Record& record, std::complex<double>* out) {
#pragma omp simd
      for (std::int64_t n = 0; n < m_setup.points; ++n) {
        double re = record.re[n] * t_re[n], im = record.re[n] * t_im[n];
        if constexpr (is_complex<Scalar>) {
          re -= record.im[n] * t_im[n];
          im += record.im[n] * t_re[n];
        }
        line[2 * n] = re;
        line[2 * n + 1] = im;
      }
      std::fill(line + 2 * m_setup.points, line + 2 * length, 0.0);
      m_fft->forward(work.line, out);
    };
    transform(x, work.x_k);
    if (y.re != x.re) transform(y, work.y_k);
    auto* product = reinterpret_cast<double*>(work.x_k);
    const auto* other = reinterpret_cast<const double*>(y.re != x.re ? work.y_k : work.x_k);
#pragma omp simd
    for (std::int64_t m = 0; m < length; ++m) {
      const double re = product[2 * m], im = product[2 * m + 1], y_re = other[2 * m], y_im = other[2 * m + 1];
      product[2 * m] = re * y_re + im * y_im;
      product[2 * m + 1] = re * y_im - im * y_re;
    }
    m_fft->backward(work.x_k, work.line);
    const double scale = 1.0 / (static_cast<double>(length) * static_cast<double>(m_setup.twists.size()));
    auto* to = reinterpret_cast<double*>(result);
#pragma omp simd
    for (std::int64_t k = 0; k < m_setup.points; ++k) {
      const double re = line[2 * k] * scale, im = line[2 * k + 1] * scale;
      if constexpr (is_complex<Scalar>) {
        to[2 * k] += re * t_re[k] + im * t_im[k];
        to[2 * k + 1] += im * t_re[k] - re * t_im[k];
      } else {
        to[k] += re * t_re[k] + im * t_im[k];
      }
    }
  }
}

template <class Scalar>
void LaggedCorrelation<Scalar>::explain(std::int64_t row, const Scalar* x, const Scalar* y) const {
  for (const Scalar* record : {x, y})
    for (std::int64_t i = 0; i < m_setup.points; ++i)
      if (m_setup.present[i] != 0 && !(std::isfinite(std::real(record[i])) && std::isfinite(std::imag(record[i]))))
        refuse_value(row, record == x, i);
  const ThreadToken token;
  const Work work = work_of(token.value());
  Record prepared{work.x, work.x + m_part};
  refuse_constant(row, !prepare(x, prepared));
}

template class LaggedCorrelation<double>;
template class LaggedCorrelation<std::complex<double>>;

}  // namespace ister::core
