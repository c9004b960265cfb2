#include "drivers/bench/compare.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/analysis.hpp"
#include "drivers/number_option.hpp"
#include "drivers/print.hpp"
#include "drivers/subcommands.hpp"
#include "io/atomic_file.hpp"

namespace ister::drivers {
namespace {

std::string time_text(double seconds) {
  if (seconds >= 1.0) return fmt::format("{:.4g} s", seconds);
  if (seconds >= 1e-3) return fmt::format("{:.4g} ms", 1e3 * seconds);
  return seconds >= 1e-6 ? fmt::format("{:.4g} us", 1e6 * seconds) : fmt::format("{:.4g} ns", 1e9 * seconds);
}

std::string context_of(const BenchResults& results, const std::string& key) {
  const auto found = results.context.find(key);
  return found == results.context.end() ? "" : found->second;
}

/// The names that `from` has and `lacking` has not.
std::vector<std::string> names_missing(const BenchResults& from, const BenchResults& lacking) {
  std::vector<std::string> names;
  for (const auto& [name, runs] : from.timings)
    if (lacking.find(name) == nullptr) names.push_back(name);
  return names;
}

std::string verdict(const BenchComparison& c) {
  const char* where = c.one_run() ? " in this run" : "";
  if (c.slower() || c.faster()) return fmt::format("{}{}", c.slower() ? "**slower**" : "faster", where);
  if (!c.undecided()) return "no significant change";
  return fmt::format("cannot decide: {} and {} runs, {} of each are needed", c.base_runs, c.next_runs, c.runs_needed);
}

std::string summary(const std::vector<BenchComparison>& comparisons) {
  const auto count = [&](bool (BenchComparison::*is)() const) {
    return std::count_if(comparisons.begin(), comparisons.end(), [&](const auto& c) { return (c.*is)(); });
  };
  std::string text = fmt::format("Of {} benchmarks {} became significantly slower and {} faster.", comparisons.size(),
                                 count(&BenchComparison::slower), count(&BenchComparison::faster));
  if (const auto undecided = count(&BenchComparison::undecided); undecided > 0)
    text += fmt::format(" Of {} the runs are too few to decide: {} of each build are needed.", undecided,
                        comparisons.front().runs_needed);
  return text;
}

/// So many of each build that the least p of one of so many benchmarks is significant.
std::size_t runs_needed(std::size_t benchmarks, double significance) {
  std::size_t runs = 2;
  while (!(least_p(runs, runs) * static_cast<double>(benchmarks) < significance)) ++runs;
  return runs;
}

/// ister bench compare BASE.json NEW.json
struct CompareOptions {
  std::filesystem::path base, next, report;
  BenchCriteria criteria;

  void add_to(CLI::App& app) {
    app.footer(
        "BASE.json and NEW.json are what `ister bench --output` wrote with either build, or folders of such files: "
        "several runs of each build, best taken in turn.\n"
        "A benchmark counts as slower where the ratio of medians is above --ratio with a confidence of 1 - "
        "--significance (bootstrap over runs) and the exact rank-sum test of the medians of runs has a p below "
        "--significance after Holm's adjustment for the number of benchmarks. Repetitions of a run are not "
        "independent: only runs count. The test needs 5 runs of each build for one benchmark, 7 for ten; with fewer "
        "the report says that it cannot decide, and how many are needed. With one run of each the repetitions are "
        "compared, which tells of these two runs only: one run of the same build may well be slower than another.\n"
        "Exit code: 1 where a benchmark became slower, else 0.\n"
        "Example: ister bench compare base_runs new_runs --ratio 1.05 --report report.md");
    app.add_option("BASE.json", base, "timings of the earlier build")->required();
    app.add_option("NEW.json", next, "timings of the later build")->required();
    add_criteria(app, criteria);
    app.add_option("--report", report, "where to write the report, as Markdown")->type_name("FILE.md");
  }

