#include "core/kernels/volterra/branches.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.hpp"

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

VolterraEngine chosen_engine(const VolterraKernel& kernel, std::int64_t channels, std::int64_t block,
                             VolterraEngine engine, const Thresholds& thresholds) {
  kernel.check();
  if (channels < 1 || block < 1)
    throw InputError(fmt::format("Volterra: {} channels, blocks of {}; at least 1 each is needed", channels, block));
  if (engine != VolterraEngine::automatic) return engine;
  return std::min(kernel.taps, block) >= thresholds.volterra_fft_from ? VolterraEngine::fft : VolterraEngine::direct;
}

}  // namespace ister::core
