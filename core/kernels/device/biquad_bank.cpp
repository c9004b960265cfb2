#include "core/kernels/device/biquad_bank.hpp"

#include <fmt/format.h>

#include <string>

#include "core/kernels/device/launch.hpp"

namespace ister::core::device {
namespace {

/// One channel.
struct Filter {
  const BiquadBank::Channel* channels;
  BiquadMemory* memories;
  BiquadBank::Signals signals;
  std::int64_t samples, done;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t c) const {
    constexpr int run = 8;  // samples that are on their way from memory at the same time
    const Biquad filter = channels[c].filter;
    BiquadMemory memory = channels[c].begin == done ? BiquadMemory{} : memories[c];
    for (std::int64_t begin = 0; begin < samples; begin += run) {
      double x[run];
      for (int t = 0; t < run; ++t) x[t] = begin + t < samples ? signals(c, begin + t) : 0.0;
      for (int t = 0; t < run; ++t)
        if (begin + t < samples) signals(c, begin + t) = memory.pass(filter, x[t]);
    }
    memories[c] = memory;
  }
};

std::int64_t checked(std::int64_t channels) {
  if (channels < 1) throw InputError(fmt::format("a bank of {} filters", channels));
  return channels;
}

}  // namespace

BiquadBank::BiquadBank(std::int64_t channels)
    : m_channels("biquad channels", checked(channels)),
      m_memories("biquad memories", static_cast<std::size_t>(channels)) {}

void BiquadBank::set(std::int64_t channel, const Biquad& filter) { m_channels.change(channel).filter = filter; }

void BiquadBank::clear(std::int64_t channel) { m_channels.change(channel).begin = m_done; }

void BiquadBank::clear() {
  for (std::int64_t c = 0; c < m_channels.size(); ++c) clear(c);
}

void BiquadBank::apply(const Signals& signals) {
  ISTER_REQUIRE(static_cast<std::int64_t>(signals.extent(0)) == m_channels.size());
  const auto samples = static_cast<std::int64_t>(signals.extent(1));
  static const std::string label = "device biquads";
  Kokkos::parallel_for(label, items(m_channels.size()),
                       Filter{m_channels.read(), m_memories.data(), signals, samples, m_done});
  m_done += samples;
}

}  // namespace ister::core::device
