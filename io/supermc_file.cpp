#include <fmt/format.h>

#include "core/base/error.hpp"
#include "io/cell_map.hpp"
#include "io/event_format.hpp"
#include "io/initial_formats.hpp"

// *_block.dat: no header, a row for each x with a column for each y, centred. *_4col.dat: "# <npart>= N xmax= NX ymax=
// NY", then rows "rapidity x y value".
namespace ister::io {
namespace {

Map read_cells(const NumberRows& rows, const std::filesystem::path& path, double spacing) {
  Map map = map_of_cells(rows, path, {{1, 2, 0}, {{"value", 3}}});
  compare_with_header(rows, path, map, 2);
  spacing_of(path, map.nodes[0].step, spacing);
  return map;
}

Map read_block(const NumberRows& rows, const std::filesystem::path& path, double spacing) {
  Map map;
  const std::size_t nx = rows.count(), ny = rows.columns;
  const double step = spacing_of(path, 0.0, spacing);
  map.nodes = {core::centred_nodes(static_cast<int>(nx), step), core::centred_nodes(static_cast<int>(ny), step),
               core::Nodes{}};
  std::vector<double>& values = map.columns["value"];
  for (std::size_t y = 0; y < ny; ++y)
    for (std::size_t x = 0; x < nx; ++x) values.push_back(rows.at(x, y));
  if (nx != ny)
    map.notes.push_back(fmt::format("{}: {} rows of {} numbers: not square; are rows missing?", path.string(), nx, ny));
  return map;
}

}  // namespace

Map read_supermc(const std::filesystem::path& path, double spacing) {
  const NumberRows rows = read_number_rows(path, "a map of superMC");
  if (rows.columns == 4 && rows.count() > 16) return read_cells(rows, path, spacing);
  if (!rows.comments.empty())
    throw FileError(path.string() + ": a block of superMC has no header" + hint_of_format(path));
  return read_block(rows, path, spacing);
}

}  // namespace ister::io
