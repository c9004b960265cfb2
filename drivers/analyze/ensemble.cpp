#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "core/base/error.hpp"
#include "core/kernels/statistics/centrality.hpp"
#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/ensemble_classes.hpp"
#include "drivers/number_option.hpp"
#include "drivers/print.hpp"

namespace ister::drivers {
namespace {

/// From --exclude: the best outcome of those that are left out; none where it is not among them.
const std::map<std::string, Outcome> exclusions{
    {"failed", Outcome::failed}, {"bad", Outcome::bad}, {"doubtful", Outcome::doubtful}};

/// Averages over the events of an ensemble by centrality.
struct EnsembleOptions {
  std::vector<std::filesystem::path> files;
  std::string by = "dN_dy", exclude = "failed", weights = "multiplicity";
  std::vector<double> edges{0.0, 5.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0};
  std::vector<std::string> species;
  std::filesystem::path events_csv;
  Results results;

  void add_to(CLI::App& app) {
    app.add_option("FILE.h5", files, "chunks of an ensemble, or files of `ister analyze particles`, one for each event")
        ->required();
    app.add_option("--by", by, "column of the events that orders them: central is where it is large, b: small")
        ->type_name("COLUMN")
        ->capture_default_str();
    app.add_option("--classes", edges, "edges of the classes of centrality [percent]")
        ->type_name("PERCENT ...")
        ->check(between(0.0, 100.0))
        ->capture_default_str();
    app.add_option("--species", species, "whose flow, dN/dy and mean pT, of all of these together; else of all species")
        ->type_name("NAME ...");
    app.add_option(
           "--exclude", exclude,
           "what is left out: events that failed; bad: and those with a bad verdict; doubtful: and those with a "
           "doubtful one; none: nothing is")
        ->check(CLI::IsMember({"failed", "bad", "doubtful", "none"}))
        ->capture_default_str();
    app.add_option("--weights", weights,
                   "of events in averages of flow: multiplicity M: pairs, M^2, and quadruples, M^4")
        ->check(CLI::IsMember({"multiplicity", "unit"}))
        ->capture_default_str();
    app.add_option("--events-csv", events_csv, "the events as a table")->type_name("FILE.csv");
    results.add_to(app);
    app.footer(
        "Centrality is the rank of an event among those that are not left out, in percent. A class has a mean of each "
        "number that its events have, and with flow vectors V_n = v_n exp(i n psi_n) of smooth spectra: vN{2}, "
        "v{2}^2 = <|V|^2>; vN{4}, v{4}^4 = -c{4}; cN{4} = <|V|^4> - 2 <|V|^2>^2; vN{EP} = <|V|>; of each species NAME "
        "relative to all NAME/vN{EP} = <Re V_s V^*/|V|>, NAME/vN{SP} = <Re V_s V^*>/<|V|^2>^(1/2). With the events' "
        "eps_N and psi_N: epsN{2}, epsN{4}; epsN_vN_pearson, of |eps_N| and |V_N|; epsN_vN_linear = "
        "Re <V E^*>/(<|V|^2> <|E|^2>)^(1/2), E = eps_N exp(i N psi_N); kappaN = Re <V E^*>/<|E|^2>. Errors leave out "
        "one event after the other (jackknife): COLUMN_error. What a class does not tell is nan: v{4} where c{4} > 0, "
        "errors of fewer than 2 events.\n"
        "Writes classes/lower and classes/upper [percent], classes/events, classes/COLUMN (a row of the table is a "
        "class), and events/COLUMN, a number for each event: event, outcome (0 good, 1 doubtful, 2 bad, 3 failed), "
        "centrality, the numbers among its attributes, verdicts (0 good, 1 doubtful, 2 bad), dN_dy, mean_pt [GeV], "
        "v_N, psi_v_N.\n"
        "Example: ister analyze ensemble out/pbpb_ensemble_*.h5 --exclude bad -o flow.h5 --csv flow.csv");
  }

  [[nodiscard]] ExitCode execute() const {
    check_edges();
    warn_of_journals();
    const std::vector<EnsembleEvent> events = read_ensemble(files);
    if (events.empty()) throw InputError(files.front().string() + ": there is no event in it");
    const EnsembleTable table(events, chosen_species(events));
    const std::vector<double> centrality = centralities(events, table);
    say_outcomes(events);
    const std::vector<io::NamedArray> averages =
        class_averages(table, classes(centrality), weights == "unit" ? EventWeight::unit : EventWeight::multiplicity);
    print(averages);
    write(table, centrality, averages);
    return ExitCode::success;
  }

 private:
  void check_edges() const {
    if (edges.size() < 2 || std::adjacent_find(edges.begin(), edges.end(), std::greater_equal<>()) != edges.end())
      throw InputError(
          fmt::format("--classes {}: at least two edges are needed, in ascending order", fmt::join(edges, " ")));
  }

  /// Of a job that was killed, or goes on.
  void warn_of_journals() const {
    for (std::filesystem::path journal : files) {
      std::error_code unknown;
      journal.replace_extension(".journal");
      if (std::filesystem::exists(journal, unknown))
        print_error("warning: {} holds events that are not in the chunk yet: `ister run --restart` moves them there\n",
                    journal.string());
    }
  }

