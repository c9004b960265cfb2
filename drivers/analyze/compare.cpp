#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/state_fields.hpp"
#include "drivers/number_option.hpp"
#include "drivers/print.hpp"
#include "io/state_file.hpp"

namespace ister::drivers {
namespace {

/// How far apart the fields of two states are. Velocities are measured against 1, stresses against the largest energy
/// density, anything else against its own largest value.
struct Difference {
  double l1 = 0, l2 = 0, max = 0;
};

Difference difference(const std::vector<double>& a, const std::vector<double>& b, double scale) {
  Difference d;
  double sum = 0.0, squares = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double apart = std::abs(a[i] - b[i]);
    sum += apart;
    squares += apart * apart;
    d.max = std::isnan(apart) ? apart : std::max(d.max, apart);
  }
  const auto count = static_cast<double>(a.size());
  return {sum / count / scale, std::sqrt(squares / count) / scale, d.max / scale};
}

struct CompareOptions {
  std::filesystem::path first, second;
  double tolerance = 1e-12;
  Results results;

  void add_to(CLI::App& app) {
    app.add_option("A", first, "a state file, or the folder of a run")->required();
    app.add_option("B", second, "what to compare with: its values set the scale")->required();
    app.add_option("--tolerance", tolerance, "largest max norm that still counts as equal")
        ->check(not_negative())
        ->capture_default_str();
    results.add_to(app, false);
    app.footer(
        "With d = A - B at the N points L1 = sum |d|/N, L2 = sqrt(sum d^2/N), max = max |d|. Writes time (pairs of "
        "states) in fm and for every field NAME the norms NAME_l1, NAME_l2 and NAME_max (pairs of states).\n"
        "Prints L1, L2 and max norms of the difference of every field, in units of 1 for velocities, of max e for\n"
        "stresses, of the largest value for the rest. Of runs the states at the same times are compared.\n"
        "Exit code 1: some max norm is above the tolerance, or one side has a field or a state that the other lacks.\n"
        "Example: ister analyze compare run other_run --tolerance 1e-10");
  }

  [[nodiscard]] ExitCode execute() const {
    const Matches matches = matching_states();
    Table table;
    bool equal = report_unmatched(matches.only_first, first, second);
    equal = report_unmatched(matches.only_second, second, first) && equal;
    print_out("{:>12}  {:<16} {:>10} {:>10} {:>10}\n", "time", "field", "L1", "L2", "max");
    for (const auto& [a, b] : matches.pairs) equal = compare(a, b, table) && equal;
    std::vector<io::NamedArray> arrays;
    for (auto& [name, values] : table) {
      values.resize(matches.pairs.size(), not_compared);
      arrays.push_back({name, io::Array(values)});
    }
    results.write(arrays, {{"analysis", std::string("compare")}});
    print_out("{} within {:g}\n", equal ? "equal" : "not equal", tolerance);
    return equal ? ExitCode::success : ExitCode::difference;
  }

 private:
  using Path = std::filesystem::path;
  using Table = std::map<std::string, std::vector<double>>;  ///< columns of pairs of states
  static constexpr double not_compared = std::numeric_limits<double>::quiet_NaN();

  struct State {
    double time;
    Path path;
  };
  struct Matches {
    std::vector<std::pair<Path, Path>> pairs;
    std::vector<State> only_first, only_second;
  };

  /// The states to compare: the two files, or those of two runs whose times agree.
  [[nodiscard]] Matches matching_states() const {
    const bool runs = is_folder(first);
    if (runs != is_folder(second))
      throw InputError(fmt::format("{} is a folder, but {} is not: two files or two folders are expected",
                                   (runs ? first : second).string(), (runs ? second : first).string()));
    if (!runs) return {{{first, second}}, {}, {}};
    Matches matches;
    matches.only_second = states_by_time(second);
    for (State& state : states_by_time(first)) {
      const auto partner =
          std::find_if(matches.only_second.begin(), matches.only_second.end(), [&](const State& other) {
            return std::abs(state.time - other.time) <= 1e-9 * std::max(1.0, std::abs(state.time));
          });
      if (partner == matches.only_second.end()) {
        matches.only_first.push_back(std::move(state));
      } else {
        matches.pairs.emplace_back(std::move(state.path), std::move(partner->path));
        matches.only_second.erase(partner);
      }
    }
    if (matches.pairs.empty())
      throw InputError(fmt::format("{} and {} have no state at the same time", first.string(), second.string()));
    return matches;
  }

