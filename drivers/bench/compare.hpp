#pragma once
#include <CLI/CLI.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "drivers/bench/statistics.hpp"

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

/// What counts as a change.
struct BenchCriteria {
  double ratio = 1.03;         ///< of medians: by less nothing is slower, or 1/ratio faster
  double significance = 0.01;  ///< of the rank test after Holm's adjustment, and the risk of each bound of the ratio
};

struct BenchComparison {
  std::string name;
  double base, next;  ///< medians, s
  double ratio;       ///< next / base
  RatioBounds bounds;
  double p;                          ///< of the rank test, adjusted for the number of benchmarks
  double least_p;                    ///< that it could have been for so many runs
  std::size_t base_runs, next_runs;  ///< of each build
  std::size_t runs_needed;           ///< of each build, for the test to tell anything
  BenchCriteria criteria;

  [[nodiscard]] bool slower() const { return bounds.lower > criteria.ratio && p < criteria.significance; }
  [[nodiscard]] bool faster() const { return bounds.upper < 1.0 / criteria.ratio && p < criteria.significance; }
  [[nodiscard]] bool one_run() const { return base_runs == 1 && next_runs == 1; }
  /// Neither, and too few runs to say that nothing changed.
  [[nodiscard]] bool undecided() const {
    return !slower() && !faster() && (one_run() || !(least_p < criteria.significance));
  }
};

/// Every benchmark that both have, in the order of `base`.
std::vector<BenchComparison> compare(const BenchResults& base, const BenchResults& next,
                                     const BenchCriteria& criteria = {});

/// What a reader must know before trusting the comparison, a sentence each: another machine, other numbers of ranks
/// or threads, a single run of each, benchmarks that one side lacks.
std::vector<std::string> comparison_notes(const BenchResults& base, const BenchResults& next);

/// The whole report in Markdown.
std::string comparison_report(const BenchResults& base, const BenchResults& next,
                              const std::vector<BenchComparison>& comparisons, const BenchCriteria& criteria = {});

/// --ratio and --significance.
void add_criteria(CLI::App& app, BenchCriteria& criteria);

}  // namespace ister::drivers
