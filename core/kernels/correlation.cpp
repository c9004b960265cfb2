#include "core/kernels/correlation.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/array_pool.hpp"
#include "core/error.hpp"

namespace ister::core {
namespace {

using HostRange = Kokkos::RangePolicy<HostExecution>;
template <class Scalar>
inline constexpr bool is_complex = !std::is_same_v<Scalar, double>;

constexpr std::int64_t lag_block = 32;  ///< lags that the direct engine sums at once, in registers
constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

std::int64_t whole_lines(std::int64_t doubles) { return (doubles + 7) / 8 * 8; }

/// Adds sign * sum_i x[i] y[i + k] to result[k * stride], k = 0 .. points - 1; y continues with lag_block zeros.
void add_lagged_products(const double* x, const double* y, std::int64_t points, double sign, double* result,
                         std::int64_t stride) {
  for (std::int64_t k = 0; k < points; k += lag_block) {
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
    : m_points(points), m_normalisation(options.normalisation) {
  if (points < 1) throw InputError("a record without any frame has no correlation");
  if (!options.present.empty() && static_cast<std::int64_t>(options.present.size()) != points)
    throw InputError("the mask is for " + std::to_string(options.present.size()) + " frames, but the records have " +
                     std::to_string(points));
  m_present.assign(static_cast<std::size_t>(points), 1.0);
  for (std::size_t i = 0; i < options.present.size(); ++i) m_present[i] = options.present[i] ? 1.0 : 0.0;
  for (const double present : m_present) m_frames += present;
  m_first = std::find(m_present.begin(), m_present.end(), 1.0) - m_present.begin();
  if (m_frames == 0) throw InputError("the mask leaves no frame");

  m_part = whole_lines(points + lag_block);
  m_work_size = (is_complex<Scalar> ? 4 : 2) * m_part;
  if (options.engine == CorrelationEngine::fft ||
      (options.engine == CorrelationEngine::automatic && points >= options.thresholds.correlation_fft_from)) {
    m_fft.emplace(fast_length(points, 4));
    m_work_size += 3 * whole_lines(2 * m_fft->length());
    const double pi = std::acos(-1.0);
    for (const double theta : is_complex<Scalar> ? std::vector<double>{0.0, pi} : std::vector<double>{pi / 2}) {
      m_twists.push_back(make_host_array(2 * points));
      double* twist = m_twists.back().data();
      for (std::int64_t n = 0; n < points; ++n) {
        const double phase = theta * static_cast<double>(n) / static_cast<double>(m_fft->length());
        twist[n] = std::cos(phase);
        twist[points + n] = std::sin(phase);
      }
    }
  }
  m_work = make_host_array(m_work_size * thread_count());
  count_pairs(options);
}

template <class Scalar>
void LaggedCorrelation<Scalar>::count_pairs(const CorrelationOptions& options) {
  for (std::int64_t k = 0; k < m_points; ++k) m_pairs.push_back(static_cast<double>(m_points - k));
  if (m_frames < static_cast<double>(m_points)) {
    CorrelationOptions count;
    count.engine = options.engine;
    count.thresholds = options.thresholds;
    LaggedCorrelation<double>(m_points, count).apply(1, m_present.data(), m_present.data(), m_pairs.data());
    for (double& pairs : m_pairs) pairs = std::round(pairs);
  }
  for (std::int64_t k = 0; k < m_points; ++k) {
    const double pairs = m_pairs[k];
    double scale = 1.0;
    if (m_normalisation != Normalisation::raw) scale = pairs > 0 ? 1.0 / pairs : no_value;
    if (m_normalisation == Normalisation::normalised)
      scale *= static_cast<double>(m_points - k) / static_cast<double>(m_points);
    m_lag_scale.push_back(scale);
  }
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
    const std::int64_t start = row * m_points;
    if (!correlate(x + start, y + start, result + start, work_of(token.value())))
      Kokkos::atomic_fetch_min(&bad_row, row);
  });
  if (bad_row < rows) explain(bad_row, x + bad_row * m_points, y + bad_row * m_points);
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
  std::fill_n(result, m_points, Scalar{});
  if (m_fft)
    correlate_by_fft(x_record, y_record, result, work);
  else
    correlate_directly(x_record, y_record, result);
  // Of variances, 1/(sigma_x sigma_y) with the mean over the frames that are there.
  const double scale = m_normalisation == Normalisation::normalised
                           ? m_frames / (std::sqrt(x_record.squares) * std::sqrt(y_record.squares))
                           : 1.0;
  for (std::int64_t k = 0; k < m_points; ++k) result[k] *= scale * m_lag_scale[k];
  return true;
}

template <class Scalar>
bool LaggedCorrelation<Scalar>::prepare(const Scalar* values, Record& record) const {
  constexpr std::int64_t parts = is_complex<Scalar> ? 2 : 1;
  const auto* from = reinterpret_cast<const double*>(values);
  const double* present = m_present.data();
  const bool normalised = m_normalisation == Normalisation::normalised;
  for (std::int64_t part = 0; part < parts; ++part) {
    double* to = part == 0 ? record.re : record.im;
    // Relative to the first frame a constant record is exactly zero.
    const double origin = normalised ? from[parts * m_first + part] : 0.0;
    double sum = 0, probe = 0;
#pragma omp simd reduction(+ : sum, probe)
    for (std::int64_t i = 0; i < m_points; ++i) {
      to[i] = present[i] != 0 ? from[parts * i + part] - origin : 0.0;
      sum += to[i];
      probe += 0.0 * to[i];
    }
    if (probe != 0) return false;  // NaN where a value is not finite
    std::fill(to + m_points, to + m_part, 0.0);
    if (normalised) record.squares += centre(to, present, m_points, sum / m_frames);
  }
  return !normalised || record.squares > 0;
}

template <class Scalar>
void LaggedCorrelation<Scalar>::correlate_directly(const Record& x, const Record& y, Scalar* result) const {
  auto* re = reinterpret_cast<double*>(result);
  if constexpr (is_complex<Scalar>) {
    add_lagged_products(x.re, y.re, m_points, 1.0, re, 2);
    add_lagged_products(x.im, y.im, m_points, 1.0, re, 2);
    add_lagged_products(x.re, y.im, m_points, 1.0, re + 1, 2);
    add_lagged_products(x.im, y.re, m_points, -1.0, re + 1, 2);
  } else {
    add_lagged_products(x.re, y.re, m_points, 1.0, re, 1);
  }
}

template <class Scalar>
void LaggedCorrelation<Scalar>::correlate_by_fft(const Record& x, const Record& y, Scalar* result,
                                                 const Work& work) const {
  const std::int64_t length = m_fft->length();
  for (const HostArray& twists : m_twists) {
    const double *t_re = twists.data(), *t_im = t_re + m_points;
    auto* line = reinterpret_cast<double*>(work.line);
    const auto transform = [&](const Record& record, std::complex<double>* out) {
#pragma omp simd
      for (std::int64_t n = 0; n < m_points; ++n) {
        double re = record.re[n] * t_re[n], im = record.re[n] * t_im[n];
        if constexpr (is_complex<Scalar>) {
          re -= record.im[n] * t_im[n];
          im += record.im[n] * t_re[n];
        }
        line[2 * n] = re;
        line[2 * n + 1] = im;
      }
      std::fill(line + 2 * m_points, line + 2 * length, 0.0);
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
    const double scale = 1.0 / (static_cast<double>(length) * static_cast<double>(m_twists.size()));
    auto* to = reinterpret_cast<double*>(result);
#pragma omp simd
    for (std::int64_t k = 0; k < m_points; ++k) {
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
  const auto name = [&](const Scalar* record) {
    return "record " + std::to_string(row) + " of " + (record == x ? "x" : "y");
  };
  for (const Scalar* record : {x, y})
    for (std::int64_t i = 0; i < m_points; ++i)
      if (m_present[i] != 0 && !(std::isfinite(std::real(record[i])) && std::isfinite(std::imag(record[i]))))
        throw InputError(name(record) + " is not finite at index " + std::to_string(i));
  const ThreadToken token;
  const Work work = work_of(token.value());
  Record prepared{work.x, work.x + m_part};
  throw InputError(name(prepare(x, prepared) ? y : x) + " is constant: a normalised correlation has no meaning there");
}

template class LaggedCorrelation<double>;
template class LaggedCorrelation<std::complex<double>>;

}  // namespace ister::core
