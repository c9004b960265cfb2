#include <fmt/format.h>

#include "core/kernels/homodyne/chi_squared.hpp"
#include "core/kernels/homodyne/homodyne.hpp"
#include "drivers/bench/kernels/benchmarks.hpp"

namespace ister::drivers {
namespace {

constexpr core::HomodyneParameters parameters = {1e3, -0.5, 50.0, 0.01, -0.3, 0.001, 5.0};

/// Values between 1 and 1.3 for five angles.
core::Homodyne problem(std::int64_t frames) {
  core::HomodyneSetup setup;
  setup.q = 0.0054;
  setup.gap = 2e6;
  setup.dt = 0.1;
  setup.angles = {0.0, 36.0, 72.0, 108.0, 144.0};
  std::vector<double> observed(static_cast<std::size_t>(5 * frames * frames));
  for (std::size_t k = 0; k < observed.size(); ++k)
    observed[k] = 1.0 + 0.3 * static_cast<double>(k * 2654435761u >> 8 & 1023) / 1023.0;
  return {setup, frames, observed, {0.1}};
}

/// Sums an array as fast as it can be read: what sums over points are measured against.
void read(const core::DeviceArray& array, const core::DeviceArray& sums) {
  constexpr std::int64_t block = 16384;
  const auto size = static_cast<std::int64_t>(array.size());
  const double* values = array.data();
  double* out = sums.data();
  Kokkos::parallel_for(
      "read", Kokkos::RangePolicy<core::Execution>(0, (size + block - 1) / block), KOKKOS_LAMBDA(std::int64_t b) {
        const std::int64_t end = (b + 1) * block < size ? (b + 1) * block : size;
        double sum = 0.0;
#pragma omp simd reduction(+ : sum)
        for (std::int64_t i = b * block; i < end; ++i) sum += values[i];
        out[b] = sum;
      });
}

}  // namespace

void bench_homodyne(const core::Ranks&, BenchReport& report) {
  constexpr std::int64_t points = 1000000;
  core::Homodyne small = problem(300), large = problem(1000);
  core::HomodyneScaling scalings[8 * 5];
  core::HomodyneDerivatives derivatives;
  const std::vector<core::HomodyneParameters> batch(8, parameters);
  core::ChiSquared chi_squared(points);
  const core::DeviceArray data("data", 3 * points), sums("sums", 3 * points / 16384 + 1);
  Kokkos::deep_copy(data, 1.5);
  const auto part = [&](std::int64_t k) {
    return core::ChiSquared::Values(data.data() + k * points, static_cast<std::size_t>(points));
  };
  core::on_one_thread([&] {
    // Each group on its own: what fits into caches is to find its data there.
    std::vector<Timing> timings = report.time_in_turn(
        100,
        {{"homodyne/5x300x300", [&] { small.evaluate(&parameters, 1, scalings); }},
         {"homodyne/8 models of 5x300x300", [&] { small.evaluate(batch.data(), 8, scalings); }},
         {"homodyne/5x300x300 with derivatives", [&] { small.evaluate(&parameters, 1, scalings, &derivatives); }}});
    const auto add = [&](const std::vector<Timing>& more) { timings.insert(timings.end(), more.begin(), more.end()); };
    add(report.time_in_turn(30, {{"homodyne/5x1000x1000", [&] { large.evaluate(&parameters, 1, scalings); }}}));
    add(report.time_in_turn(60, {{"chi_squared/1000000", [&] { (void)chi_squared(part(0), part(1), part(2)); }},
                                 {"read_bandwidth/3000000", [&] { read(data, sums); }}}));
    const double pairs = 5.0 * 300 * 299 / 2,
                 items[] = {pairs, 8 * pairs, pairs, 5.0 * 1000 * 999 / 2, points, 3 * points};
    for (std::size_t t = 0; t < timings.size(); ++t) {
      Timing timing = timings[t];
      timing.items = items[t];
      report.add(timing);
      if (t < 4)
        report.add({timing.name,
                    1e9 * timing.best() / timing.items,
                    "ns/pair",
                    fmt::format("{:.3f} ms", 1e3 * timing.best()),
                    {}});
    }
    const double read_rate = 3.0 * sizeof(double) * points / timings[5].best();
    report.add({"chi-squared / read bandwidth", timings[5].best() / timings[4].best(), "x",
                fmt::format("{:.1f} GB/s read", read_rate / 1e9), Target{0.85, 0.9, {}, true}});
  });
}

}  // namespace ister::drivers
