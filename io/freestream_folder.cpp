#include <fmt/format.h>

#include "core/base/error.hpp"
#include "io/cell_map.hpp"
#include "io/initial_formats.hpp"

// One file of rows "x y eta value" for each quantity: e ux uy un bulk_PI pixx pixy pixn piyy piyn pinn .dat (others in
// the folder follow from these).
namespace ister::io {
namespace {

std::vector<double> read_column(const std::filesystem::path& path, Map& map) {
  const NumberRows rows = read_number_rows(path, "a field of freestream-milne");
  if (rows.columns != 4)
    throw FileError(
        fmt::format("{}: rows of {} numbers: freestream-milne writes 4, x y eta value", path.string(), rows.columns));
  Map one = map_of_cells(rows, path, {{0, 1, 2}, {{"value", 3}}});
  for (std::size_t d = 0; d < 3; ++d)
    if (!map.columns.empty() && (one.nodes[d].count != map.nodes[d].count || one.nodes[d].first != map.nodes[d].first))
      throw FileError(path.string() + ": is on another grid than e.dat beside it");
  map.nodes = one.nodes;
  return std::move(one.columns["value"]);
}

}  // namespace

Map read_freestream_folder(const std::filesystem::path& folder) {
  std::error_code unknown;
  if (!std::filesystem::is_directory(folder, unknown))
    throw FileError(folder.string() + ": is no folder: initial.type = \"freestream_milne\" reads the folder of output");
  Map map;
  map.columns["e"] = read_column(folder / "e.dat", map);
  for (const auto& [name, file] : {std::pair{"ux", "ux.dat"},
                                   {"uy", "uy.dat"},
                                   {"ueta", "un.dat"},
                                   {"bulk", "bulk_PI.dat"},
                                   {"pixx", "pixx.dat"},
                                   {"pixy", "pixy.dat"},
                                   {"pixeta", "pixn.dat"},
                                   {"piyy", "piyy.dat"},
                                   {"piyeta", "piyn.dat"},
                                   {"pietaeta", "pinn.dat"}}) {
    if (std::filesystem::exists(folder / file, unknown))
      map.columns[name] = read_column(folder / file, map);
    else
      map.notes.push_back(fmt::format("{} is not in {}: taken as zero", file, folder.string()));
  }
  return map;
}

}  // namespace ister::io
