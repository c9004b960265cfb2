#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <vector>

namespace ister::io {

/// Appends the numbers of one line to `values`; how many there are. FileError, naming the file and the line, for a word
/// that is no number.
int append_numbers(const std::string& line, const std::filesystem::path& path, int number, std::vector<double>& values);

/// Rows of numbers, equally many in each, and the comments before the first one.
struct NumberRows {
  std::vector<std::string> comments;
  std::size_t columns = 0;
  std::vector<double> values;

  [[nodiscard]] std::size_t count() const { return columns == 0 ? 0 : values.size() / columns; }
  [[nodiscard]] double at(std::size_t row, std::size_t column) const { return values[row * columns + column]; }
  /// The number that follows `word` in a comment, or `fallback`.
  [[nodiscard]] double said(const std::string& word, double fallback) const;
};

/// A text of such rows; blank lines and lines that begin with '#' are skipped. FileError for what is none, and where
/// rows differ in length; InputError for numbers that are not finite.
NumberRows read_number_rows(const std::filesystem::path& path, const std::string& what);

}  // namespace ister::io
