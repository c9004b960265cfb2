#include "core/kernels/sound/sampler.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"

namespace ister::core {

void Sampler::start(const double* signal, std::int64_t end, std::int64_t loop_length, double position, double rate) {
  const std::int64_t last = end - (loop_length > 0 ? 0 : 1);
  if (!(position >= 0 && position <= static_cast<double>(last)))
    throw InputError(fmt::format("a table of {} samples cannot be read from position {}", end, position));
  m_signal = signal;
  m_loop = loop_length << 32;
  m_end = m_loop > 0 ? last << 32 : (last << 32) + 1;  // the last sample itself is played
  m_position = std::llround(position * 0x1p32);
  if (m_position >= m_end) m_position -= m_loop;
  set_rate(rate);
}

void Sampler::set_rate(double rate) {
  const double largest = m_loop > 0 ? static_cast<double>(m_loop) * 0x1p-32 : 0x1p30;
  if (!(rate >= 0 && rate <= largest))
    throw InputError(fmt::format("a table cannot be read {} samples at a time: between 0 and {:g}", rate, largest));
  m_increment = std::llround(rate * 0x1p32);
}

}  // namespace ister::core
