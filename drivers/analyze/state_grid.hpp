#pragma once
#include <fmt/format.h>

#include "core/error.hpp"
#include "io/field_file.hpp"

/// State files as one process reads them.
namespace ister::drivers {

/// The grid of a state file. FileError where its attributes do not describe one.
inline core::Grid grid_of(const io::FieldFile& file) {
  core::Grid grid;
  const auto points = file.attribute<std::vector<double>>("points");
  const auto lower = file.attribute<std::vector<double>>("lower"), upper = file.attribute<std::vector<double>>("upper");
  if (points.empty() || points.size() > 3 || lower.size() != points.size() || upper.size() != points.size())
    throw FileError(file.path().string() + ": points, lower and upper do not describe a grid");
  grid.dimensions = static_cast<int>(points.size());
  for (std::size_t d = 0; d < points.size(); ++d) {
    grid.points[d] = static_cast<int>(points[d]);
    grid.lower[d] = lower[d];
    grid.upper[d] = upper[d];
  }
  return grid;
}

/// A whole field, indexed (z, y, x). InputError where the file has no such field: it names those it has.
inline std::vector<double> read_field(const io::FieldFile& file, const core::Grid& grid, const std::string& field) {
  if (!file.has(field)) {
    std::vector<std::string> known;
    for (const auto& f : file.fields()) known.push_back(f.name);
    throw InputError(
        fmt::format("{}: no field \"{}\"; it holds {}", file.path().string(), field, fmt::join(known, ", ")));
  }
  std::vector<double> values(static_cast<std::size_t>(grid.total_points()));
  file.read(field, core::Decomposition(grid, 1, 0), values.data());
  return values;
}

}  // namespace ister::drivers
