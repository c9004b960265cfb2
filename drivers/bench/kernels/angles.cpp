#include <fmt/format.h>

#include "core/base/random.hpp"
#include "core/grid/array_pool.hpp"
#include "core/kernels/angles/angle_filter.hpp"
#include "drivers/bench/kernels/benchmarks.hpp"

namespace ister::drivers {
namespace {

/// A million angles each, together larger than the caches: read in turn, each comes from memory.
constexpr std::int64_t million = 1000000, arrays = 12;

double sum_of(const double* values, std::int64_t count) {
  constexpr int lanes = 64;
  double sums[lanes] = {};
  for (std::int64_t i = 0; i + lanes <= count; i += lanes) {
#pragma omp simd
    for (int j = 0; j < lanes; ++j) sums[j] += values[i + j];
  }
  double total = 0;
  for (const double s : sums) total += s;
  return total;
}

}  // namespace

/// Four ranges of random angles, on one thread.
void bench_angles(const core::Ranks&, BenchReport& report) {
  core::AngleFilter filter({{-10, 10}, {80, 100}, {170, -170}, {-100, -80}}, core::AngleEngine::vector);
  const core::HostArray memory = core::make_host_array(arrays * million);
  double* angles = memory.data();
  for (std::int64_t i = 0; i < arrays * million; ++i)
    angles[i] = 360.0 * random_uniforms(1, {static_cast<std::uint64_t>(i)}).first - 180.0;
  std::vector<std::int64_t> indices(million);

  std::vector<std::pair<std::string, std::function<void()>>> things;
  const std::vector<std::int64_t> sizes = {1000, 10000, 100000, million};
  for (const std::int64_t count : sizes)
    things.emplace_back(fmt::format("angles/{}", count), [&, count] { filter.apply(angles, count, indices.data()); });
  volatile double sum = 0;
  things.emplace_back("angles from memory", [&] {
    for (int n = 0; n < arrays; ++n) filter.apply(angles + n * million, million, indices.data());
  });
  things.emplace_back("reading memory", [&] { sum = sum_of(angles, arrays * million); });
  std::vector<Timing> timings;
  core::on_one_thread([&] { timings = report.time_in_turn(60, things); });
  for (std::size_t i = 0; i < timings.size(); ++i) {
    timings[i].items = i < sizes.size() ? static_cast<double>(sizes[i]) : static_cast<double>(arrays * million);
    report.add(timings[i]);
    if (i < sizes.size()) report.add({timings[i].name, 1e6 * timings[i].best(), "us", "four ranges, one thread", {}});
  }
  const auto rate = [&](const Timing& timing) { return sizeof(double) * timing.items / timing.best(); };
  const double selecting = rate(timings[sizes.size()]), reading = rate(timings[sizes.size() + 1]);
  report.add({"angles / reading", selecting / reading, "of it",
              fmt::format("from memory, {:.1f} GB/s selected, {:.1f} GB/s read", 1e-9 * selecting, 1e-9 * reading),
              Target{0.7, 0.85, {}, true}});
}

}  // namespace ister::drivers
