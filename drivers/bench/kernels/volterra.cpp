#include <fmt/format.h>

#include <cmath>

#include "core/base/random.hpp"
#include "core/kernels/volterra/volterra.hpp"
#include "core/parallel/execution.hpp"
#include "drivers/bench/kernels/benchmarks.hpp"

namespace ister::drivers {

/// Orders 1 to 5 of one channel in blocks of 512, on one thread.
void bench_volterra(const core::Ranks&, BenchReport& report) {
  constexpr std::int64_t block = 512, blocks = 40, samples = block * blocks;
  const auto noise = [](std::int64_t count, std::uint32_t stream) {
    std::vector<double> values;
    for (std::int64_t n = 0; n < count; ++n)
      values.push_back(random_normals(1, {static_cast<std::uint64_t>(n), stream, 0}).first);
    return values;
  };
  const std::vector<double> x = noise(samples, 0);
  std::vector<double> y(x.size());
  std::vector<core::Volterra> engines;
  std::vector<std::pair<std::string, std::function<void()>>> things;
  const std::vector<std::int64_t> sizes = {64, 256, 1024};
  for (const std::int64_t taps : sizes) {
    core::VolterraKernel kernel;
    kernel.taps = taps;
    for (std::uint32_t p = 1; p <= 5; ++p) {
      kernel.orders.push_back(noise(taps, p));
      for (double& h : kernel.orders.back()) h /= std::sqrt(static_cast<double>(taps));
    }
    engines.emplace_back(kernel, 1, block);
  }
  for (std::size_t i = 0; i < sizes.size(); ++i)
    things.emplace_back(fmt::format("volterra/{}", sizes[i]), [&, i] {
      core::on_one_thread([&] {
        for (std::int64_t n = 0; n < samples; n += block) engines[i].apply(x.data() + n, y.data() + n, block, block);
      });
    });
  for (Timing& timing : report.time_in_turn(30, things)) {
    timing.items = static_cast<double>(samples);
    report.add({timing.name, timing.items / timing.best() / 1e6, "Msamples/s", "orders 1-5, blocks of 512", {}});
    report.add(std::move(timing));
  }
}

}  // namespace ister::drivers
