#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "drivers/analyze/analyses.hpp"
#include "drivers/analyze/state_fields.hpp"
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
  std::optional<std::filesystem::path> output, csv;

  void add_to(CLI::App& app) {
    app.add_option("A", first, "a state file, or the folder of a run")->required();
    app.add_option("B", second, "what to compare with: its values set the scale")->required();
    app.add_option("--tolerance", tolerance, "largest max norm that still counts as equal")
        ->check(CLI::NonNegativeNumber)
        ->capture_default_str();
    app.add_option("-o,--output", output, "the norms as HDF5")->type_name("FILE.h5");
    app.add_option("--csv", csv, "the norms as a table")->type_name("FILE.csv");
    app.footer(
        "With d = A - B at the N points L1 = sum |d|/N, L2 = sqrt(sum d^2/N), max = max |d|. Writes time (pairs of "
        "states) in fm and for every field NAME the norms NAME_l1, NAME_l2 and NAME_max (pairs of states).\n"
        "Prints L1, L2 and max norms of the difference of every field, in units of 1 for velocities, of max e for\n"
        "stresses, of the largest value for the rest. Of runs the states at the same times are compared.\n"
        "Exit code 1: some max norm is above the tolerance.");
  }

  [[nodiscard]] ExitCode execute() const {
    const auto pairs = matching_states();
    std::map<std::string, std::vector<double>> table;
    bool equal = true;
    fmt::print("{:>12}  {:<16} {:>10} {:>10} {:>10}\n", "time", "field", "L1", "L2", "max");
    for (const auto& [a, b] : pairs) equal = compare(a, b, table) && equal;
    std::vector<io::NamedArray> arrays;
    for (const auto& [name, values] : table) arrays.push_back({name, io::Array(values)});
    if (output) io::write_arrays(*output, arrays, {{"analysis", std::string("compare")}});
    if (csv) io::write_csv(*csv, arrays);
    fmt::print("{} within {:g}\n", equal ? "equal" : "not equal", tolerance);
    return equal ? ExitCode::success : ExitCode::difference;
  }

 private:
  using Path = std::filesystem::path;

  /// The states to compare: the two files, or those of two runs whose times agree.
  [[nodiscard]] std::vector<std::pair<Path, Path>> matching_states() const {
    if (!is_directory(first) && !is_directory(second)) return {{first, second}};
    const auto in_first = states_by_time(first), in_second = states_by_time(second);
    std::vector<std::pair<Path, Path>> pairs;
    for (const auto& [time, path] : in_first)
      for (const auto& [other_time, other] : in_second)
        if (std::abs(time - other_time) <= 1e-9 * std::max(1.0, std::abs(time))) pairs.emplace_back(path, other);
    if (pairs.empty())
      throw InputError(fmt::format("{} and {} have no state at the same time", first.string(), second.string()));
    return pairs;
  }

  static std::map<double, Path> states_by_time(const Path& folder) {
    if (!is_directory(folder)) throw InputError(folder.string() + ": two files or two folders are expected");
    std::map<double, Path> states;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const std::string name = entry.path().filename().string();
      if (entry.path().extension() != ".h5" || name.find("_state_") == std::string::npos) continue;
      states[io::open_state(MPI_COMM_SELF, entry.path()).attribute<double>("time")] = entry.path();
    }
    if (states.empty()) throw InputError(folder.string() + ": holds no state files (<name>_state_<step>.h5)");
    return states;
  }

  bool compare(const Path& a, const Path& b, std::map<std::string, std::vector<double>>& table) const {
    const io::FieldFile one = io::open_state(MPI_COMM_SELF, a), two = io::open_state(MPI_COMM_SELF, b);
    const core::Grid grid = grid_of(one), other = grid_of(two);
    if (grid.points != other.points || grid.lower != other.lower || grid.upper != other.upper)
      throw InputError(a.string() + " and " + b.string() + " are not on the same grid");
    if (one.attribute<std::string>("geometry") != two.attribute<std::string>("geometry"))
      throw InputError(a.string() + " and " + b.string() + " are not of the same geometry: their components differ");
    const core::Decomposition whole(grid, 1, 0);
    const double time = one.attribute<double>("time"), energy = largest(read_field(two, "energy_density", whole));
    table["time"].push_back(time);
    bool equal = true;
    for (const auto& field : two.fields()) {
      if (!one.has(field.name))
        throw InputError(fmt::format("{}: has no field {}, which {} has", a.string(), field.name, b.string()));
      const std::vector<double> x = read_field(one, field.name, whole), y = read_field(two, field.name, whole);
      const bool velocity = field.name.size() == 2 && field.name[0] == 'u';
      const bool stress = field.name.rfind("pi", 0) == 0 || field.name == "bulk_pressure";
      const double own = largest(y), scale = velocity ? 1.0 : stress ? energy : own > 0.0 ? own : 1.0;
      const Difference d = difference(x, y, scale);
      fmt::print("{:12.6g}  {:<16} {:10.2e} {:10.2e} {:10.2e}\n", time, field.name, d.l1, d.l2, d.max);
      table[field.name + "_l1"].push_back(d.l1);
      table[field.name + "_l2"].push_back(d.l2);
      table[field.name + "_max"].push_back(d.max);
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
