#include "drivers/bench_compare.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/analyze/analyses.hpp"
#include "drivers/print.hpp"
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

std::size_t fewer(const Runs& base, const Runs& next) { return std::min(pooled(base).size(), pooled(next).size()); }

std::string verdict(const BenchComparison& c) {
  if (c.slower() || c.faster()) return c.slower() ? "**slower**" : "faster";
  return c.can_tell() ? "no significant change" : "too few repetitions";
}

std::string summary(const std::vector<BenchComparison>& comparisons) {
  const auto count = [&](bool (BenchComparison::*is)() const) {
    return std::count_if(comparisons.begin(), comparisons.end(), [&](const auto& c) { return (c.*is)(); });
  };
  return fmt::format("Of {} benchmarks {} became significantly slower and {} faster.", comparisons.size(),
                     count(&BenchComparison::slower), count(&BenchComparison::faster));
}

/// ister bench compare BASE.json NEW.json
struct CompareOptions {
  std::filesystem::path base, next, report;

  void add_to(CLI::App& app) {
    app.footer(
        "BASE.json and NEW.json are what `ister bench --output` wrote with either build, or folders of such files: "
        "several runs of each build, best taken in turn.\nA benchmark counts as slower where the ratio of medians is "
        "above 1.03 with 99 % confidence (bootstrap) and a rank test has p < 0.01 after Holm's "
        "adjustment.\nExit code: 1 where a benchmark became slower, else 0.");
    app.add_option("BASE.json", base, "timings of the earlier build")->required();
    app.add_option("NEW.json", next, "timings of the later build")->required();
    app.add_option("--report", report, "where to write the report, as Markdown")->type_name("FILE.md");
  }

  [[nodiscard]] ExitCode execute() const {
    const BenchResults from = read_bench_results(base), to = read_bench_results(next);
    const std::vector<BenchComparison> comparisons = compare(from, to);
    if (comparisons.empty())
      throw InputError(fmt::format("{} and {} have no benchmark in common", base.string(), next.string()));
    if (std::none_of(comparisons.begin(), comparisons.end(), [](const auto& c) { return c.can_tell(); }))
      throw InputError(fmt::format("{} and {}: every benchmark has fewer than {} repetitions, too few to tell",
                                   base.string(), next.string(), BenchComparison::fewest));
    const std::string text = comparison_report(from, to, comparisons);
    print_out("{}", text);
    if (!report.empty()) io::write_text_file(report, text);
    const bool slower = std::any_of(comparisons.begin(), comparisons.end(), [](const auto& c) { return c.slower(); });
    return slower ? ExitCode::difference : ExitCode::success;
  }
};

}  // namespace

const Runs* BenchResults::find(const std::string& name) const {
  const auto found = std::find_if(timings.begin(), timings.end(), [&](const auto& t) { return t.first == name; });
  return found == timings.end() ? nullptr : &found->second;
}

std::vector<BenchComparison> compare(const BenchResults& base, const BenchResults& next) {
  std::vector<BenchComparison> comparisons;
  std::vector<double> p;
  for (const auto& [name, base_runs] : base.timings) {
    const Runs* next_runs = next.find(name);
    if (next_runs == nullptr) continue;
    const std::vector<double> before = pooled(base_runs), after = pooled(*next_runs);
    const double base_median = median(before), next_median = median(after);
    p.push_back(rank_test(base_runs, *next_runs));
    comparisons.push_back({name, base_median, next_median, next_median / base_median,
                           bootstrap_ratio(base_runs, *next_runs), 1.0, fewer(base_runs, *next_runs)});
  }
  const std::vector<double> adjusted = holm(p);
  for (std::size_t i = 0; i < p.size(); ++i) comparisons[i].p = adjusted[i];
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
  std::vector<std::string> few;
  for (const auto& [name, runs] : base.timings)
    if (const Runs* others = next.find(name); others != nullptr && fewer(runs, *others) < BenchComparison::fewest)
      few.push_back(name);
  if (!few.empty())
    notes.push_back(
        fmt::format("Fewer than {} repetitions, too few to tell: {}.", BenchComparison::fewest, fmt::join(few, ", ")));
  return notes;
}

std::string comparison_report(const BenchResults& base, const BenchResults& next,
                              const std::vector<BenchComparison>& comparisons) {
  std::string text = "# Benchmarks compared\n\n" + summary(comparisons) + "\n\n";
  for (const std::string& note : comparison_notes(base, next)) text += "> " + note + "\n\n";
  text += "| | base | new |\n|---|---|---|\n";
  text += fmt::format("| timings | {} | {} |\n", base.where, next.where);
  for (const char* key : {"git_revision", "compiler", "kokkos_backend", "processor", "machine_fingerprint", "date"})
    text += fmt::format("| {} | {} | {} |\n", key, context_of(base, key), context_of(next, key));
  text += "\n| benchmark | base | new | new / base | 99 % bounds | p | |\n|---|---:|---:|---:|---:|---:|---|\n";
  for (const BenchComparison& c : comparisons)
    text += fmt::format("| {} | {} | {} | {:.3f} | {:.3f} to {:.3f} | {:.2g} | {} |\n", c.name, time_text(c.base),
                        time_text(c.next), c.ratio, c.bounds.lower, c.bounds.upper, c.p, verdict(c));
  text += fmt::format(
      "\nMedians of all repetitions. Bounds: each with 99 % confidence, bootstrap over runs and repetitions. p: "
      "rank test of runs (of repetitions where there is one run), adjusted by Holm. Slower: lower bound above {} and p "
      "below {}.\n",
      BenchComparison::tolerance, BenchComparison::significance);
  return text;
}

void add_bench_compare(CLI::App& bench, AnalyzeCommand& command) {
  add_analysis<CompareOptions>(bench, command, "compare", "which benchmarks became slower from one build to another");
}

}  // namespace ister::drivers
