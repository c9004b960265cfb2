#pragma once
#include <string>
#include <vector>

namespace ister::physics {

/// A column to be read: its name in the header and what it measures.
struct Column {
  std::string name;
  int dimension;               ///< power of 1/fm
  std::string default_unit{};  ///< where the header names none; empty: powers of 1/fm
  bool required = true;
  std::string alias{};    ///< another name it may go by
  std::string such_as{};  ///< not empty: the header has to give a unit, such as this one
};

/// Rows of a text file in natural units (powers of 1/fm).
struct ColumnFile {
  std::string path;
  std::vector<std::vector<double>> columns;  ///< in the order asked for; empty where absent and not required
  std::vector<int> lines;                    ///< the line of each row, counted from 1

  /// "file:line" of a row, for messages.
  [[nodiscard]] std::string place(std::size_t row) const;
};

/// Reads numbers separated by blanks, commas, semicolons or tabs; # starts a comment. One line before the numbers names
/// the columns in any order, with or without #, each with an optional unit in brackets:
///     # e[GeV/fm^3]  p[GeV/fm^3]  s[1/fm^3]  T[GeV]
/// Lines before the rows are comments (#) or the names, nothing else. Units: 1, 1/fm, 1/fm^2, 1/fm^3, 1/fm^4 (or fm^-1
/// ...), MeV, GeV, MeV/fm^3, GeV/fm^3. Columns not asked for are ignored. With `header_optional` a file of exactly the
/// required columns, in their order, needs no such line. Throws FileError on a file that cannot be read, InputError
/// (file, line, value) on one that says something else.
[[nodiscard]] ColumnFile read_columns(const std::string& path, const std::vector<Column>& wanted,
                                      bool header_optional = false);

/// Throw InputError naming the row, unless the column increases strictly over at least `least` rows; is positive.
void require_increasing(const ColumnFile& file, std::size_t column, const std::string& name, std::size_t least);
void require_positive(const ColumnFile& file, std::size_t column, const std::string& name);

}  // namespace ister::physics
