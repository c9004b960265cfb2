#include "core/base/error.hpp"
#include "io/cell_map.hpp"
#include "io/event_format.hpp"
#include "io/initial_formats.hpp"

// One header line "# dummy 1 etamax= 1 xmax= NX ymax= NY deta= D dx= DX dy= DY [tau= T]" (KoMPoST: "# tau_in_fm T
// ..."), then one row for each cell: eta x y e u^tau u^x u^y u^eta, and pi^{tau tau} ... pi^{eta eta} in ten more
// columns. The table of eleven columns has flow in its first seven; what the other four are differs between codes.
namespace ister::io {
namespace {

CellColumns columns_of(const NumberRows& rows, const std::filesystem::path& path) {
  CellColumns columns{{1, 2, 0}, {{"e", 3}, {"ux", 5}, {"uy", 6}}};
  if (rows.columns == 11) return columns;
  if (rows.columns != 18)
    throw FileError(path.string() + ": rows of " + std::to_string(rows.columns) +
                    " numbers: a table of MUSIC, IP-Glasma or KoMPoST has 18 (or 11)" + hint_of_format(path));
  for (const auto& [name, column] : {std::pair{"ueta", 7},
                                     {"pixx", 12},
                                     {"pixy", 13},
                                     {"pixeta", 14},
                                     {"piyy", 15},
                                     {"piyeta", 16},
                                     {"pietaeta", 17}})
    columns.values.emplace_back(name, column);
  return columns;
}

}  // namespace

Map read_music_table(const std::filesystem::path& path) {
  const NumberRows rows = read_number_rows(path, "a table of MUSIC or IP-Glasma");
  Map map = map_of_cells(rows, path, columns_of(rows, path));
  compare_with_header(rows, path, map, 3);
  const double tau = rows.said(" tau=", rows.said("tau_in_fm", 0.0));
  if (tau > 0.0) map.tau = tau;
  return map;
}

}  // namespace ister::io
