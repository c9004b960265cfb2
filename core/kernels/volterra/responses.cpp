#include "core/kernels/volterra/responses.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"

namespace ister::core {

VolterraResponses::VolterraResponses(const VolterraExcitation& excitation, const std::vector<double>& y)
    : m_separation(excitation.levels, excitation.orders),
      m_amplitudes(excitation.levels),
      m_orders(excitation.orders),
      m_period(excitation.period),
      m_periods(excitation.periods),
      m_scalings(2 * static_cast<std::int64_t>(excitation.levels.size())) {
  excitation.check();
  for (const double level : excitation.levels) m_amplitudes.push_back(-level);
  const std::int64_t records = excitation.records(), samples = excitation.samples();
  if (static_cast<std::int64_t>(y.size()) != records * samples)
    throw InputError(fmt::format("response: y has {} values, the excitation has {} records of {} samples", y.size(),
                                 records, samples));
  for (std::int64_t n = 0; n < records * samples; ++n)
    if (!std::isfinite(y[n]))
      throw InputError(fmt::format("response: y[{}][{}] = {} is not finite", n / samples, n % samples, y[n]));
  m_mean.assign(static_cast<std::size_t>(records * m_period), 0.0);
  double squares = 0.0;
  for (std::int64_t r = 0; r < records; ++r)
    for (std::int64_t n = 0; n < m_period; ++n) {
      double& mean = m_mean[r * m_period + n];
      const double* measured = y.data() + r * samples + m_period + n;
      for (std::int64_t p = 0; p < m_periods; ++p) mean += measured[p * m_period] / static_cast<double>(m_periods);
      for (std::int64_t p = 0; p < m_periods; ++p)
        squares += (measured[p * m_period] - mean) * (measured[p * m_period] - mean);
    }
  m_noise = std::sqrt(squares / static_cast<double>(records * m_period * (m_periods - 1)));
}

std::vector<double> VolterraResponses::of(int order, std::int64_t waveform) const {
  std::vector<double> z(static_cast<std::size_t>(m_period), 0.0);
  const std::vector<double>& weights = m_separation.weights(order);
  for (std::int64_t l = 0; l < m_scalings; ++l) {
    const double* y = m_mean.data() + (waveform * m_scalings + l) * m_period;
    for (std::int64_t n = 0; n < m_period; ++n) z[n] += weights[l] * y[n];
  }
  return z;
}

double VolterraResponses::variance(int order) const {
  return m_separation.gain(order) * m_noise * m_noise / static_cast<double>(m_periods);
}

double VolterraResponses::power() const {
  double sum = 0.0, squares = 0.0;
  for (const double y : m_mean) sum += y / static_cast<double>(m_mean.size());
  for (const double y : m_mean) squares += (y - sum) * (y - sum) / static_cast<double>(m_mean.size());
  return squares;
}

double VolterraResponses::scale(int order) const {
  double sum = 0.0;
  for (const double a : m_amplitudes) sum += std::pow(a, 2 * order) / static_cast<double>(m_scalings);
  return sum;
}

double VolterraResponses::not_polynomial() const {
  const auto spare = static_cast<double>(m_scalings - m_orders - 1);
  if (spare < 1) return 0.0;
  const auto values = static_cast<double>(m_mean.size());
  double squares = 0.0;
  for (std::int64_t r = 0; r < static_cast<std::int64_t>(m_mean.size()) / m_period; r += m_scalings) {
    std::vector<double> left(m_mean.begin() + r * m_period, m_mean.begin() + (r + m_scalings) * m_period);
    for (int p = 0; p <= m_orders; ++p) {
      const std::vector<double> z = of(p, r / m_scalings);
      for (std::size_t i = 0; i < left.size(); ++i)
        left[i] -= std::pow(m_amplitudes[i / z.size()], p) * z[i % z.size()];
    }
    for (const double v : left) squares += v * v;
  }
  return beyond_noise(squares, spare * values / static_cast<double>(m_scalings), noise_power(), freedom()) / values;
}

}  // namespace ister::core
