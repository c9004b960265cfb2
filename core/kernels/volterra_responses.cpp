#include "core/kernels/volterra_responses.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/error.hpp"

namespace ister::core {

VolterraResponses::VolterraResponses(const VolterraExcitation& excitation, const std::vector<double>& y)
    : m_separation(excitation.levels, excitation.orders),
      m_period(excitation.period),
      m_periods(excitation.periods),
      m_scalings(2 * static_cast<std::int64_t>(excitation.levels.size())) {
  excitation.check();
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

}  // namespace ister::core
