#include "io/number_rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include "core/base/error.hpp"
#include "core/base/input_file.hpp"

namespace ister::io {
namespace {

constexpr std::size_t most_bytes = 1'000'000'000;
constexpr const char* blanks = " \t\r";

std::string place(const std::filesystem::path& path, int line) {
  return path.string() + ": line " + std::to_string(line);
}

void check_row(const std::filesystem::path& path, int line, int columns, NumberRows& rows) {
  if (rows.columns == 0) rows.columns = static_cast<std::size_t>(columns);
  if (static_cast<std::size_t>(columns) != rows.columns)
    throw FileError(place(path, line) + " has " + std::to_string(columns) + " numbers, the lines before " +
                    std::to_string(rows.columns));
  for (std::size_t i = rows.values.size() - rows.columns; i < rows.values.size(); ++i)
    if (!std::isfinite(rows.values[i]))
      throw InputError(place(path, line) + ": a number is not finite in column " +
                       std::to_string(i % rows.columns + 1));
}

}  // namespace

int append_numbers(const std::string& line, const std::filesystem::path& path, int number,
                   std::vector<double>& values) {
  int columns = 0;
  const char* next = line.c_str();
  next += std::min(line.find_first_not_of(blanks), line.size());
  for (; *next != '\0'; ++columns) {
    char* end = nullptr;
    const double value = std::strtod(next, &end);
    if (end == next || (*end != '\0' && std::strchr(blanks, *end) == nullptr)) {
      const std::string word(next, std::strcspn(next, blanks));
      throw FileError(place(path, number) + ": '" + word.substr(0, 20) + "' is not a number" + core::number_hint(word));
    }
    values.push_back(value);
    next = end + std::strspn(end, blanks);
  }
  return columns;
}

double NumberRows::said(const std::string& word, double fallback) const {
  for (const std::string& comment : comments) {
    const std::size_t at = comment.find(word);
    if (at == std::string::npos) continue;
    const char* begin = comment.c_str() + at + word.size();
    char* end = nullptr;
    const double value = std::strtod(begin, &end);
    if (end != begin && std::isfinite(value)) return value;
  }
  return fallback;
}

NumberRows read_number_rows(const std::filesystem::path& path, const std::string& what) {
  const std::string text = core::read_text(path, most_bytes, what);
  if (const std::string format = core::foreign_format(text); !format.empty())
    throw FileError(path.string() + ": not " + what + ": it is " + format);
  NumberRows rows;
  std::istringstream lines(text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    const std::size_t first = std::min(line.find_first_not_of(blanks), line.size());
    if (first == line.size()) continue;
    if (line[first] != '#')
      check_row(path, number, append_numbers(line, path, number, rows.values), rows);
    else if (rows.values.empty())
      rows.comments.push_back(line);
  }
  if (rows.values.empty()) throw FileError(path.string() + ": holds no numbers");
  return rows;
}

}  // namespace ister::io
