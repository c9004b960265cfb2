#include "core/kernels/device/volterra.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "core/base/error.hpp"
#include "core/kernels/device/launch.hpp"
#include "core/kernels/device/volterra_filter.hpp"

namespace ister::core::device {
namespace {

/// Of sample i % samples of channel i / samples.
struct IsNotFinite {
  const double* x;
  std::int64_t stride, samples;

  KOKKOS_INLINE_FUNCTION bool operator()(std::int64_t i) const {
    return !std::isfinite(x[i / samples * stride + i % samples]);
  }
};

/// Lines from the past in the lines before and the samples that are new.
struct NextLines {
  const double *before, *x;
  double* lines;
  std::int64_t past, pitch, previous, stride, count;  ///< previous: new samples in the lines before

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    const std::int64_t c = i / (past + count), n = i % (past + count);
    lines[c * pitch + n] = n < past ? before[c * pitch + previous + n] : x[c * stride + n - past];
  }
};

}  // namespace

Volterra::Volterra(const VolterraKernel& kernel, std::int64_t channels, std::int64_t block, VolterraEngine engine,
                   const Thresholds& thresholds)
    : m_engine(chosen_engine(kernel, channels, block, engine, thresholds)),
      m_channels(channels),
      m_block(block),
      m_past(kernel.taps - 1),
      m_pitch(m_past + block) {
  for (DeviceArray& lines : m_lines) lines = DeviceArray("volterra", static_cast<std::size_t>(channels * m_pitch));
  const std::vector<VolterraBranch> branches = branches_of(kernel);
  m_filter = m_engine == VolterraEngine::fft ? make_overlap_save(branches, kernel.taps, channels, block)
                                             : make_direct_sums(branches, kernel.taps, channels);
}

Volterra::~Volterra() = default;
Volterra::Volterra(Volterra&&) noexcept = default;
Volterra& Volterra::operator=(Volterra&&) noexcept = default;

void Volterra::check(const ConstSamples& x, const Samples& y) const {
  const auto samples = static_cast<std::int64_t>(x.extent(1));
  if (static_cast<std::int64_t>(x.extent(0)) != m_channels || x.extent(0) != y.extent(0) || x.extent(1) != y.extent(1))
    throw InputError(fmt::format("Volterra: x is {} x {} and y {} x {}; both have {} channels, and the same samples",
                                 x.extent(0), samples, y.extent(0), y.extent(1), m_channels));
  static const std::string label = "volterra check";
  const auto stride = static_cast<std::int64_t>(x.stride(0));
  const std::int64_t bad = first_where(label, m_channels * samples, IsNotFinite{x.data(), stride, samples});
  if (bad >= m_channels * samples) return;
  const std::int64_t c = bad / samples, n = bad % samples;
  double value = 0.0;
  Kokkos::deep_copy(value, Kokkos::subview(x, c, n));
  throw InputError(fmt::format("Volterra: x[{}][{}] = {} is not finite", c, n, value));
}

void Volterra::apply(const ConstSamples& x, const Samples& y) {
  check(x, y);
  static const std::string label = "volterra lines";
  const auto samples = static_cast<std::int64_t>(x.extent(1)), x_stride = static_cast<std::int64_t>(x.stride(0)),
             y_stride = static_cast<std::int64_t>(y.stride(0));
  for (std::int64_t done = 0; done < samples; done += m_count) {
    std::swap(m_lines[0], m_lines[1]);
    const std::int64_t previous = m_count;
    m_count = std::min(samples - done, m_block);
    Kokkos::parallel_for(
        label, items(m_channels * (m_past + m_count)),
        NextLines{m_lines[1].data(), x.data() + done, m_lines[0].data(), m_past, m_pitch, previous, x_stride, m_count});
    m_filter->apply({m_lines[0].data(), m_pitch, m_count, y.data() + done, y_stride});
  }
}

void Volterra::reset() {
  m_count = 0;
  set_zero(m_lines[0]);
}

}  // namespace ister::core::device
