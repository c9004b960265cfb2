#include "drivers/bench/bench.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.hpp"
#include "drivers/commands.hpp"
#include "drivers/print.hpp"
#include "io/atomic_file.hpp"
#include "io/collective.hpp"

namespace ister::drivers {
namespace {

std::vector<Benchmark> benchmarks(const std::vector<int>& sizes) {
  constexpr int middle = 128;  // of the figures that are asked for at one size
  std::vector<Benchmark> all = {{"machine", bench_machine}, {"kernel", bench_kernel}};
  const auto add = [&](const char* name, int size, void (*run)(const core::Ranks&, int, BenchReport&)) {
    all.push_back({fmt::format("{}/{}", name, size),
                   [=](const core::Ranks& ranks, BenchReport& report) { run(ranks, size, report); }});
  };
  for (const int size : sizes) add("rhs", size, bench_right_hand_side);
  add("scaling", middle, bench_scaling);
  add("memory", middle, bench_memory);
  all.push_back({"gubser speed", bench_gubser_speed});
  all.push_back({"gubser accuracy", bench_gubser_accuracy});
  all.push_back({"surface", bench_surface});
  add("checkpoint", middle, bench_checkpoint);
  for (Benchmark& benchmark : kernel_benchmarks()) all.push_back(std::move(benchmark));
  return all;
}

/// Those that the filter lets through. InputError with the known names where there are none.
std::vector<Benchmark> chosen_benchmarks(const BenchCommand& command) {
  std::vector<Benchmark> chosen;
  std::vector<std::string> known;
  for (Benchmark& benchmark : benchmarks(command.sizes.empty() ? std::vector<int>{64, 128} : command.sizes)) {
    known.push_back(benchmark.name);
    if (benchmark.name.find(command.filter) != std::string::npos) chosen.push_back(std::move(benchmark));
  }
  if (chosen.empty())
    throw InputError(fmt::format("--filter \"{}\": no benchmark has it in its name; there are {}", command.filter,
                                 fmt::join(known, ", ")));
  return chosen;
}

}  // namespace

ExitCode bench(const core::Ranks& ranks, const BenchCommand& command) {
  const std::vector<Benchmark> chosen = chosen_benchmarks(command);
  if (command.output && !command.list)  // found now, not after the work
    io::on_rank_zero(ranks.comm(), [&] { io::AtomicFile::require_writable(*command.output); });
  BenchReport report(ranks, command.repetitions);
  for (const Benchmark& benchmark : chosen) {
    if (command.list) {
      if (ranks.is_root()) print_out("{}\n", benchmark.name);
      continue;
    }
    benchmark.run(ranks, report);
    const std::string lines = report.take_lines();
    if (ranks.is_root()) {
      print_out("{}", lines);
      std::fflush(stdout);
    }
  }
  if (command.output && !command.list)
    io::on_rank_zero(ranks.comm(), [&] { io::write_text_file(*command.output, report.json()); });
  return ExitCode::success;
}

}  // namespace ister::drivers
