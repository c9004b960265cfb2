#include "core/kernels/volterra_convolver.hpp"

#include <algorithm>

#include "core/array_pool.hpp"

namespace ister::core {

std::vector<VolterraBranch> branches_of(const VolterraKernel& kernel) {
  std::vector<VolterraBranch> branches;
  const auto add = [&](int power, std::int64_t lag, std::vector<double> taps) {
    while (!taps.empty() && taps.back() == 0.0) taps.pop_back();
    if (!taps.empty()) branches.push_back({power, lag, std::move(taps)});
  };
  const auto n = static_cast<std::size_t>(kernel.taps);
  for (int p = 1; p <= VolterraKernel::highest_order; ++p) {
    std::vector<double> taps(n, 0.0);
    if (p <= static_cast<int>(kernel.orders.size()) && !kernel.orders[p - 1].empty()) taps = kernel.orders[p - 1];
    if (p == 2 && !kernel.second.empty())
      for (std::size_t i = 0; i < n; ++i) taps[i] += kernel.second[i * n + i];
    add(p, 0, taps);
  }
  for (std::size_t lag = 1; lag < n && !kernel.second.empty(); ++lag) {
    std::vector<double> taps(n - lag);
    for (std::size_t i = 0; i + lag < n; ++i)
      taps[i] = kernel.second[i * n + i + lag] + kernel.second[(i + lag) * n + i];
    add(2, static_cast<std::int64_t>(lag), taps);
  }
  return branches;
}

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
  const Kokkos::RangePolicy<Kokkos::DefaultHostExecutionSpace> all_channels(0, m_channels);
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
