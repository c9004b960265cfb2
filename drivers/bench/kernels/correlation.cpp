#include <random>

#include "core/kernels/correlation/correlation.hpp"
#include "core/kernels/correlation/pearson.hpp"
#include "drivers/bench/kernels/benchmarks.hpp"

namespace ister::drivers {

void bench_correlation(const core::Ranks&, BenchReport& report) {
  constexpr int rows = 10, longest = 10000, repetitions = 50;
  std::mt19937 generator(1);
  std::normal_distribution<double> normal;
  std::vector<double> x(rows * longest), y(x.size()), result(longest);
  for (std::vector<double>* values : {&x, &y})
    for (double& value : *values) value = normal(generator);

  const core::LaggedCorrelation<double> short_record(1000), long_record(longest);
  core::PearsonCorrelation pearson(rows, rows, longest);
  // Several calls at a time: what is timed is the kernel with its records in cache, not the clock.
  constexpr int calls = 10;
  const auto alone = [](const auto& f) {
    return [=] {
      core::on_one_thread([&] {
        for (int call = 0; call < calls; ++call) f();
      });
    };
  };
  auto timings = report.time_in_turn(
      repetitions, {{"correlation/1000", alone([&] { short_record.apply(1, x.data(), y.data(), result.data()); })},
                    {"correlation/10000", alone([&] { long_record.apply(1, x.data(), y.data(), result.data()); })},
                    {"pearson/10x10x10000", alone([&] { pearson.apply(x.data(), y.data(), result.data()); })}});
  const double points[] = {1000, longest, rows * rows * longest};
  for (std::size_t i = 0; i < timings.size(); ++i) {
    for (double& seconds : timings[i].seconds) seconds /= calls;
    timings[i].items = points[i];
    report.add(timings[i]);
    report.add({timings[i].name, 1e6 * timings[i].best(), "us", "one thread", {}});
  }
}

}  // namespace ister::drivers
