#include "drivers/machine/machine.hpp"

#include <algorithm>
#include <chrono>
#include <limits>

#include "core/grid/array_pool.hpp"
#include "core/spectral/line_transform.hpp"

namespace ister::drivers {
namespace {

template <class Function>
double best_seconds(int repetitions, const Function& f) {
  double best = std::numeric_limits<double>::max();
  for (int r = 0; r < repetitions; ++r) {
    const auto start = std::chrono::steady_clock::now();
    f();
    best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  }
  return best;
}

using HostRange = Kokkos::RangePolicy<core::HostExecution>;

double triad_bandwidth() {
  constexpr std::int64_t chunk = 1 << 12, chunks = 1 << 10;  // 32 MiB an array
  const core::HostArray first = core::make_host_array(chunk * chunks), second = core::make_host_array(chunk * chunks),
                        third = core::make_host_array(chunk * chunks);
  double* a = first.data();
  const double *b = second.data(), *c = third.data();
  const double seconds = best_seconds(6, [=] {
    Kokkos::parallel_for("triad", HostRange(0, chunks), [=](std::int64_t k) {
#pragma omp simd
      for (std::int64_t i = k * chunk; i < (k + 1) * chunk; ++i) a[i] = b[i] + 0.5 * c[i];
    });
  });
  return 3.0 * sizeof(double) * chunk * chunks / seconds;
}

double line_transform_rate() {
  constexpr int points = 128, width = 16, repeats = 400;
  constexpr std::int64_t tile = points * width;
  const int threads = core::thread_count();
  const core::HostArray lines = core::make_host_array(tile * threads), work = core::make_host_array(tile * threads);
  const core::LineSymbol symbol = core::derivative_symbol(points, 1.0);
  const core::ColumnTransform transform(points, width, width, width, lines.data(), lines.data(), work.data());
  std::fill_n(lines.data(), tile * threads, 0.0);
  const double seconds = best_seconds(6, [&] {
    Kokkos::parallel_for("lines", HostRange(0, threads), [&](std::int64_t t) {
      double* values = lines.data() + t * tile;
      for (int r = 0; r < repeats; ++r) transform.apply(symbol, values, values, work.data() + t * tile);
    });
  });
  return core::line_flops(points) * width * repeats * threads / seconds;
}

}  // namespace

MachineFigures measure_machine() { return {triad_bandwidth(), line_transform_rate()}; }

}  // namespace ister::drivers
