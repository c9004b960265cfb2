#pragma once
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "drivers/bench_statistics.hpp"

/// `ister bench compare`: which benchmarks became slower from one build to the next.
namespace ister::drivers {

/// The timings of one build.
struct BenchResults {
  std::string where;                                  ///< the file or folder
  std::map<std::string, std::string> context;         ///< of the first file: strings and numbers as text
  std::vector<std::pair<std::string, Runs>> timings;  ///< seconds by benchmark, in the order of the files

  /// Null where there is no such benchmark.
  [[nodiscard]] const Runs* find(const std::string& name) const;
};

/// Reads a file in Google Benchmark's JSON format, or a folder: all of its *.json, the runs of one build.
/// FileError where there is none, or where it holds something else.
BenchResults read_bench_results(const std::filesystem::path& path);

struct BenchComparison {
  std::string name;
  double base, next;  ///< medians, s
  double ratio;       ///< next / base
  RatioBounds bounds;
  double p;                 ///< of the rank test, adjusted for the number of benchmarks
  std::size_t repetitions;  ///< of the side that has fewer

  static constexpr double tolerance = 1.03, significance = 0.01;
  static constexpr std::size_t fewest = 8;  // below, the rank test of several benchmarks can hardly tell anything
  [[nodiscard]] bool can_tell() const { return repetitions >= fewest; }
  [[nodiscard]] bool slower() const { return bounds.lower > tolerance && p < significance; }
  [[nodiscard]] bool faster() const { return bounds.upper < 1.0 / tolerance && p < significance; }
};

/// Every benchmark that both have, in the order of `base`.
std::vector<BenchComparison> compare(const BenchResults& base, const BenchResults& next);

/// What a reader must know before trusting the comparison, a sentence each: another machine, other numbers of ranks
/// or threads, too few repetitions, benchmarks that one side lacks.
std::vector<std::string> comparison_notes(const BenchResults& base, const BenchResults& next);

/// The whole report in Markdown.
std::string comparison_report(const BenchResults& base, const BenchResults& next,
                              const std::vector<BenchComparison>& comparisons);

}  // namespace ister::drivers
