#include "core/kernels/correlation/multi_tau.hpp"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/base/error.hpp"
#include "core/kernels/correlation/scalar.hpp"

namespace ister::core {
namespace {

double conjugate(double a) { return a; }
std::complex<double> conjugate(std::complex<double> a) { return std::conj(a); }

/// Sum of |a - mean|^2 from sums of a and |a|^2.
template <class Scalar>
double centred(double squares, Scalar sum, double count) {
  return squares - std::norm(sum) / count;
}

}  // namespace

template <class Scalar>
MultiTau<Scalar>::MultiTau(std::int64_t series, int channels, int levels)
    : m_series(series), m_lags(channels, levels), m_levels(static_cast<std::size_t>(levels)) {
  if (series < 1) throw InputError("a multi-tau correlator without any series");
  const auto width = static_cast<std::size_t>(series);
  for (Level& level : m_levels) {
    level.x.resize(width * static_cast<std::size_t>(channels));
    level.pending_x.resize(width);
    level.pending_y.resize(width);
  }
  for (auto* sums : {&m_products, &m_left, &m_right}) sums->assign(lags().size() * width, Scalar{});
  for (auto* frame : {&m_x_origin, &m_y_origin, &m_x_sum, &m_y_sum, &m_x, &m_y}) frame->assign(width, Scalar{});
  for (auto* squares : {&m_x_squares, &m_y_squares}) squares->assign(width, 0.0);
}

template <class Scalar>
void MultiTau<Scalar>::push(const Scalar* x, const Scalar* y) {
  for (std::int64_t s = 0; s < m_series; ++s)
    if (!is_finite(x[s]) || !is_finite(y[s])) m_lags.refuse_value(s);
  if (m_lags.taken() == 0) {
    std::copy_n(x, m_series, m_x_origin.begin());
    std::copy_n(y, m_series, m_y_origin.begin());
  }
  for (std::int64_t s = 0; s < m_series; ++s) {
    m_x[s] = x[s] - m_x_origin[s];
    m_y[s] = y[s] - m_y_origin[s];
    m_x_sum[s] += m_x[s];
    m_y_sum[s] += m_y[s];
    m_x_squares[s] += std::norm(m_x[s]);
    m_y_squares[s] += std::norm(m_y[s]);
  }
  m_lags.take(true);
  take(0, m_x.data(), m_y.data());
}

template <class Scalar>
void MultiTau<Scalar>::push_missing() {
  m_lags.take(false);
  take(0, m_x.data(), m_y.data());
}

template <class Scalar>
void MultiTau<Scalar>::take(int l, const Scalar* x, const Scalar* y) {
  Level& level = m_levels[l];
  const MultiTauShape& shape = m_lags.shape();
  const std::int64_t frame = (frames() - 1) >> l;
  const auto kept = [&](std::int64_t of_frame) { return level.x.data() + of_frame % shape.channels * m_series; };
  std::copy_n(x, m_series, kept(frame));
  if (m_lags.has(l, frame))
    for (int j = shape.first_channel(l); j < std::min<std::int64_t>(shape.channels, frame + 1); ++j)
      if (m_lags.has(l, frame - j)) add_pair(shape.lag(l, j), kept(frame - j), y);
  if (l + 1 == shape.levels) return;
  if (frame % 2 == 0) {
    std::copy_n(x, m_series, level.pending_x.begin());
    std::copy_n(y, m_series, level.pending_y.begin());
    return;
  }
  for (std::int64_t s = 0; s < m_series; ++s) {
    level.pending_x[s] = 0.5 * (level.pending_x[s] + x[s]);
    level.pending_y[s] = 0.5 * (level.pending_y[s] + y[s]);
  }
  take(l + 1, level.pending_x.data(), level.pending_y.data());
}

template <class Scalar>
void MultiTau<Scalar>::add_pair(std::int64_t lag, const Scalar* x, const Scalar* y) {
  const std::int64_t start = lag * m_series;
  Scalar *products = m_products.data() + start, *left = m_left.data() + start, *right = m_right.data() + start;
#pragma omp simd
  for (std::int64_t s = 0; s < m_series; ++s) {
    products[s] += conj_times(x[s], y[s]);
    left[s] += x[s];
    right[s] += y[s];
  }
}

template <class Scalar>
void MultiTau<Scalar>::result(Normalisation normalisation, Scalar* values) const {
  const double taken = m_lags.taken();
  for (std::int64_t s = 0; s < m_series; ++s) {
    // What is removed from the frames as they are kept: their mean, or minus the origin.
    Scalar x_removed = -m_x_origin[s], y_removed = -m_y_origin[s];
    double scale = 1.0;
    if (normalisation == Normalisation::normalised) {
      x_removed = m_x_sum[s] / taken;
      y_removed = m_y_sum[s] / taken;
      const double squares = centred(m_x_squares[s], m_x_sum[s], taken) * centred(m_y_squares[s], m_y_sum[s], taken);
      if (!(squares > 0)) MultiTauLags::refuse_constant(s);
      scale = taken / std::sqrt(squares);
    }
    for (std::size_t lag = 0; lag < lags().size(); ++lag) {
      const std::size_t at = lag * static_cast<std::size_t>(m_series) + static_cast<std::size_t>(s);
      const Scalar sum = m_products[at] - conj_times(x_removed, m_right[at]) - conjugate(m_left[at]) * y_removed +
                         pairs()[lag] * conj_times(x_removed, y_removed);
      values[at] = m_lags.weight(lag, normalisation, scale) * sum;
    }
  }
}

template class MultiTau<double>;
template class MultiTau<std::complex<double>>;

}  // namespace ister::core
