#include "io/cell_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"

namespace ister::io {
namespace {

constexpr std::size_t most_cells = 200'000'000;

/// The evenly spaced values that a column takes.
core::Nodes nodes_of(const NumberRows& rows, const std::filesystem::path& path, int column) {
  if (column < 0) return {};
  std::vector<double> places;
  for (std::size_t row = 0; row < rows.count(); ++row) places.push_back(rows.at(row, static_cast<std::size_t>(column)));
  std::sort(places.begin(), places.end());
  const double same = 1e-6 * (places.back() - places.front());
  places.erase(std::unique(places.begin(), places.end(), [&](double a, double b) { return b - a <= same; }),
               places.end());
  core::Nodes nodes{static_cast<int>(places.size()), places.front(), 0.0};
  if (nodes.count > 1) nodes.step = (places.back() - places.front()) / (nodes.count - 1);
  for (int i = 0; i < nodes.count; ++i)
    if (std::abs(places[static_cast<std::size_t>(i)] - nodes.at(i)) > 1e-2 * nodes.step)
      throw FileError(fmt::format(
          "{}: the values {} and {} in column {} are not part of an even spacing, which of {} values from "
          "{} to {} would be {:.6g}: rows are missing or damaged",
          path.string(), places[static_cast<std::size_t>(std::max(i - 1, 0))], places[static_cast<std::size_t>(i)],
          column + 1, nodes.count, places.front(), places.back(), nodes.step));
  return nodes;
}

/// The node of a row along one direction; -1 where it lies between nodes.
std::int64_t index_of(const core::Nodes& nodes, double at) {
  if (nodes.step == 0.0) return 0;
  const double place = (at - nodes.first) / nodes.step;
  return std::abs(place - std::round(place)) < 1e-2 && place > -0.5 ? std::llround(place) : -1;
}

/// Puts every row into its place; says which rows there are.
std::vector<bool> fill(const NumberRows& rows, const std::filesystem::path& path, const CellColumns& columns,
                       Map& map) {
  for (const auto& value : columns.values) map.columns[value.first].assign(map.size(), 0.0);
  std::vector<bool> there(map.size());
  for (std::size_t row = 0; row < rows.count(); ++row) {
    std::size_t at = 0;
    std::string place;
    for (int d = 2; d >= 0; --d) {
      const int column = columns.coordinates[static_cast<std::size_t>(d)];
      const core::Nodes& nodes = map.nodes[static_cast<std::size_t>(d)];
      const double x = column < 0 ? nodes.first : rows.at(row, static_cast<std::size_t>(column));
      const std::int64_t i = index_of(nodes, x);
      place = fmt::format("{} = {:.6g}{}{}", std::array{"x", "y", "eta"}[static_cast<std::size_t>(d)], x,
                          place.empty() ? "" : ", ", place);
      if (i < 0 || i >= nodes.count)
        throw FileError(fmt::format("{}: the cell at {} is not on the grid of the file", path.string(), place));
      at = at * static_cast<std::size_t>(nodes.count) + static_cast<std::size_t>(i);
    }
    if (there[at]) throw FileError(fmt::format("{}: the cell at {} is there twice", path.string(), place));
    there[at] = true;
    for (const auto& [name, column] : columns.values)
      map.columns[name][at] = rows.at(row, static_cast<std::size_t>(column));
  }
  return there;
}

}  // namespace

Map map_of_cells(const NumberRows& rows, const std::filesystem::path& path, const CellColumns& columns) {
  Map map;
  for (std::size_t d = 0; d < 3; ++d) map.nodes[d] = nodes_of(rows, path, columns.coordinates[d]);
  if (map.size() != rows.count())
    throw FileError(fmt::format("{}: {} rows for a grid of {} x {} x {} cells: rows are missing or there twice",
                                path.string(), rows.count(), map.nodes[0].count, map.nodes[1].count,
                                map.nodes[2].count));
  fill(rows, path, columns, map);
  return map;
}

Map map_of_some_cells(const NumberRows& rows, const std::filesystem::path& path, const CellColumns& columns,
                      std::array<core::Nodes, 3> nodes) {
  Map map;
  for (std::size_t d = 0; d < 3; ++d) {
    if (columns.coordinates[d] < 0) continue;
    for (std::size_t row = 0; row < rows.count(); ++row) {
      const std::int64_t i = index_of(nodes[d], rows.at(row, static_cast<std::size_t>(columns.coordinates[d])));
      nodes[d].count = std::max(nodes[d].count, static_cast<int>(std::min<std::int64_t>(i, 1 << 20)) + 1);
    }
  }
  map.nodes = nodes;
  if (map.size() > most_cells)
    throw FileError(fmt::format("{}: a grid of {} x {} x {} cells is too large: a coordinate or the header is wrong",
                                path.string(), nodes[0].count, nodes[1].count, nodes[2].count));
  fill(rows, path, columns, map);
  return map;
}

void compare_with_header(const NumberRows& rows, const std::filesystem::path& path, const Map& map,
                         std::size_t directions) {
  const char* words[] = {"xmax=", "ymax=", "etamax="};
  for (std::size_t d = 0; d < directions; ++d)
    if (const double said = rows.said(words[d], map.nodes[d].count); said != map.nodes[d].count)
      throw FileError(fmt::format("{}: the header says {} {:g}, the rows make {}: the file is not complete",
                                  path.string(), words[d], said, map.nodes[d].count));
}

double spacing_of(const std::filesystem::path& path, double in_file, double given) {
  if (in_file <= 0.0 && given <= 0.0)
    throw InputError(fmt::format("initial.grid_spacing is required: {} does not say how far apart [fm] its points are",
                                 path.string()));
  if (in_file <= 0.0) return given;
  if (given > 0.0 && std::abs(given - in_file) > 1e-6 * in_file)
    throw InputError(
        fmt::format("initial.grid_spacing = {:.9g}, but the points of {} are {:.9g} fm apart: leave "
                    "grid_spacing out",
                    given, path.string(), in_file));
  return in_file;
}

}  // namespace ister::io