  [[nodiscard]] bool leaves_out(const EnsembleEvent& event) const {
    const auto from = exclusions.find(exclude);
    return from != exclusions.end() && event.outcome() >= from->second;
  }

  [[nodiscard]] std::vector<std::string> chosen_species(const std::vector<EnsembleEvent>& events) const {
    const std::vector<std::string> all = species_of(events);
    for (const std::string& name : species)
      if (std::find(all.begin(), all.end(), name) == all.end())
        throw InputError(fmt::format("--species {}: the events have {}", name,
                                     all.empty() ? "no spectra" : fmt::format("{}", fmt::join(all, ", "))));
    return species.empty() ? all : species;
  }

  /// Of those that are not left out; says which of these cannot be ordered.
  [[nodiscard]] std::vector<double> centralities(const std::vector<EnsembleEvent>& events,
                                                 const EnsembleTable& table) const {
    std::vector<double> values = table.column(by);
    std::size_t unordered = 0;
    std::string first;
    for (std::size_t i = 0; i < events.size(); ++i) {
      if (leaves_out(events[i])) {
        values[i] = std::numeric_limits<double>::quiet_NaN();
      } else if (!std::isfinite(values[i]) && ++unordered == 1) {
        first = events[i].place;
      }
    }
    if (unordered > 0)
      print_error("warning: {} of the events have no {} and are in no class; the first is {}\n", unordered, by, first);
    return core::centralities(values, by == "b" ? core::Central::small : core::Central::large);
  }

  [[nodiscard]] std::vector<EventClass> classes(const std::vector<double>& centrality) const {
    std::vector<EventClass> all;
    for (std::size_t k = 0; k + 1 < edges.size(); ++k)
      all.push_back({edges[k], edges[k + 1], core::events_between(centrality, edges[k], edges[k + 1])});
    return all;
  }

  /// How many events failed, or are in doubt, and what becomes of them.
  void say_outcomes(const std::vector<EnsembleEvent>& events) const {
    std::map<Outcome, std::size_t> count;
    std::size_t left_out = 0;
    std::vector<std::string> failed;
    for (const EnsembleEvent& event : events) {
      ++count[event.outcome()];
      left_out += leaves_out(event);
      if (event.outcome() == Outcome::failed && failed.size() < 10) failed.push_back(event.place);
    }
    print_out("{} events of {} files: {} failed, {} with a bad verdict, {} with a doubtful one; {} left out\n",
              events.size(), files.size(), count[Outcome::failed], count[Outcome::bad], count[Outcome::doubtful],
              left_out);
    if (!failed.empty())
      print_error("warning: {} events failed and are {}: {}{}\n", count[Outcome::failed],
                  exclude == "none" ? "in the averages" : "left out", fmt::join(failed, ", "),
                  failed.size() < count[Outcome::failed] ? ", ..." : "");
    if (count[Outcome::bad] > 0 && (exclude == "failed" || exclude == "none"))
      print_error("warning: {} events with a bad verdict are in the averages (--exclude bad leaves them out)\n",
                  count[Outcome::bad]);
  }

  static void print(const std::vector<io::NamedArray>& averages) {
    const auto find = [&](const std::string& name) {
      return std::find_if(averages.begin(), averages.end(), [&](const io::NamedArray& a) { return a.name == name; });
    };
    std::vector<std::string> shown{"lower", "upper", "events"};
    for (const char* name : {"dN_dy", "mean_pt", "v2{2}", "v2{4}", "v3{2}", "eps2_v2_pearson"})
      if (find(name) != averages.end()) shown.emplace_back(name);
    const std::size_t rows = averages.front().array.values.size();
    for (const std::string& name : shown) print_out("{:>{}}", name, name.size() > 10 ? 17 : 10);
    print_out("\n");
    for (std::size_t r = 0; r < rows; ++r) {
      for (const std::string& name : shown)
        print_out("{:>{}.5g}", find(name)->array.values[r], name.size() > 10 ? 17 : 10);
      print_out("\n");
    }
  }

  void write(const EnsembleTable& table, const std::vector<double>& centrality,
             const std::vector<io::NamedArray>& averages) const {
    std::vector<io::NamedArray> events = table.columns(), arrays;
    events.insert(events.begin() + 2, {"centrality", io::Array(centrality), "percent"});
    const auto add = [&](const std::string& group, const std::vector<io::NamedArray>& columns) {
      for (const io::NamedArray& column : columns) arrays.push_back({group + column.name, column.array, column.units});
    };
    add("classes/", averages);
    add("events/", events);
    std::vector<io::FileContent> besides;
    if (!events_csv.empty()) besides.push_back(io::csv_content(events_csv, events));
    results.write(arrays,
                  {{"analysis", std::string("ensemble")}, {"by", by}, {"exclude", exclude}, {"weights", weights}},
                  averages, {}, std::move(besides));
  }
};

}  // namespace

void add_ensemble(CLI::App& analyze, AnalyzeCommand& command) {
  add_analysis<EnsembleOptions>(analyze, command, "ensemble", "centrality, means and flow of many events");
}

}  // namespace ister::drivers
