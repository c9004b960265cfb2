#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <functional>
#include <limits>

#include "core/base/random.hpp"
#include "core/kernels/angles/angle_filter.hpp"
#include "core/kernels/correlation/correlation.hpp"
#include "core/kernels/volterra/volterra.hpp"
#include "core/parallel/execution.hpp"
#include "drivers/analysis.hpp"
#include "drivers/bench/kernels/tune.hpp"
#include "drivers/machine/thresholds.hpp"
#include "drivers/print.hpp"
#include "drivers/subcommands.hpp"

namespace ister::drivers {
namespace {

using Call = std::function<void()>;

/// Two algorithms for the same thing: one for small sizes, one for large ones.
struct Crossover {
  std::string threshold;                           ///< its name in core::Thresholds
  std::string what;                                ///< in words, with its unit
  std::vector<std::int64_t> sizes;                 ///< ascending
  std::function<Call(std::int64_t)> small, large;  ///< sets one up for a size; the call is what is timed
};

std::vector<double> noise(std::int64_t count, double scale) {
  std::vector<double> values;
  for (std::int64_t i = 0; i < count; ++i)
    values.push_back(scale * (2.0 * random_uniforms(1, {static_cast<std::uint64_t>(i)}).first - 1.0));
  return values;
}

/// From `first` to `last`, two steps to the octave.
std::vector<std::int64_t> sizes_between(std::int64_t first, std::int64_t last) {
  std::vector<std::int64_t> sizes;
  for (std::int64_t size = first; size <= last; size *= 2) {
    sizes.push_back(size);
    if (size * 3 / 2 <= last) sizes.push_back(size * 3 / 2);
  }
  return sizes;
}

Call correlation(std::int64_t points, core::CorrelationEngine engine) {
  core::CorrelationOptions options;
  options.engine = engine;
  const auto kernel = std::make_shared<core::LaggedCorrelation<double>>(points, options);
  return [kernel, x = noise(points, 1.0), result = std::make_shared<std::vector<double>>(points)] {
    core::on_one_thread([&] { kernel->apply(1, x.data(), x.data(), result->data()); });
  };
}

Call volterra(std::int64_t taps, core::VolterraEngine engine) {
  constexpr std::int64_t block = 512;
  core::VolterraKernel kernel;
  kernel.taps = taps;
  kernel.orders.assign(core::VolterraKernel::highest_order, noise(taps, 1.0 / static_cast<double>(taps)));
  const auto response = std::make_shared<core::Volterra>(kernel, 1, block, engine);
  return [response, x = noise(block, 1.0), y = std::make_shared<std::vector<double>>(block)] {
    core::on_one_thread([&] { response->apply(x.data(), y->data(), block, block); });
  };
}

Call angles(std::int64_t count, core::AngleEngine engine) {
  const auto filter = std::make_shared<core::AngleFilter>(
      std::vector<core::AngleRange>{{-10, 10}, {80, 100}, {170, -170}, {-100, -80}}, engine);
  return [filter, count, all = noise(count, 180.0), indices = std::make_shared<std::vector<std::int64_t>>(count)] {
    filter->apply(all.data(), count, indices->data());
  };
}

/// `make` with its last argument.
template <class Engine>
auto with(Call (*make)(std::int64_t, Engine), Engine engine) {
  return [=](std::int64_t size) { return make(size, engine); };
}

std::vector<Crossover> crossovers() {
  using core::AngleEngine;
  using core::CorrelationEngine;
  using core::VolterraEngine;
  std::vector<Crossover> all = {
      {"correlation_fft_from", "points of a record: direct sums, FFT", sizes_between(16, 1024),
       with(correlation, CorrelationEngine::direct), with(correlation, CorrelationEngine::fft)},
      {"volterra_fft_from", "taps of a kernel: direct sums, FFT", sizes_between(4, 256),
       with(volterra, VolterraEngine::direct), with(volterra, VolterraEngine::fft)},
      {"angles_vector_from", "angles: one by one, vectors", sizes_between(2, 256), with(angles, AngleEngine::scalar),
       with(angles, AngleEngine::vector)}};
  if (core::thread_count() > 1)
    all.push_back({"angles_parallel_from", "angles: one thread, all threads", sizes_between(1 << 10, 1 << 20),
                   with(angles, AngleEngine::vector), with(angles, AngleEngine::parallel)});
  return all;
}

double seconds_of(const Call& call, int calls) {
  const auto start = std::chrono::steady_clock::now();
  for (int c = 0; c < calls; ++c) call();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / calls;
}

/// Seconds of one call of each, at best: timed in turn, each time over enough calls for the clock.
std::pair<double, double> race(const Call& first, const Call& second) {
  constexpr double enough = 1e-4;
  constexpr int rounds = 15;
  std::pair<double, double> best = {std::numeric_limits<double>::max(), std::numeric_limits<double>::max()};
  const auto calls_of = [&](const Call& call) {
    call();  // warms up
    return 1 + static_cast<int>(enough / seconds_of(call, 1));
  };
  const int first_calls = calls_of(first), second_calls = calls_of(second);
  for (int r = 0; r < rounds; ++r) {
    best.first = std::min(best.first, seconds_of(first, first_calls));
    best.second = std::min(best.second, seconds_of(second, second_calls));
  }
  return best;
}

/// ister bench tune
struct TuneOptions {
  static void add_to(CLI::App& app) {
    app.footer(
        "Measures on this machine, for some seconds, from which size on the algorithms for large sizes are the faster "
        "ones, and keeps the result for machines of this kind in $XDG_CACHE_HOME/ister or ~/.cache/ister. The kernels "
        "of ister analyze use it from then on; their answers do not depend on it.");
  }

  [[nodiscard]] ExitCode execute() const {
    core::Thresholds thresholds;
    for (const Crossover& crossover : crossovers()) {
      std::vector<std::pair<double, double>> seconds;
      for (const std::int64_t size : crossover.sizes)
        seconds.push_back(race(crossover.small(size), crossover.large(size)));
      const std::int64_t found = best_threshold(crossover.sizes, seconds);
      core::Thresholds::visit(thresholds, [&](const char* name, std::int64_t& value) {
        if (name != crossover.threshold) return;
        print_out("{:<22} {:>8}  built-in {:>7}  {}\n", name, found, value, crossover.what);
        value = found;
      });
      std::fflush(stdout);
    }
    const std::filesystem::path path = thresholds_file();
    write_thresholds(path, thresholds);
    print_out("written: {}\n", path.string());
    return ExitCode::success;
  }
};

}  // namespace

std::int64_t best_threshold(const std::vector<std::int64_t>& sizes,
                            const std::vector<std::pair<double, double>>& seconds) {
  // Over all sizes weighted alike: relative to always taking the algorithm for large ones, what is gained by the other
  // one below the threshold.
  double gain = 0.0, best_gain = 0.0;
  std::int64_t best = 1;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    gain += std::log(seconds[i].second / seconds[i].first);
    if (gain <= best_gain) continue;
    best_gain = gain;
    best = i + 1 < sizes.size() ? sizes[i + 1] : 2 * sizes[i];
  }
  return best;
}

void add_bench_tune(CLI::App& bench, AnalyzeCommand& command) {
  add_analysis<TuneOptions>(bench, command, "tune", "measures which algorithms are the faster ones at which sizes");
}

}  // namespace ister::drivers
