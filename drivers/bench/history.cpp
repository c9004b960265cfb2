#include "drivers/bench/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/content_hash.hpp"
#include "core/base/error.hpp"
#include "drivers/analysis.hpp"
#include "drivers/number_option.hpp"
#include "drivers/print.hpp"
#include "drivers/subcommands.hpp"
#include "io/atomic_file.hpp"
#include "io/posix.hpp"

namespace ister::drivers {
namespace {

/// Part of a file's name: what the results say under `key`, without signs that names had better not have.
std::string name_part(const BenchResults& results, const std::string& key) {
  const auto found = results.context.find(key);
  std::string text;
  if (found != results.context.end())
    for (const char c : found->second)
      if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '+') text += c;
  if (text.empty()) throw InputError(fmt::format("{}: its context has no {}", results.where, key));
  return text;
}

/// All runs as one.
BenchResults as_one_run(BenchResults results) {
  for (auto& [name, runs] : results.timings) runs = {pooled(runs)};
  return results;
}

/// Adds the runs of one entry to those of others.
void add_runs(const BenchResults& entry, BenchResults& all) {
  for (const auto& [name, runs] : entry.timings) {
    auto found = std::find_if(all.timings.begin(), all.timings.end(),
                              [&, wanted = &name](const auto& t) { return t.first == *wanted; });
    if (found == all.timings.end()) found = all.timings.insert(all.timings.end(), {name, {}});
    found->second.insert(found->second.end(), runs.begin(), runs.end());
  }
}

template <class Iterator>
BenchResults joined(Iterator first, Iterator end, const std::string& where) {
  BenchResults all{where, first->context, {}};
  for (; first != end; ++first) add_runs(*first, all);
  return all;
}

bool same_settings(const BenchResults& a, const BenchResults& b) {
  const auto value = [](const BenchResults& results, const char* key) {
    const auto found = results.context.find(key);
    return found == results.context.end() ? "" : found->second;
  };
  for (const char* key : {"ranks", "threads", "kokkos_backend"})
    if (value(a, key) != value(b, key)) return false;
  return true;
}

std::string json_of(const BenchResults& results) {
  nlohmann::ordered_json benchmarks = nlohmann::json::array();
  for (const auto& [name, runs] : results.timings)
    for (const double seconds : pooled(runs))
      benchmarks.push_back({{"name", name}, {"run_type", "iteration"}, {"real_time", seconds}, {"time_unit", "s"}});
  return nlohmann::ordered_json({{"context", results.context}, {"benchmarks", benchmarks}}).dump(1) + "\n";
}

/// ister bench history FOLDER NEW.json
struct HistoryOptions {
  std::filesystem::path folder, next, report;
  std::size_t last = 10;
  bool record = false;
  BenchCriteria criteria;

  void add_to(CLI::App& app) {
    app.add_option("FOLDER", folder, "the history: a folder for each kind of machine, a file for each accepted result")
        ->required();
    app.add_option("NEW.json", next, "what `ister bench --output` wrote, or a folder of such files: one result")
        ->required();
    app.add_flag("--record", record, "add NEW to the history unless something became slower");
    app.add_option("--last", last, "how many of the latest results, and of the oldest, are compared")
        ->type_name("N")
        ->check(between(std::size_t{2}, std::size_t{1000}))
        ->capture_default_str();
    add_criteria(app, criteria);
    app.add_option("--report", report, "where to write the report, as Markdown")->type_name("FILE.md");
    app.footer(
        "Finds what `ister bench compare` of two builds cannot: slow-downs of a percent a commit that add up. On the "
        "machine of NEW the latest N results, NEW among them, are compared with the oldest N (with fewer than 2 N the "
        "older and the newer half), each result being one run, by the test of `bench compare`. Also says how far NEW "
        "is from the median of the N results before it. Results of other numbers of ranks or threads are left out. To "
        "accept what became slower, begin anew: move the machine's folder away.\n"
        "Exit code: 1 where a benchmark became slower, else 0.\n"
        "Example: ister bench history bench_history new_runs --record");
  }

