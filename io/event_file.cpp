#include "io/event_file.hpp"

#include <algorithm>
#include <climits>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <string>
#include <string_view>
#include <system_error>

#include "core/error.hpp"
#include "io/collective.hpp"
#include "io/hdf5.hpp"
#include "io/rehearsal.hpp"

namespace ister::io {
namespace {

void check_value(double value, const std::filesystem::path& path, const std::string& place) {
  if (std::isfinite(value) && value >= 0.0) return;
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  throw InputError(path.string() + ": " + place + ": value " + text + ", must be finite and >= 0");
}

Event read_text(const std::filesystem::path& path) {
  std::ifstream file(path);
  Event event;
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const std::string place = "line " + std::to_string(number);
    const char* next = line.c_str();
    next += std::min(line.find_first_not_of(" \t\r"), line.size());
    if (*next == '#' || *next == '\0') continue;
    int columns = 0;
    while (*next != '\0') {
      char* end = nullptr;
      const double value = std::strtod(next, &end);
      const std::string_view rest(end);
      if (end == next || (!rest.empty() && std::string_view(" \t\r").find(rest.front()) == std::string_view::npos)) {
        throw FileError(path.string() + ": " + place + ": '" + std::string(next).substr(0, 20) + "' is not a number");
      }
      check_value(value, path, place);
      event.values.push_back(value);
      ++columns;
      next = end + std::min(rest.find_first_not_of(" \t\r"), rest.size());
    }
    if (event.ny == 0) event.nx = columns;
    if (columns != event.nx) {
      throw FileError(path.string() + ": " + place + " has " + std::to_string(columns) + " numbers, the lines before " +
                      std::to_string(event.nx));
    }
    ++event.ny;
  }
  if (file.bad()) throw FileError(path.string() + ": cannot read");
  if (event.values.empty()) throw FileError(path.string() + ": holds no numbers");
  return event;
}

Event read_hdf5(const std::filesystem::path& path, int index) {
  const hdf5::File file = hdf5::open_file(path);
  auto names = hdf5::dataset_names(file, path);
  std::stable_sort(names.begin(), names.end(), [](const auto& a, const auto& b) { return a.size() < b.size(); });
  if (names.empty()) throw FileError(path.string() + ": holds no dataset");
  if (index < 0 || index >= static_cast<int>(names.size())) {
    throw InputError(path.string() + ": event " + std::to_string(index) + " is not in this file; it holds " +
                     std::to_string(names.size()) + " events, counted from 0");
  }
  const std::string& name = names[static_cast<std::size_t>(index)];
  const hdf5::Dataset dataset(H5Dopen2(file, name.c_str(), H5P_DEFAULT), path, "open the dataset '" + name + "'");
  const auto extents = hdf5::extents(dataset, path);
  const bool fits = extents.size() == 2 && extents[0] > 0 && extents[1] > 0 && extents[0] < INT_MAX &&
                    extents[1] < INT_MAX && hdf5::is_numeric(dataset);
  if (!fits) throw FileError(path.string() + ": dataset '" + name + "' is not a two-dimensional map of numbers");
  Event event{static_cast<int>(extents[1]), static_cast<int>(extents[0]), {}};
  event.values.resize(extents[0] * extents[1]);
  if (H5Dread(dataset, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, event.values.data()) < 0) {
    hdf5::fail(path, "read the dataset '" + name + "'");
  }
  for (std::size_t i = 0; i < event.values.size(); ++i) {
    const auto nx = static_cast<std::size_t>(event.nx);
    check_value(event.values[i], path, name + "[" + std::to_string(i / nx) + "][" + std::to_string(i % nx) + "]");
  }
  return event;
}

}  // namespace

Event read_event(const std::filesystem::path& path, int index) {
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) throw FileError(path.string() + ": is a folder, not a file");
  if (!std::ifstream(path)) throw FileError(path.string() + ": cannot open: missing or unreadable");
  const bool binary = hdf5::looks_like_hdf5(path);
  if (!binary && index != 0) {
    throw InputError(path.string() + ": event " + std::to_string(index) + " is not in this file; text holds one, 0");
  }
  if (binary) rehearse(path, [&] { read_hdf5(path, index); });
  Event event = binary ? read_hdf5(path, index) : read_text(path);
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