  static bool is_folder(const Path& path) {
    std::error_code failure;
    const bool folder = std::filesystem::is_directory(path, failure);
    if (failure) throw FileError(path.string() + ": cannot open: " + failure.message());
    return folder;
  }

  static std::vector<State> states_by_time(const Path& folder) {
    std::vector<State> states;
    for (const Path& path : states_of_run(folder))
      states.push_back({time_of(io::open_state(MPI_COMM_SELF, path)), path});
    return states;
  }

  /// Says which states of a run have no partner in the other one; true where all have.
  static bool report_unmatched(const std::vector<State>& states, const Path& run, const Path& other) {
    std::string times;
    for (const State& state : states) times += fmt::format("{}{}", times.empty() ? "" : ", ", state.time);
    if (!states.empty())
      print_out("{} states of {} have none at the same time in {}: at {}\n", states.size(), run.string(),
                other.string(), times);
    return states.empty();
  }

  /// Says which fields of a state the other lacks; true where it has all.
  static bool report_missing(const io::FieldFile& file, const io::FieldFile& other) {
    std::vector<std::string> missing;
    for (const auto& field : file.fields())
      if (!other.has(field.name)) missing.push_back(field.name);
    if (!missing.empty())
      print_out("{} lacks fields of {}: {}\n", other.path().string(), file.path().string(), fmt::join(missing, ", "));
    return missing.empty();
  }

  bool compare(const Path& a, const Path& b, Table& table) const {
    const io::FieldFile one = io::open_state(MPI_COMM_SELF, a), two = io::open_state(MPI_COMM_SELF, b);
    const core::Grid grid = grid_of(one), other = grid_of(two);
    if (grid.points != other.points || grid.lower != other.lower || grid.upper != other.upper)
      throw InputError(a.string() + " and " + b.string() + " are not on the same grid");
    if (one.attribute<std::string>("geometry") != two.attribute<std::string>("geometry"))
      throw InputError(a.string() + " and " + b.string() + " are not of the same geometry: their components differ");
    const core::Decomposition whole(grid, 1, 0);
    const double time = time_of(one), energy = largest(read_field(two, "energy_density", whole));
    const std::size_t row = table["time"].size();
    const auto add = [&](const std::string& column, double value) {
      table[column].resize(row, not_compared);
      table[column].push_back(value);
    };
    add("time", time);
    bool equal = report_missing(one, two);
    equal = report_missing(two, one) && equal;
    for (const auto& field : two.fields()) {
      if (!one.has(field.name)) continue;
      const std::vector<double> x = read_field(one, field.name, whole), y = read_field(two, field.name, whole);
      const bool velocity = field.name.size() == 2 && field.name[0] == 'u';
      const bool stress = field.name.rfind("pi", 0) == 0 || field.name == "bulk_pressure";
      const double own = largest(y), scale = velocity ? 1.0 : stress ? energy : own > 0.0 ? own : 1.0;
      const Difference d = difference(x, y, scale);
      print_out("{:12.6g}  {:<16} {:10.2e} {:10.2e} {:10.2e}\n", time, field.name, d.l1, d.l2, d.max);
      add(field.name + "_l1", d.l1);
      add(field.name + "_l2", d.l2);
      add(field.name + "_max", d.max);
      equal = equal && d.max <= tolerance;
    }
    return equal;
  }

  static double largest(const std::vector<double>& values) {
    double m = 0.0;
    for (const double v : values) m = std::max(m, std::abs(v));
    return m;
  }
};

}  // namespace

void add_compare(CLI::App& analyze, AnalyzeCommand& command) {
  add_analysis<CompareOptions>(analyze, command, "compare", "two runs or two states: norms of every field");
}

}  // namespace ister::drivers
