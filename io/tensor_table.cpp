#include <fmt/format.h>

#include "core/base/error.hpp"
#include "io/cell_map.hpp"
#include "io/event_format.hpp"
#include "io/initial_formats.hpp"

// One row for each cell: ix iy (x y [fm] in what KoMPoST writes, with sixteen more columns), then T^{tau tau} T^{xx}
// T^{yy} tau^2 T^{eta eta} -T^{tau x} -T^{tau y} -tau T^{tau eta} -T^{xy} -tau T^{y eta} -tau T^{x eta}.
namespace ister::io {
namespace {

constexpr std::size_t with_indices = 12, with_positions = 28;

CellColumns columns_of(const NumberRows& rows, const std::filesystem::path& path) {
  if (rows.columns != with_indices && rows.columns != with_positions)
    throw FileError(fmt::format("{}: rows of {} numbers: a table of T^{{mu nu}} of IP-Glasma or KoMPoST has 12 or 28{}",
                                path.string(), rows.columns, hint_of_format(path)));
  CellColumns columns{{0, 1, -1}, {}};
  int column = 2;
  for (const char* name : {"Ttt", "Txx", "Tyy", "Tzz", "Ttx", "Tty", "Ttz", "Txy", "Tyz", "Txz"})
    columns.values.emplace_back(name, column++);
  return columns;
}

/// From indices to places: IP-Glasma's grid, which says its spacing, begins at -n dx/2, KoMPoST's at -(n/2) dx in whole
/// numbers.
void place(const NumberRows& rows, const std::filesystem::path& path, double spacing, Map& map) {
  const char* words[] = {"dx=", "dy="};
  for (std::size_t d = 0; d < 2; ++d) {
    core::Nodes& nodes = map.nodes[d];
    const double said = rows.said(words[d], 0.0);
    const double step = spacing_of(path, said, spacing);
    const int whole_half = nodes.count / 2;
    nodes = {nodes.count, -step * (said > 0.0 ? 0.5 * nodes.count : whole_half), step};
  }
}

}  // namespace

Map read_tensor_table(const std::filesystem::path& path, double spacing) {
  const NumberRows rows = read_number_rows(path, "a table of T^{mu nu}");
  Map map = map_of_cells(rows, path, columns_of(rows, path));
  compare_with_header(rows, path, map, 2);
  if (rows.columns == with_indices)
    place(rows, path, spacing, map);
  else
    spacing_of(path, map.nodes[0].step, spacing);
  for (const char* name : {"Ttx", "Tty", "Ttz", "Txy", "Tyz", "Txz"})
    for (double& value : map.columns[name]) value = -value;
  return map;
}

}  // namespace ister::io
