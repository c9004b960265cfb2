#pragma once
#include <array>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "io/map.hpp"
#include "io/number_rows.hpp"

namespace ister::io {

/// Which columns of a table with one row for each cell are its coordinates (-1: there is none) and which its values.
struct CellColumns {
  std::array<int, 3> coordinates{-1, -1, -1};
  std::vector<std::pair<std::string, int>> values;
};

/// The map of a table whose rows, in any order, make a complete regular grid. FileError where they do not: a cell that
/// is missing or there twice, uneven spacing.
Map map_of_cells(const NumberRows& rows, const std::filesystem::path& path, const CellColumns& columns);

/// The same with cells left out, which hold zeros: spacing and lowest corner are known.
Map map_of_some_cells(const NumberRows& rows, const std::filesystem::path& path, const CellColumns& columns,
                      std::array<core::Nodes, 3> nodes);

/// FileError where the header says other numbers of nodes (xmax=, ymax=, etamax=) along the first `directions` than the
/// rows make: that tells a file whose end is missing from a complete one.
void compare_with_header(const NumberRows& rows, const std::filesystem::path& path, const Map& map,
                         std::size_t directions);

/// The spacing of a map: what the file says (0: nothing) or else what is given, which must agree where both are there.
/// InputError.
double spacing_of(const std::filesystem::path& path, double in_file, double given);

}  // namespace ister::io
