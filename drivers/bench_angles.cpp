#include <fmt/format.h>

#include "core/array_pool.hpp"
#include "core/kernels/angle_filter.hpp"
#include "core/random.hpp"
#include "drivers/bench.hpp"

namespace ister::drivers {
namespace {

/// Arrays read in turn, together larger than the caches, so that each comes from memory.
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
void bench_angles(const core::Session& session, BenchReport& report) {
  core::AngleFilter filter({{-10, 10}, {80, 100}, {170, -170}, {-100, -80}}, core::AngleEngine::vector);
  const core::HostArray memory = core::make_host_array(arrays * million);
  double* angles = memory.data();
  for (std::int64_t i = 0; i < arrays * million; ++i)
    angles[i] = 360.0 * random_uniforms(1, {static_cast<std::uint64_t>(i)}).first - 180.0;
  std::vector<std::int64_t> indices(million);

  std::vector<std::pair<std::string, std::function<void()>>> things;
  for (const std::int64_t count : {1000, 10000, 100000, 1000000})
    things.emplace_back(fmt::format("angles/{}", count), [&, count] { filter.apply(angles, count, indices.data()); });
  std::int64_t turn = 0;
  const auto next = [&] { return angles + million * (++turn % arrays); };
  volatile double sum = 0;
  things.emplace_back("angles from memory/1000000", [&] { filter.apply(next(), million, indices.data()); });
  things.emplace_back("read from memory/1000000", [&] { sum = sum_of(next(), million); });
  std::vector<Timing> timings;
  core::on_one_thread([&] { timings = time_in_turn(session.comm(), 40, things); });
  for (std::size_t i = 0; i < timings.size(); ++i) {
    timings[i].items = i < 4 ? static_cast<double>(std::vector{1000, 10000, 100000, 1000000}[i]) : million;
    report.add(timings[i]);
  }
  const double bytes = 8.0 * million, selected = bytes / timings[4].best(), read = bytes / timings[5].best();
  report.add({"angles / reading", selected / read, "of it",
              fmt::format("{:.1f} GB/s of angles selected, {:.1f} GB/s read", 1e-9 * selected, 1e-9 * read),
              Target{0.7, 0.85, {}, true}});
}

}  // namespace ister::drivers
