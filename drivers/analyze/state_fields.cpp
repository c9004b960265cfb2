#include "drivers/analyze/state_fields.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace ister::drivers {

core::Grid grid_of(const io::FieldFile& file) {
  const auto points = file.attribute<std::vector<double>>("points");
  const auto lower = file.attribute<std::vector<double>>("lower"), upper = file.attribute<std::vector<double>>("upper");
  if (points.empty() || points.size() > 3 || lower.size() != points.size() || upper.size() != points.size())
    throw FileError(file.path().string() + ": points, lower and upper do not describe a grid");
  const auto units = file.attribute<std::string>("units");
  if (units != "natural")
    throw InputError(fmt::format("{}: units = \"{}\", but analyses take \"natural\" ones: fm and powers of 1/fm",
                                 file.path().string(), units));
  core::Grid grid;
  grid.dimensions = static_cast<int>(points.size());
  for (std::size_t d = 0; d < points.size(); ++d) {
    grid.points[d] = static_cast<int>(points[d]);
    grid.lower[d] = lower[d];
    grid.upper[d] = upper[d];
  }
  return grid;
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
  return values;
}

}  // namespace ister::drivers