  [[nodiscard]] ExitCode execute() const {
    const BenchResults result = as_one_run(read_bench_results(next));
    const BenchHistory history = read_history(folder, result);
    bool slower = false;
    std::string text = fmt::format("{} results of this machine in {}.\n\n", history.entries.size(), folder.string());
    if (history.other_settings > 0)
      text += fmt::format("{} of other ranks, threads or backend are left out.\n\n", history.other_settings);
    if (history.entries.size() < 3) {
      text += "Cannot decide anything before there are 4 results, the new one among them.\n";
    } else {
      const auto [oldest, latest] = oldest_and_latest(history, result, last);
      const std::vector<BenchComparison> comparisons = compare(oldest, latest, criteria);
      if (comparisons.empty())
        throw InputError(fmt::format("{} and {} have no benchmark in common", oldest.where, next.string()));
      text += comparison_report(oldest, latest, comparisons, criteria);
      slower = std::any_of(comparisons.begin(), comparisons.end(), [](const auto& c) { return c.slower(); });
    }
    if (!history.entries.empty()) text += against_the_last(history, result);
    print_out("{}", text);
    if (!report.empty()) io::write_text_file(report, text);
    if (record && !slower) append_history(folder, result);
    if (record) print_out("{}\n", slower ? "not added to the history" : "added to the history");
    return slower ? ExitCode::difference : ExitCode::success;
  }

 private:
  [[nodiscard]] std::string against_the_last(const BenchHistory& history, const BenchResults& result) const {
    const std::size_t count = std::min(last, history.entries.size());
    const BenchResults before =
        joined(history.entries.end() - static_cast<std::ptrdiff_t>(count), history.entries.end(), "");
    std::string text = fmt::format("\n| benchmark | new / median of the {} before |\n|---|---:|\n", count);
    for (const auto& [name, runs] : result.timings)
      if (const Runs* others = before.find(name); others != nullptr)
        text += fmt::format("| {} | {:.3f} |\n", name, median(pooled(runs)) / median(pooled(*others)));
    return text;
  }
};

}  // namespace

std::filesystem::path history_folder(const std::filesystem::path& folder, const BenchResults& results) {
  return folder / name_part(results, "machine_fingerprint");
}

BenchHistory read_history(const std::filesystem::path& folder, const BenchResults& like) {
  BenchHistory history;
  const std::filesystem::path own = history_folder(folder, like);
  std::error_code unknown;  // listing tells what is wrong
  if (!std::filesystem::exists(own, unknown)) return history;
  for (const auto& file : io::list_folder(own)) {
    if (file.extension() != ".json") continue;
    BenchResults entry = as_one_run(read_bench_results(file));
    if (same_settings(entry, like))
      history.entries.push_back(std::move(entry));
    else
      ++history.other_settings;
  }
  return history;
}

void append_history(const std::filesystem::path& folder, const BenchResults& results) {
  const std::filesystem::path own = history_folder(folder, results);
  const std::string text = json_of(results), date = name_part(results, "date");
  std::error_code error;
  std::filesystem::create_directories(own, error);
  if (error) throw FileError(own.string() + ": the folder cannot be made: " + error.message());
  io::write_text_file(own / fmt::format("{}-{}.json", date, core::ContentHash().add(text).short_text()), text);
}

BenchSpan oldest_and_latest(const BenchHistory& history, const BenchResults& next, std::size_t most) {
  std::vector<BenchResults> all = history.entries;
  all.push_back(next);
  const std::size_t count = std::min(most, all.size() / 2);
  const auto of_each = static_cast<std::ptrdiff_t>(count);
  return {joined(all.begin(), all.begin() + of_each, fmt::format("the oldest {}", count)),
          joined(all.end() - of_each, all.end(), fmt::format("the latest {}", count))};
}

void add_bench_history(CLI::App& bench, AnalyzeCommand& command) {
  add_analysis<HistoryOptions>(bench, command, "history", "which benchmarks became slower bit by bit");
}

}  // namespace ister::drivers
