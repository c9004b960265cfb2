#include "core/kernels/multi_tau.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/error.hpp"

namespace ister::core {
namespace {

constexpr double no_value = std::numeric_limits<double>::quiet_NaN();

double conj_times(double a, double b) { return a * b; }
/// Written out: the operator of std::complex looks for infinities, which keeps loops from becoming vectors.
std::complex<double> conj_times(std::complex<double> a, std::complex<double> b) {
  return {a.real() * b.real() + a.imag() * b.imag(), a.real() * b.imag() - a.imag() * b.real()};
}
double conjugate(double a) { return a; }
std::complex<double> conjugate(std::complex<double> a) { return std::conj(a); }
bool is_finite(double a) { return std::isfinite(a); }
bool is_finite(std::complex<double> a) { return is_finite(a.real()) && is_finite(a.imag()); }

/// Sum of |a - mean|^2 from sums of a and |a|^2.
template <class Scalar>
double centred(double squares, Scalar sum, double count) {
  return squares - std::norm(sum) / count;
}

}  // namespace

template <class Scalar>
MultiTau<Scalar>::MultiTau(std::int64_t series, int channels, int levels)
    : m_series(series), m_channels(channels), m_levels(static_cast<std::size_t>(std::max(levels, 0))) {
  if (series < 1) throw InputError("a multi-tau correlator without any series");
  if (channels < 2 || channels % 2 != 0)
    throw InputError("a multi-tau correlator needs an even number of channels from 2 on, not " +
                     std::to_string(channels));
  if (levels < 1 || levels > 40)
    throw InputError("a multi-tau correlator needs 1 to 40 levels, not " + std::to_string(levels));
  const auto width = static_cast<std::size_t>(series);
  for (std::size_t l = 0; l < m_levels.size(); ++l) {
    Level& level = m_levels[l];
    level.first_channel = l == 0 ? 0 : channels / 2;
    level.first_lag = m_lags.size();
    for (int j = level.first_channel; j < channels; ++j) {
      m_lags.push_back(std::int64_t{j} << l);
      m_pair_weight.push_back(std::ldexp(1.0, static_cast<int>(l)));
    }
    level.x.resize(width * static_cast<std::size_t>(channels));
    level.present.resize(static_cast<std::size_t>(channels));
    level.pending_x.resize(width);
    level.pending_y.resize(width);
  }
  m_pairs.assign(m_lags.size(), 0.0);
  for (auto* sums : {&m_products, &m_left, &m_right}) sums->assign(m_lags.size() * width, Scalar{});
  for (auto* frame : {&m_x_origin, &m_y_origin, &m_x_sum, &m_y_sum, &m_x, &m_y}) frame->assign(width, Scalar{});
  for (auto* squares : {&m_x_squares, &m_y_squares}) squares->assign(width, 0.0);
}

template <class Scalar>
void MultiTau<Scalar>::push(const Scalar* x, const Scalar* y) {
  for (std::int64_t s = 0; s < m_series; ++s)
    if (!is_finite(x[s]) || !is_finite(y[s]))
      throw InputError("frame " + std::to_string(m_frames) + " of series " + std::to_string(s) + " is not finite");
  if (!m_has_origin) {
    std::copy_n(x, m_series, m_x_origin.begin());
    std::copy_n(y, m_series, m_y_origin.begin());
    m_has_origin = true;
  }
  for (std::int64_t s = 0; s < m_series; ++s) {
    m_x[s] = x[s] - m_x_origin[s];
    m_y[s] = y[s] - m_y_origin[s];
    m_x_sum[s] += m_x[s];
    m_y_sum[s] += m_y[s];
    m_x_squares[s] += std::norm(m_x[s]);
    m_y_squares[s] += std::norm(m_y[s]);
  }
  ++m_frames;
  ++m_taken;
  take(0, m_x.data(), m_y.data(), true);
}

template <class Scalar>
void MultiTau<Scalar>::push_missing() {
  ++m_frames;
  take(0, m_x.data(), m_y.data(), false);
}

template <class Scalar>
void MultiTau<Scalar>::take(std::size_t l, const Scalar* x, const Scalar* y, bool present) {
  Level& level = m_levels[l];
  const std::int64_t slot = level.count % m_channels;
  std::copy_n(x, m_series, level.x.begin() + slot * m_series);
  level.present[slot] = present;
  if (present)
    for (std::int64_t j = level.first_channel; j < std::min<std::int64_t>(m_channels, level.count + 1); ++j) {
      const std::int64_t earlier = (level.count - j) % m_channels;
      if (level.present[earlier])
        add_pair(level.first_lag + static_cast<std::size_t>(j - level.first_channel),
                 level.x.data() + earlier * m_series, y);
    }
  const bool second = level.count % 2 != 0;
  ++level.count;
  if (l + 1 == m_levels.size()) return;
  if (!second) {
    std::copy_n(x, m_series, level.pending_x.begin());
    std::copy_n(y, m_series, level.pending_y.begin());
    level.pending_present = present;
    return;
  }
  for (std::int64_t s = 0; s < m_series; ++s) {
    level.pending_x[s] = 0.5 * (level.pending_x[s] + x[s]);
    level.pending_y[s] = 0.5 * (level.pending_y[s] + y[s]);
  }
  take(l + 1, level.pending_x.data(), level.pending_y.data(), level.pending_present && present);
}

template <class Scalar>
void MultiTau<Scalar>::add_pair(std::size_t lag, const Scalar* x, const Scalar* y) {
  const std::size_t start = lag * static_cast<std::size_t>(m_series);
  Scalar *products = m_products.data() + start, *left = m_left.data() + start, *right = m_right.data() + start;
  ++m_pairs[lag];
#pragma omp simd
  for (std::int64_t s = 0; s < m_series; ++s) {
    products[s] += conj_times(x[s], y[s]);
    left[s] += x[s];
    right[s] += y[s];
  }
}

template <class Scalar>
void MultiTau<Scalar>::result(Normalisation normalisation, Scalar* values) const {
  const auto frames = static_cast<double>(m_frames);
  for (std::int64_t s = 0; s < m_series; ++s) {
    // What is removed from the frames as they are kept: their mean, or minus the origin.
    Scalar x_removed = -m_x_origin[s], y_removed = -m_y_origin[s];
    double scale = 1.0;
    if (normalisation == Normalisation::normalised) {
      x_removed = m_x_sum[s] / m_taken;
      y_removed = m_y_sum[s] / m_taken;
      const double squares =
          centred(m_x_squares[s], m_x_sum[s], m_taken) * centred(m_y_squares[s], m_y_sum[s], m_taken);
      if (!(squares > 0))
        throw InputError("series " + std::to_string(s) + " is constant: a normalised correlation has no meaning there");
      scale = m_taken / std::sqrt(squares);
    }
    for (std::size_t lag = 0; lag < m_lags.size(); ++lag) {
      const std::size_t at = lag * static_cast<std::size_t>(m_series) + static_cast<std::size_t>(s);
      const double pairs = m_pairs[lag], left_over = frames - static_cast<double>(m_lags[lag]);
      const Scalar sum = m_products[at] - conj_times(x_removed, m_right[at]) - conjugate(m_left[at]) * y_removed +
                         pairs * conj_times(x_removed, y_removed);
      double weight = m_pair_weight[lag];
      if (normalisation != Normalisation::raw) weight = pairs > 0 ? 1.0 / pairs : no_value;
      if (normalisation == Normalisation::normalised) weight *= scale * left_over / frames;
      values[at] = weight * sum;
    }
  }
}

template class MultiTau<double>;
template class MultiTau<std::complex<double>>;

}  // namespace ister::core
