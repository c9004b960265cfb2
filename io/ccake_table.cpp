#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "core/base/error.hpp"
#include "io/cell_map.hpp"
#include "io/event_format.hpp"
#include "io/initial_formats.hpp"

// CCAKE: "#0 dx dy deta 0 xmin ymin etamin", then rows x y eta e rhoB rhoS rhoQ ux uy ueta bulk pixx pixy pixeta piyy
// piyeta pietaeta in any order; cells of vacuum may be left out. ICCING: "0 dx dy 0 xmin ymin" without '#', then rows
// x y e rhoB rhoS rhoQ.
namespace ister::io {
namespace {

std::vector<double> numbers_in(const std::string& comment) {
  std::istringstream words(comment.substr(comment.find('#') + 1));
  std::vector<double> numbers;
  for (double number; words >> number;) numbers.push_back(number);
  return numbers;
}

core::Nodes nodes_from(double first, double step) { return {1, first, std::max(step, 0.0)}; }

void note_charges(const CellColumns& charges, const NumberRows& rows, Map& map) {
  double most = 0.0;
  for (const auto& charge : charges.values)
    for (std::size_t row = 0; row < rows.count(); ++row)
      most = std::max(most, std::abs(rows.at(row, static_cast<std::size_t>(charge.second))));
  if (most > 0.0)
    map.notes.push_back(fmt::format("densities of charges (up to {:.3g}/fm^3) are not evolved and left out", most));
}

Map read_iccing(NumberRows rows, const std::filesystem::path& path) {
  const double* h = rows.values.data();
  const std::array<core::Nodes, 3> nodes{nodes_from(h[4], h[1]), nodes_from(h[5], h[2]), core::Nodes{}};
  rows.values.erase(rows.values.begin(), rows.values.begin() + 6);
  if (rows.values.empty()) throw FileError(path.string() + ": a header, but no cells");
  Map map = map_of_some_cells(rows, path, {{0, 1, -1}, {{"e", 2}}}, nodes);
  note_charges({{}, {{"", 3}, {"", 4}, {"", 5}}}, rows, map);
  return map;
}

}  // namespace

Map read_ccake(const std::filesystem::path& path) {
  NumberRows rows = read_number_rows(path, "a table of CCAKE");
  if (rows.columns == 6 && rows.comments.empty()) return read_iccing(std::move(rows), path);
  if (rows.columns != 17)
    throw FileError(
        fmt::format("{}: rows of {} numbers: a table of CCAKE has 17 (x y eta e rhoB rhoS rhoQ ux uy ueta "
                    "bulk pixx pixy pixeta piyy piyeta pietaeta), one of ICCING 6{}",
                    path.string(), rows.columns, hint_of_format(path)));
  const std::vector<double> h = rows.comments.empty() ? std::vector<double>() : numbers_in(rows.comments.front());
  if (h.size() != 8 || !(h[1] > 0.0) || !(h[2] > 0.0))
    throw FileError(path.string() + ": the first line must be \"#0 dx dy deta 0 xmin ymin etamin\", eight numbers");
  CellColumns columns{{0, 1, 2}, {{"e", 3}}};
  int column = 7;
  for (const char* name : {"ux", "uy", "ueta", "bulk", "pixx", "pixy", "pixeta", "piyy", "piyeta", "pietaeta"})
    columns.values.emplace_back(name, column++);
  Map map =
      map_of_some_cells(rows, path, columns, {nodes_from(h[5], h[1]), nodes_from(h[6], h[2]), nodes_from(h[7], h[3])});
  note_charges({{}, {{"", 4}, {"", 5}, {"", 6}}}, rows, map);
  return map;
}

}  // namespace ister::io
