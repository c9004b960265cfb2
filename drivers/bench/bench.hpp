#pragma once
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/parallel/ranks.hpp"
#include "drivers/command_line.hpp"

/// `ister bench`: figures of speed and size beside the references they are judged by, measured in the same process.
namespace ister::drivers {

/// What a figure has to reach.
struct Target {
  double must, good;
  std::optional<double> stretch;
  bool more_is_better = false;

  /// "stretch", "good", "must", or "missed".
  [[nodiscard]] std::string met_by(double value) const;
};

/// One line of the table.
struct Figure {
  std::string name;
  double value;
  std::string unit;
  std::string reference;  ///< what it was measured against, in words and numbers
  std::optional<Target> target;
};

/// Wall-clock seconds of every repetition of something, as the slowest rank sees them.
struct Timing {
  std::string name;
  std::vector<double> seconds;
  double items = 0;  ///< worked on in one repetition, 0 where that means nothing

  [[nodiscard]] double best() const;
};

/// Times what benchmarks run, and collects what they find.
class BenchReport {
 public:
  /// `repetitions` replaces the benchmarks' own numbers of them.
  BenchReport(const core::Ranks& ranks, std::optional<int> repetitions) : m_ranks(ranks), m_repetitions(repetitions) {}

  /// Runs the things in turn, `repetitions` rounds, so that all see the same disturbances of a shared machine.
  /// Collective; adds nothing to the report.
  [[nodiscard]] std::vector<Timing> time_in_turn(
      int repetitions, const std::vector<std::pair<std::string, std::function<void()>>>& things) const;

  void add(Timing timing) { m_timings.push_back(std::move(timing)); }
  void add(Figure figure);

  /// The table so far that has not been printed yet.
  [[nodiscard]] std::string take_lines();
  /// Google Benchmark's format, with the figures in an array of their own.
  [[nodiscard]] std::string json() const;

 private:
  core::Ranks m_ranks;
  std::optional<int> m_repetitions;
  std::vector<Timing> m_timings;
  std::vector<Figure> m_figures;
  std::size_t m_printed = 0;
};

/// Something to run: all of its figures at once, since they share references.
struct Benchmark {
  std::string name;
  std::function<void(const core::Ranks&, BenchReport&)> run;
};

/// Those of the reusable kernels; none in a build without these.
std::vector<Benchmark> kernel_benchmarks();

// The others; sizes are points per direction of cubes.
void bench_machine(const core::Ranks& ranks, BenchReport& report);
void bench_right_hand_side(const core::Ranks& ranks, int size, BenchReport& report);
void bench_memory(const core::Ranks& ranks, int size, BenchReport& report);
void bench_scaling(const core::Ranks& ranks, int size, BenchReport& report);
void bench_kernel(const core::Ranks& ranks, BenchReport& report);
void bench_gubser_speed(const core::Ranks& ranks, BenchReport& report);
void bench_gubser_accuracy(const core::Ranks& ranks, BenchReport& report);
void bench_surface(const core::Ranks& ranks, BenchReport& report);
void bench_checkpoint(const core::Ranks& ranks, int size, BenchReport& report);

}  // namespace ister::drivers
