#include "core/kernels/sound/wave_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"

namespace ister::core {
namespace {

/// What follows a, b, c, d, ... on the polynomial of highest degree up to 3 through so many of them.
double extrapolated(const double* nearest, std::ptrdiff_t step, std::int64_t count) {
  const auto x = [&](std::ptrdiff_t n) { return nearest[n * step]; };
  if (count >= 4) return 4 * x(0) - 6 * x(1) + 4 * x(2) - x(3);
  if (count == 3) return 3 * x(0) - 3 * x(1) + x(2);
  return count == 2 ? 2 * x(0) - x(1) : x(0);
}

}  // namespace

WaveTable::WaveTable(const std::vector<double>& samples, std::optional<Loop> loop)
    : m_end(static_cast<std::int64_t>(samples.size())), m_loop_length(0) {
  const auto count = static_cast<std::int64_t>(samples.size());
  if (count == 0 || count >= std::int64_t{1} << 29)
    throw InputError(fmt::format("a table to sample has 1 to 2^29 values, not {}", count));
  for (std::size_t i = 0; i < samples.size(); ++i)
    if (!std::isfinite(samples[i])) throw InputError(fmt::format("value {} of a table is {}", i, samples[i]));
  if (loop && !(loop->begin >= 0 && loop->begin < loop->end && loop->end <= count))
    throw InputError(fmt::format("a loop over the samples [{}, {}) of a table of {}", loop->begin, loop->end, count));

  if (loop) {
    m_loop_length = loop->end - loop->begin;
    m_end = loop->end + m_loop_length;
  }
  m_values.resize(static_cast<std::size_t>(before + m_end + behind));
  double* x = m_values.data() + before;
  if (loop) {
    std::copy_n(samples.begin(), loop->end, x);
    for (std::int64_t i = loop->end; i < m_end + behind; ++i) x[i] = x[i - m_loop_length];
    x[-1] = loop->begin == 0 ? x[loop->end - 1] : extrapolated(x, 1, loop->end);
  } else {
    std::copy(samples.begin(), samples.end(), x);
    x[-1] = extrapolated(x, 1, count);
    x[count] = extrapolated(x + count - 1, -1, count);
  }
}

}  // namespace ister::core
