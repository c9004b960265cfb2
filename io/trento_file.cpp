#include <fmt/format.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdio>
#include <sstream>
#include <string>

#include "core/base/error.hpp"
#include "core/base/input_file.hpp"
#include "io/cell_map.hpp"
#include "io/event_format.hpp"
#include "io/hdf5.hpp"
#include "io/initial_formats.hpp"

// Text: lines "# ..." (the first one "# event N"), then a row for each y with a column for each x; further events
// follow in the same way. Of vHLLE's header the lines "# grid-step = D", "# grid-nsteps = N", "# grid-max = X" fix the
// places, N nodes from -X to X, and "# grid-nsteps-eta", "# grid-max-eta" those of TRENTo-3D, whose rapidity runs
// fastest.
namespace ister::io {
namespace {

constexpr std::size_t most_bytes = 1'000'000'000;

void check_value(double value, const std::filesystem::path& path, const std::string& place) {
  if (std::isfinite(value) && value >= 0.0) return;
  throw InputError(fmt::format("{}: {}: value {:.9g}, must be finite and >= 0", path.string(), place, value));
}

void refuse_foreign(const std::filesystem::path& path, const std::string& text) {
  if (const std::string format = core::foreign_format(text); !format.empty())
    throw FileError(path.string() + ": not an event: it is " + format);
  const EventFormat format = recognised_format(path, text);
  if (format.what.empty()) return;
  throw InputError(path.string() + ": line 1: this is " + format.what + ". " +
                   (format.type.empty()
                        ? "It is not read; an event is a map as TRENTo writes it: '#' lines, then a row of numbers for "
                          "each y with a column for each x. Flow and stresses go into a state file"
                        : "initial.type = \"" + format.type + "\" reads it"));
}

/// The lines of one event.
struct TextEvent {
  NumberRows rows;
  std::vector<int> lengths;  ///< of the rows
  int events = 0;            ///< in the file
};

/// Calls use(line, number of the line, number of its event).
template <class Use>
void for_each_line(const std::string& text, const Use& use) {
  std::istringstream lines(text);
  std::string line;
  int event = 0;
  bool data = false;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::size_t first = line.find_first_not_of(" \t\r");
    if (first == std::string::npos) continue;
    const bool comment = line[first] == '#';
    if (data && line.compare(first, 7, "# event") == 0) {
      ++event;
      data = false;
    }
    data = data || !comment;
    use(line, comment, number, event);
  }
}

TextEvent find_event(const std::filesystem::path& path, const std::string& text, int index) {
  TextEvent event;
  for_each_line(text, [&](const std::string& line, bool comment, int number, int which) {
    event.events = which + 1;
    if (which != index) return;
    if (comment) {
      event.rows.comments.push_back(line);
      return;
    }
    const std::size_t before = event.rows.values.size();
    event.lengths.push_back(append_numbers(line, path, number, event.rows.values));
    for (std::size_t i = before; i < event.rows.values.size(); ++i)
      check_value(event.rows.values[i], path, "line " + std::to_string(number));
    if (event.lengths.back() != event.lengths.front() && event.rows.said("grid-nsteps-eta =", 0.0) <= 0.0)
      throw FileError(fmt::format("{}: line {} has {} numbers, the lines before {}", path.string(), number,
                                  event.lengths.back(), event.lengths.front()));
  });
  if (event.events > 0 && (index < 0 || index >= event.events))
    throw InputError(fmt::format("{}: event {} is not in this file; it holds {} event{}, counted from 0", path.string(),
                                 index, event.events, event.events == 1 ? "" : "s"));
  if (event.rows.values.empty()) throw FileError(path.string() + ": holds no numbers");
  return event;
}

/// n nodes from -most to most.
core::Nodes symmetric_nodes(int count, double most) {
  return {count, count > 1 ? -most : 0.0, count > 1 ? 2.0 * most / (count - 1) : 0.0};
}

/// The grid that vHLLE's header fixes.
std::array<core::Nodes, 3> vhlle_nodes(const TextEvent& event, const std::filesystem::path& path) {
  const NumberRows& rows = event.rows;
  const int count = static_cast<int>(std::clamp(rows.said("grid-nsteps =", 0.0), 0.0, 1e5));
  const double most = rows.said("grid-max =", 0.0);
  const int count_eta = static_cast<int>(std::clamp(rows.said("grid-nsteps-eta =", 1.0), 1.0, 1e5));
  if (count < 2 || !(most > 0.0))
    throw FileError(path.string() + ": \"# grid-nsteps = N\" and \"# grid-max = X\" belong together");
  const auto wanted =
      static_cast<std::size_t>(count) * static_cast<std::size_t>(count) * static_cast<std::size_t>(count_eta);
  if (rows.values.size() != wanted)
    throw FileError(
        fmt::format("{}: {} numbers for the grid of {} x {} x {} that the header says: the file is not "
                    "complete",
                    path.string(), rows.values.size(), count, count, count_eta));
  return {symmetric_nodes(count, most), symmetric_nodes(count, most),
          symmetric_nodes(count_eta, rows.said("grid-max-eta =", 0.0))};
}

/// From the rapidity fastest to the rapidity slowest.
std::vector<double> eta_outermost(const std::vector<double>& values, std::size_t count_eta) {
  std::vector<double> ordered;
  const std::size_t plane = values.size() / count_eta;
  for (std::size_t eta = 0; eta < count_eta; ++eta)
    for (std::size_t i = 0; i < plane; ++i) ordered.push_back(values[i * count_eta + eta]);
  return ordered;
}

/// The name and the number of "# name = number".
void add_said(const std::string& comment, std::map<std::string, double>& said) {
  char name[32] = "";
  double number = 0.0;
  if (std::sscanf(comment.c_str(), " # %31[A-Za-z0-9_] = %lf", name, &number) == 2) said[name] = number;
}

Map read_text_event(const std::filesystem::path& path, int index, double spacing) {
  const std::string text = core::read_text(path, most_bytes, "an event");
  refuse_foreign(path, text);
  const TextEvent event = find_event(path, text, index);
  Map map;
  for (const std::string& comment : event.rows.comments) add_said(comment, map.numbers);
  if (event.events > 1)
    map.notes.push_back(
        fmt::format("{} holds {} events: number {} is taken (initial.event)", path.string(), event.events, index));
  if (event.rows.said("grid-nsteps =", 0.0) > 0.0) {
    map.nodes = vhlle_nodes(event, path);
    spacing_of(path, map.nodes[0].step, spacing);
    const double said = event.rows.said("grid-step =", map.nodes[0].step);
    if (std::abs(said - map.nodes[0].step) > 1e-6 * said)
      map.notes.push_back(
          fmt::format("{}: grid-step = {:g} in its header, but {} nodes from -grid-max to grid-max, as "
                      "vHLLE places them, are {:.6g} fm apart: these places are used",
                      path.string(), said, map.nodes[0].count, map.nodes[0].step));
    map.columns["value"] = eta_outermost(event.rows.values, static_cast<std::size_t>(map.nodes[2].count));
    return map;
  }
  const double step = spacing_of(path, 0.0, spacing);
  const int nx = event.lengths.front(), ny = static_cast<int>(event.lengths.size());
  map.nodes = {core::centred_nodes(nx, step), core::centred_nodes(ny, step), core::Nodes{}};
  map.columns["value"] = event.rows.values;
  if (nx != ny)
    map.notes.push_back(fmt::format("{}: {} rows of {} numbers: not square; are rows missing?", path.string(), ny, nx));
  return map;
}

bool is_dataset(const hdf5::Source& file, const std::string& name) {
  const hdf5::Object object(H5Oopen(file, name.c_str(), H5P_DEFAULT), file.path(), "open '" + name + "'");
  return H5Iget_type(object) == H5I_DATASET;
}

/// Datasets of events, shorter names first. Where all are named as TRENTo does, they are believed to be what the first
/// is: to open thousands takes as long as to run an event.
std::vector<std::string> names_of_events(const hdf5::Source& file) {
  std::vector<std::string> names = hdf5::link_names(file, file.path());
  const bool alike = std::all_of(names.begin(), names.end(), [](const auto& n) { return n.rfind("event_", 0) == 0; });
  if (!alike || names.empty() || !is_dataset(file, names.front())) names = hdf5::members(file, file.path()).datasets;
  std::stable_sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  return names;
}

std::map<std::string, double> numbers_of(const hdf5::Dataset& event, const std::filesystem::path& path) {
  std::map<std::string, double> numbers;
  for (const auto& [name, value] : hdf5::read_attributes(event, path)) {
    if (const auto* real = std::get_if<double>(&value)) numbers[name] = *real;
    if (const auto* whole = std::get_if<std::int64_t>(&value)) numbers[name] = static_cast<double>(*whole);
  }
  return numbers;
}

[[noreturn]] void refuse_without_maps(const hdf5::Source& file, const std::vector<std::string>& groups) {
  const core::Attributes attributes = hdf5::read_attributes(file, file.path());
  if (attributes.count("format") != 0)
    throw InputError(file.path().string() +
                     ": a file of Ister's own, not an event: initial.type = \"file\" reads states");
  std::string names;
  for (std::size_t i = 0; i < std::min<std::size_t>(groups.size(), 5); ++i) names += (i > 0 ? ", /" : "/") + groups[i];
  throw FileError(file.path().string() +
                  ": holds no dataset at its root, where TRENTo has one map (y, x) for each event" +
                  (names.empty() ? "" : "; it holds the groups " + names));
}

Map read_hdf5(const hdf5::Source& file, int index, double spacing) {
  const std::filesystem::path& path = file.path();
  const std::vector<std::string> names = names_of_events(file);
  if (names.empty()) refuse_without_maps(file, hdf5::members(file, path).groups);
  if (index < 0 || index >= static_cast<int>(names.size()))
    throw InputError(fmt::format("{}: event {} is not in this file; it holds {} events, counted from 0", path.string(),
                                 index, names.size()));
  const std::string& name = names[static_cast<std::size_t>(index)];
  const hdf5::Dataset dataset = file.dataset(file, name);
  const auto extents = hdf5::extents(dataset, path);
  const bool fits = extents.size() == 2 && extents[0] > 0 && extents[1] > 0 && extents[0] < INT_MAX &&
                    extents[1] < INT_MAX && hdf5::is_numeric(dataset);
  if (!fits) throw FileError(path.string() + ": dataset '" + name + "' is not a two-dimensional map of numbers");
  Map map;
  map.numbers = numbers_of(dataset, path);
  const double step = spacing_of(path, 0.0, spacing);
  const auto nx = static_cast<std::size_t>(extents[1]);
  map.nodes = {core::centred_nodes(static_cast<int>(nx), step), core::centred_nodes(static_cast<int>(extents[0]), step),
               core::Nodes{}};
  std::vector<double>& values = map.columns["value"] = file.read(dataset);
  for (std::size_t i = 0; i < values.size(); ++i)
    check_value(values[i], path, fmt::format("{}[{}][{}]", name, i / nx, i % nx));
  return map;
}

}  // namespace

Map read_trento(const std::filesystem::path& path, int index, double spacing) {
  const bool binary = hdf5::looks_like_hdf5(core::InputFile(path));
  Map map = binary ? hdf5::read_file(path, [&](const hdf5::Source& file) { return read_hdf5(file, index, spacing); })
                   : read_text_event(path, index, spacing);
  const std::vector<double>& values = map.columns["value"];
  if (std::all_of(values.begin(), values.end(), [](double value) { return value == 0.0; }))
    throw InputError(path.string() + ": all values are zero");
  return map;
}

std::int64_t count_trento_events(const std::filesystem::path& path) {
  if (hdf5::looks_like_hdf5(core::InputFile(path)))
    return static_cast<std::int64_t>(
        hdf5::read_file(path, [](const hdf5::Source& file) { return names_of_events(file).size(); }));
  std::int64_t events = 0;
  for_each_line(core::read_text(path, most_bytes, "an event"),
                [&](const std::string&, bool, int, int which) { events = which + 1; });
  return events;
}

}  // namespace ister::io
