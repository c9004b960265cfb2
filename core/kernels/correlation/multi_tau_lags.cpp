#include "core/kernels/correlation/multi_tau_lags.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/base/error.hpp"

namespace ister::core {

MultiTauLags::MultiTauLags(int channels, int levels) : m_shape{channels, levels} {
  if (channels < 2 || channels % 2 != 0)
    throw InputError("a multi-tau correlator needs an even number of channels from 2 on, not " +
                     std::to_string(channels));
  if (levels < 1 || levels > 40)
    throw InputError("a multi-tau correlator needs 1 to 40 levels, not " + std::to_string(levels));
  for (int level = 0; level < levels; ++level)
    for (int j = m_shape.first_channel(level); j < channels; ++j) {
      m_lags.push_back(std::int64_t{j} << level);
      m_pair_weight.push_back(std::ldexp(1.0, level));
    }
  m_pairs.assign(m_lags.size(), 0.0);
  m_present.assign(static_cast<std::size_t>(levels) * static_cast<std::size_t>(channels), false);
  m_pending_present.assign(static_cast<std::size_t>(levels), false);
}

void MultiTauLags::take(bool present) {
  std::int64_t frame = m_frames++;
  if (present) ++m_taken;
  for (int level = 0; level < m_shape.levels; ++level, frame /= 2) {
    m_present[static_cast<std::size_t>(level * m_shape.channels + frame % m_shape.channels)] = present;
    for (int j = m_shape.first_channel(level); present && j < std::min<std::int64_t>(m_shape.channels, frame + 1); ++j)
      if (has(level, frame - j)) ++m_pairs[static_cast<std::size_t>(m_shape.lag(level, j))];
    if (frame % 2 == 0) {
      m_pending_present[static_cast<std::size_t>(level)] = present;
      return;
    }
    present = m_pending_present[static_cast<std::size_t>(level)] && present;
  }
}

double MultiTauLags::weight(std::size_t lag, Normalisation normalisation, double scale) const {
  if (normalisation == Normalisation::raw) return m_pair_weight[lag];
  const double weight = m_pairs[lag] > 0 ? 1.0 / m_pairs[lag] : std::numeric_limits<double>::quiet_NaN();
  if (normalisation == Normalisation::unbiased) return weight;
  const auto frames = static_cast<double>(m_frames);
  return weight * (scale * (frames - static_cast<double>(m_lags[lag])) / frames);
}

void MultiTauLags::refuse_value(std::int64_t series) const {
  throw InputError("frame " + std::to_string(m_frames) + " of series " + std::to_string(series) + " is not finite");
}

void MultiTauLags::refuse_constant(std::int64_t series) {
  throw InputError("series " + std::to_string(series) + " is constant: a normalised correlation has no meaning there");
}

}  // namespace ister::core
