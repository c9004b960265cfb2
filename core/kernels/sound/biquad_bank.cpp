#include "core/kernels/sound/biquad_bank.hpp"

#include <fmt/format.h>

#include "core/parallel/execution.hpp"

namespace ister::core {

BiquadBank::BiquadBank(std::int64_t channels) : m_channels(channels) {
  if (channels < 1) throw InputError(fmt::format("a bank of {} filters", channels));
  m_groups.resize(static_cast<std::size_t>((channels + lanes - 1) / lanes));
}

void BiquadBank::set(std::int64_t channel, const Biquad& filter) {
  ISTER_REQUIRE(channel >= 0 && channel < m_channels);
  m_groups[static_cast<std::size_t>(channel / lanes)].set(static_cast<int>(channel % lanes), filter);
}

void BiquadBank::clear() {
  for (BiquadLanes<lanes>& group : m_groups)
    for (int lane = 0; lane < lanes; ++lane) group.clear(lane);
}

/// One group of channels: gathered into lanes tile by tile.
struct BiquadBank::Apply {
  BiquadLanes<lanes>* groups;
  std::int64_t channels, samples;
  double* signals;
  std::int64_t stride;

  void operator()(std::int64_t g) const {
    constexpr std::int64_t tile = 64;
    alignas(64) double scratch[tile * lanes] = {};
    const std::int64_t used = std::min<std::int64_t>(lanes, channels - g * lanes);
    for (std::int64_t begin = 0; begin < samples; begin += tile) {
      const std::int64_t count = std::min(tile, samples - begin);
      double* rows = signals + g * lanes * stride + begin;
      for (std::int64_t v = 0; v < used; ++v)
        for (std::int64_t t = 0; t < count; ++t) scratch[t * lanes + v] = rows[v * stride + t];
      groups[g].apply(scratch, count);
      for (std::int64_t v = 0; v < used; ++v)
        for (std::int64_t t = 0; t < count; ++t) rows[v * stride + t] = scratch[t * lanes + v];
    }
  }
};

void BiquadBank::apply(std::int64_t samples, double* signals, std::int64_t stride) {
  Kokkos::parallel_for(
      "biquads", Kokkos::RangePolicy<HostExecution>(host_execution(), 0, static_cast<std::int64_t>(m_groups.size())),
      Apply{m_groups.data(), m_channels, samples, signals, stride});
}

}  // namespace ister::core
