#include "drivers/analyze/state_fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/base/error.hpp"
#include "io/posix.hpp"
#include "io/run_files.hpp"

namespace ister::drivers {
namespace {

constexpr double narrowest = 1e-100, widest = 1e100;  // fm: squares of wavenumbers stay in the range of numbers

}  // namespace

std::vector<std::filesystem::path> states_of_run(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : io::list_folder(folder)) {
    const std::string file = entry.filename().string();
    if (const std::size_t mark = file.rfind("_state_"); mark != std::string::npos && file.front() != '.')
      names.insert(file.substr(0, mark));
  }
  std::vector<std::filesystem::path> states;
  for (const std::string& name : names) {
    const io::RunFiles files(folder, name);
    const std::vector<std::int64_t> steps = files.state_steps();
    if (!steps.empty() && !states.empty())
      throw InputError(fmt::format("{}: holds states of several runs ({}); name the state files of one of them",
                                   folder.string(), fmt::join(names, ", ")));
    for (const std::int64_t step : steps) states.push_back(files.state(step));
  }
  if (states.empty()) throw FileError(folder.string() + ": no state files (NAME_state_00000000.h5) in this folder");
  return states;
}

std::vector<std::filesystem::path> states_of(const std::vector<std::filesystem::path>& sources) {
  const auto is_folder = [](const std::filesystem::path& path) {
    std::error_code unknown;  // reading tells what is wrong
    return std::filesystem::is_directory(path, unknown);
  };
  const auto folder = std::find_if(sources.begin(), sources.end(), is_folder);
  if (folder == sources.end()) return sources;
  if (sources.size() > 1)
    throw InputError(folder->string() + ": a folder among other sources; either one folder or state files are taken");
  return states_of_run(*folder);
}

core::Grid grid_of(const io::FieldFile& file) {
  const auto points = file.attribute<std::vector<double>>("points");
  const auto lower = file.attribute<std::vector<double>>("lower"), upper = file.attribute<std::vector<double>>("upper");
  if (points.empty() || points.size() > 3 || lower.size() != points.size() || upper.size() != points.size())
    throw FileError(
        fmt::format("{}: points = [{}], lower = [{}], upper = [{}] do not describe a grid of 1 to 3 directions",
                    file.path().string(), fmt::join(points, ", "), fmt::join(lower, ", "), fmt::join(upper, ", ")));
  const auto units = file.attribute<std::string>("units");
  if (units != "natural")
    throw InputError(fmt::format("{}: units = \"{}\", but analyses take \"natural\" ones: fm and powers of 1/fm",
                                 file.path().string(), units));
  core::Grid grid;
  grid.dimensions = static_cast<int>(points.size());
  double total = 1.0;
  for (std::size_t d = 0; d < points.size(); ++d) {
    if (!(points[d] >= 1 && points[d] <= std::numeric_limits<int>::max() && points[d] == std::floor(points[d])))
      throw FileError(fmt::format("{}: points[{}] = {}, where a whole number from 1 to {} is expected",
                                  file.path().string(), d, points[d], std::numeric_limits<int>::max()));
    const double width = upper[d] - lower[d];
    if (!(width >= narrowest && width <= widest))
      throw FileError(
          fmt::format("{}: lower[{}] = {}, upper[{}] = {}, where finite numbers, upper above lower, are "
                      "expected",
                      file.path().string(), d, lower[d], d, upper[d]));
    total *= points[d];
    grid.points[d] = static_cast<int>(points[d]);
    grid.lower[d] = lower[d];
    grid.upper[d] = upper[d];
  }
  for (const auto& field : file.fields())
    if (!std::equal(field.points.begin(), field.points.end(), points.begin(), points.end()))
      throw InputError(fmt::format("{}: the field {} has {} points, the grid {}", file.path().string(), field.name,
                                   fmt::join(field.points, " x "), fmt::join(points, " x ")));
  io::require_memory(total, fmt::format("{}: points = [{}]", file.path().string(), fmt::join(points, ", ")));
  return grid;
}

double time_of(const io::FieldFile& file) {
  const auto time = file.attribute<double>("time");
  if (!std::isfinite(time))
    throw FileError(fmt::format("{}: time = {}, where a finite number is expected", file.path().string(), time));
  return time;
}

std::vector<double> read_field(const io::FieldFile& file, const std::string& name, const core::Decomposition& whole) {
  if (!file.has(name)) {
    std::vector<std::string> known;
    for (const auto& field : file.fields()) known.push_back(field.name);
    throw InputError(
        fmt::format("{}: no field \"{}\"; it holds {}", file.path().string(), name, fmt::join(known, ", ")));
  }
  std::vector<double> values(static_cast<std::size_t>(whole.grid().total_points()));
  file.read(name, whole, values.data());
  const auto wrong = std::find_if_not(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
  if (wrong != values.end()) {
    std::int64_t rest = wrong - values.begin();
    std::string index;
    for (int d = 0; d < whole.grid().dimensions; ++d) {
      index = fmt::format("[{}]{}", rest % whole.grid().points[d], index);
      rest /= whole.grid().points[d];
    }
    throw InputError(fmt::format("{}: {}{} = {} is not finite", file.path().string(), name, index, *wrong));
  }
  return values;
}

}  // namespace ister::drivers
