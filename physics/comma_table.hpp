#pragma once
#include <cstddef>
#include <string>
#include <vector>

namespace ister::physics {

/// A row of a text with commas, its words in the order in which the columns were asked for.
class CommaRow {
 public:
  CommaRow(std::vector<std::string> words, std::vector<std::string> columns, std::string place);

  [[nodiscard]] const std::string& word(std::size_t column) const { return m_words[column]; }
  /// InputError (file, line, column, value) unless the word is a finite number, or an integer, of that range.
  [[nodiscard]] double number(std::size_t column, double low, double high) const;
  [[nodiscard]] int integer(std::size_t column, int low, int high) const;
  /// Throws InputError of that text behind "file:line: ".
  [[noreturn]] void fail(const std::string& text) const;

 private:
  std::vector<std::string> m_words, m_columns;
  std::string m_place;
};

/// Rows of a text with commas. # starts a comment; the first line that is none names the columns, all of them, in any
/// order. Throws InputError (file, line) on an unknown, missing or repeated column, on a row of another length, and on
/// text that is another kind of file: no `what`, such as "a list of hadrons". `path` stands in messages.
[[nodiscard]] std::vector<CommaRow> comma_rows(const std::string& text, const std::string& path,
                                               const std::vector<std::string>& columns, const std::string& what);

/// The same of a file; FileError where it cannot be read.
[[nodiscard]] std::vector<CommaRow> read_comma_rows(const std::string& path, const std::vector<std::string>& columns,
                                                    const std::string& what);

}  // namespace ister::physics
