#include "core/kernels/volterra/convolver.hpp"

#include <algorithm>

#include "core/grid/array_pool.hpp"

namespace ister::core {

void VolterraInputs::advance_to(const VolterraBranch& branch) {
  const double* __restrict x = m_x;
  double* __restrict w = m_w;
  if (branch.lag > 0) {
#pragma omp simd
    for (std::int64_t n = 0; n < m_count; ++n) w[n] = x[n] * x[n - branch.lag];
    return;
  }
  if (m_power == 0) {
    std::copy_n(x, m_count, w);
    m_power = 1;
  }
  for (; m_power < branch.power; ++m_power) {
#pragma omp simd
    for (std::int64_t n = 0; n < m_count; ++n) w[n] *= x[n];
  }
}

VolterraConvolver::VolterraConvolver(std::int64_t channels, std::int64_t block, std::int64_t past)
    : m_channels(channels),
      m_block(block),
      m_past(past),
      m_pitch(cache_lines(past + block)),
      m_lines(make_host_array(channels * m_pitch)) {}

void VolterraConvolver::reset() {
  m_samples = 0;
  std::fill_n(m_lines.data(), m_lines.size(), 0.0);
}

void VolterraConvolver::apply(const double* x, double* y, std::int64_t samples, std::int64_t stride) {
  const Kokkos::RangePolicy<HostExecution> all_channels(host_execution(), 0, m_channels);
  Kokkos::parallel_for("volterra", all_channels, [this, x, y, samples, stride](std::int64_t c) {
    double* line = m_lines.data() + c * m_pitch;
    double* segment = line + m_past;
    for (std::int64_t done = 0; done < samples;) {
      const std::int64_t now = m_samples + done, from = now % m_block;
      const std::int64_t count = std::min(samples - done, m_block - from);
      std::copy_n(x + c * stride + done, count, segment + from);
      filter(c, now / m_block, segment, from, from + count, y + c * stride + done);
      done += count;
      if (from + count == m_block) {
        std::copy(line + m_block, segment + m_block, line);
        std::fill_n(segment, m_block, 0.0);
      }
    }
  });
  m_samples += samples;
}

}  // namespace ister::core
