#include "io/event_file.hpp"

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <string>

#include "core/base/error.hpp"
#include "core/base/input_file.hpp"
#include "io/collective.hpp"
#include "io/event_format.hpp"
#include "io/hdf5.hpp"

namespace ister::io {
namespace {

void check_value(double value, const std::filesystem::path& path, const std::string& place) {
  if (std::isfinite(value) && value >= 0.0) return;
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  throw InputError(path.string() + ": " + place + ": value " + text + ", must be finite and >= 0");
}

constexpr std::size_t most_bytes = 1'000'000'000;
constexpr const char* blanks = " \t\r";

/// Appends the numbers of one line; their count.
int append_row(const std::string& line, const std::filesystem::path& path, const std::string& place,
               std::vector<double>& values) {
  int columns = 0;
  const char* next = line.c_str();
  next += std::min(line.find_first_not_of(blanks), line.size());
  for (; *next != '\0'; ++columns) {
    char* end = nullptr;
    const double value = std::strtod(next, &end);
    if (end == next || (*end != '\0' && std::strchr(blanks, *end) == nullptr)) {
      const std::string word(next, std::strcspn(next, blanks));
      throw FileError(path.string() + ": " + place + ": '" + word.substr(0, 20) + "' is not a number" +
                      core::number_hint(word));
    }
    check_value(value, path, place);
    values.push_back(value);
    next = end + std::strspn(end, blanks);
  }
  return columns;
}

void refuse_foreign(const std::filesystem::path& path, const std::string& text) {
  if (const std::string format = core::foreign_format(text); !format.empty())
    throw FileError(path.string() + ": not an event: it is " + format);
  if (const std::string format = foreign_event(path, text); !format.empty())
    throw InputError(path.string() + ": line 1: this is " + format +
                     ". It is not read; an event is a map as TRENTo writes it: '#' lines, then a row of numbers for "
                     "each y with a column for each x. Flow and stresses go into a state file");
}

Event read_text_event(const std::filesystem::path& path) {
  const std::string text = core::read_text(path, most_bytes, "an event");
  refuse_foreign(path, text);
  Event event;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::string place = "line " + std::to_string(number);
    const std::size_t first = std::min(line.find_first_not_of(blanks), line.size());
    if (line.compare(first, 7, "# event") == 0 && event.ny > 0)
      throw InputError(path.string() + ": " + place + ": a second event begins here; a text holds one: split the file");
    if (first == line.size() || line[first] == '#') continue;
    const int columns = append_row(line, path, place, event.values);
    if (event.ny == 0) event.nx = columns;
    if (columns != event.nx) {
      throw FileError(path.string() + ": " + place + " has " + std::to_string(columns) + " numbers, the lines before " +
                      std::to_string(event.nx));
    }
    ++event.ny;
  }
  if (event.values.empty()) throw FileError(path.string() + ": holds no numbers");
  return event;
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

Event read_hdf5(const hdf5::Source& file, int index) {
  const std::filesystem::path& path = file.path();
  auto [names, groups] = hdf5::members(file, path);
  std::stable_sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  if (names.empty()) refuse_without_maps(file, groups);
  if (index < 0 || index >= static_cast<int>(names.size())) {
    throw InputError(path.string() + ": event " + std::to_string(index) + " is not in this file; it holds " +
                     std::to_string(names.size()) + " events, counted from 0");
  }
  const std::string& name = names[static_cast<std::size_t>(index)];
  const hdf5::Dataset dataset = file.dataset(file, name);
  const auto extents = hdf5::extents(dataset, path);
  const bool fits = extents.size() == 2 && extents[0] > 0 && extents[1] > 0 && extents[0] < INT_MAX &&
                    extents[1] < INT_MAX && hdf5::is_numeric(dataset);
  if (!fits) throw FileError(path.string() + ": dataset '" + name + "' is not a two-dimensional map of numbers");
  Event event{static_cast<int>(extents[1]), static_cast<int>(extents[0]), file.read(dataset)};
  for (std::size_t i = 0; i < event.values.size(); ++i) {
    const auto nx = static_cast<std::size_t>(event.nx);
    check_value(event.values[i], path, name + "[" + std::to_string(i / nx) + "][" + std::to_string(i % nx) + "]");
  }
  return event;
}

}  // namespace

Event read_event(const std::filesystem::path& path, int index) {
  const bool binary = hdf5::looks_like_hdf5(core::InputFile(path));
  if (!binary && index != 0) {
    throw InputError(path.string() + ": event " + std::to_string(index) + " is not in this file; text holds one, 0");
  }
  Event event = binary ? hdf5::read_file(path, [&](const hdf5::Source& file) { return read_hdf5(file, index); })
                       : read_text_event(path);
  if (std::all_of(event.values.begin(), event.values.end(), [](double value) { return value == 0.0; })) {
    throw InputError(path.string() + ": all values are zero");
  }
  return event;
}

Event read_event(MPI_Comm comm, const std::filesystem::path& path, int index) {
  Event event;
  on_rank_zero(comm, [&] { event = read_event(path, index); });
  int shape[2] = {event.nx, event.ny};
  MPI_Bcast(shape, 2, MPI_INT, 0, comm);
  event.nx = shape[0];
  event.ny = shape[1];
  collectively(comm,
               [&] { event.values.resize(static_cast<std::size_t>(event.nx) * static_cast<std::size_t>(event.ny)); });
  for (int row = 0; row < event.ny; ++row) {
    MPI_Bcast(event.values.data() + static_cast<std::ptrdiff_t>(row) * event.nx, event.nx, MPI_DOUBLE, 0, comm);
  }
  return event;
}

}  // namespace ister::io