  [[nodiscard]] ExitCode execute() const {
    const BenchResults from = read_bench_results(base), to = read_bench_results(next);
    const std::vector<BenchComparison> comparisons = compare(from, to, criteria);
    if (comparisons.empty())
      throw InputError(fmt::format("{} and {} have no benchmark in common", base.string(), next.string()));
    const std::string text = comparison_report(from, to, comparisons, criteria);
    print_out("{}", text);
    if (!report.empty()) io::write_text_file(report, text);
    const bool slower = std::any_of(comparisons.begin(), comparisons.end(), [](const auto& c) { return c.slower(); });
    return slower ? ExitCode::difference : ExitCode::success;
  }
};

}  // namespace

void add_criteria(CLI::App& app, BenchCriteria& criteria) {
  app.add_option("--ratio", criteria.ratio, "of medians, new over base: less counts as no change")
      ->type_name("R")
      ->check(between(1.0, 100.0))
      ->capture_default_str();
  app.add_option("--significance", criteria.significance,
                 "largest p that counts, and the risk of each bound of the ratio")
      ->type_name("P")
      ->check(between(0.001, 0.5))
      ->capture_default_str();
}

const Runs* BenchResults::find(const std::string& name) const {
  const auto found = std::find_if(timings.begin(), timings.end(), [&](const auto& t) { return t.first == name; });
  return found == timings.end() ? nullptr : &found->second;
}

std::vector<BenchComparison> compare(const BenchResults& base, const BenchResults& next,
                                     const BenchCriteria& criteria) {
  std::vector<BenchComparison> comparisons;
  std::vector<double> p;
  for (const auto& [name, base_runs] : base.timings) {
    const Runs* next_runs = next.find(name);
    if (next_runs == nullptr) continue;
    const double base_median = median(pooled(base_runs)), next_median = median(pooled(*next_runs));
    const auto [before, after] = independent_values(base_runs, *next_runs);
    p.push_back(rank_test(before, after));
    comparisons.push_back({name, base_median, next_median, next_median / base_median,
                           bootstrap_ratio(base_runs, *next_runs, criteria.significance), 1.0,
                           least_p(before.size(), after.size()), base_runs.size(), next_runs->size(), 0, criteria});
  }
  const std::vector<double> adjusted = holm(p);
  const std::size_t needed = runs_needed(std::max<std::size_t>(p.size(), 1), criteria.significance);
  for (std::size_t i = 0; i < p.size(); ++i) {
    comparisons[i].p = adjusted[i];
    comparisons[i].least_p *= static_cast<double>(p.size());
    comparisons[i].runs_needed = needed;
  }
  return comparisons;
}

std::vector<std::string> comparison_notes(const BenchResults& base, const BenchResults& next) {
  std::vector<std::string> notes;
  const std::string here = context_of(base, "machine_fingerprint"), there = context_of(next, "machine_fingerprint");
  if (here.empty() || there.empty())
    notes.push_back(
        fmt::format("{} does not say on which machine it was measured.", here.empty() ? base.where : next.where));
  else if (here != there)
    notes.push_back(
        fmt::format("Measured on different machines ({}: {}, {}: {}): the ratios tell about the machines as "
                    "well as about the builds.",
                    base.where, context_of(base, "processor"), next.where, context_of(next, "processor")));
  for (const char* key : {"ranks", "threads", "kokkos_backend"})
    if (const std::string a = context_of(base, key), b = context_of(next, key); a != b)
      notes.push_back(fmt::format("Different {}: {} in {}, {} in {}.", key, a, base.where, b, next.where));
  for (const auto& [side, other] : {std::pair{&base, &next}, std::pair{&next, &base}})
    if (const auto names = names_missing(*side, *other); !names.empty())
      notes.push_back(fmt::format("Only in {}: {}.", side->where, fmt::join(names, ", ")));
  const auto single = [](const BenchResults& results) {
    return std::all_of(results.timings.begin(), results.timings.end(),
                       [](const auto& t) { return t.second.size() == 1; });
  };
  if (single(base) && single(next))
    notes.push_back("One run of each build: what is slower or faster here may be the run as well as the build.");
  return notes;
}

std::string comparison_report(const BenchResults& base, const BenchResults& next,
                              const std::vector<BenchComparison>& comparisons, const BenchCriteria& criteria) {
  std::string text = "# Benchmarks compared\n\n" + summary(comparisons) + "\n\n";
  for (const std::string& note : comparison_notes(base, next)) text += "> " + note + "\n\n";
  text += "| | base | new |\n|---|---|---|\n";
  text += fmt::format("| timings | {} | {} |\n", base.where, next.where);
  for (const char* key : {"git_revision", "compiler", "kokkos_backend", "processor", "machine_fingerprint", "date"})
    text += fmt::format("| {} | {} | {} |\n", key, context_of(base, key), context_of(next, key));
  text += fmt::format(
      "\n| benchmark | base | new | new / base | {:g} % bounds | p | |\n|---|---:|---:|---:|---:|---:|---|\n",
      100 * (1 - criteria.significance));
  for (const BenchComparison& c : comparisons)
    text += fmt::format("| {} | {} | {} | {:.3f} | {:.3f} to {:.3f} | {:.2g} | {} |\n", c.name, time_text(c.base),
                        time_text(c.next), c.ratio, c.bounds.lower, c.bounds.upper, c.p, verdict(c));
  text += fmt::format(
      "\nMedians of all repetitions. Bounds: each with {:g} % confidence, bootstrap over runs and repetitions. p: "
      "exact "
      "rank-sum test of runs (of repetitions where each build has one run), adjusted by Holm. Slower: lower bound "
      "above "
      "{:g} and p below {:g}.\n",
      100 * (1 - criteria.significance), criteria.ratio, criteria.significance);
  return text;
}

void add_bench_compare(CLI::App& bench, AnalyzeCommand& command) {
  add_analysis<CompareOptions>(bench, command, "compare", "which benchmarks became slower from one build to another");
}

}  // namespace ister::drivers
