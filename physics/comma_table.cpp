#include "physics/comma_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>
#include <utility>

#include "core/base/error.hpp"
#include "core/base/input_file.hpp"

namespace ister::physics {
namespace {

std::string trimmed(const std::string& text) {
  constexpr const char* blanks = " \t\r";
  const std::size_t begin = text.find_first_not_of(blanks);
  return begin == std::string::npos ? "" : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> words;
  std::istringstream stream(line + ',');
  for (std::string word; std::getline(stream, word, ',');) words.push_back(trimmed(word));
  return words;
}

/// For each column its position in the rows.
std::vector<std::size_t> layout_of(const std::vector<std::string>& names, const std::vector<std::string>& columns,
                                   const std::string& place) {
  const std::string expected = fmt::format("expected: {}", fmt::join(columns, ","));
  for (const std::string& found : names)
    if (std::find(columns.begin(), columns.end(), found) == columns.end())
      throw InputError(fmt::format("{}: unknown column '{}'; {}", place, core::printable(found, 40), expected));
  std::vector<std::size_t> layout;
  for (const std::string& column : columns) {
    const auto count = std::count(names.begin(), names.end(), column);
    if (count != 1)
      throw InputError(
          fmt::format("{}: column {} is {}; {}", place, column, count == 0 ? "missing" : "there twice", expected));
    layout.push_back(static_cast<std::size_t>(std::find(names.begin(), names.end(), column) - names.begin()));
  }
  return layout;
}

CommaRow row_of(const std::vector<std::string>& words, const std::vector<std::size_t>& layout,
                const std::vector<std::string>& columns, const std::string& place) {
  if (words.size() != columns.size())
    throw InputError(
        fmt::format("{}: {} values where the header names {} columns", place, words.size(), columns.size()));
  std::vector<std::string> ordered;
  for (const std::size_t position : layout) ordered.push_back(words[position]);
  return {std::move(ordered), columns, place};
}

}  // namespace

CommaRow::CommaRow(std::vector<std::string> words, std::vector<std::string> columns, std::string place)
    : m_words(std::move(words)), m_columns(std::move(columns)), m_place(std::move(place)) {}

double CommaRow::number(std::size_t column, double low, double high) const {
  const std::string& text = word(column);
  const char* first = text.data() + (text.rfind('+', 0) == 0 ? 1 : 0);
  const char* last = text.data() + text.size();
  double value = 0.0;
  const auto [end, error] = std::from_chars(first, last, value);
  if (error != std::errc{} || end != last || !std::isfinite(value))
    fail(fmt::format("{} = '{}' is not a finite number{}", m_columns[column], core::printable(text, 40),
                     core::number_hint(text)));
  if (value < low || value > high)
    fail(fmt::format("{} = {:g}: must lie between {:g} and {:g}", m_columns[column], value, low, high));
  return value;
}

int CommaRow::integer(std::size_t column, int low, int high) const {
  const double value = number(column, low, high);
  if (value != std::floor(value)) fail(fmt::format("{} = {:g}: must be whole", m_columns[column], value));
  return static_cast<int>(value);
}

void CommaRow::fail(const std::string& text) const { throw InputError(m_place + ": " + text); }

std::vector<CommaRow> comma_rows(const std::string& text, const std::string& path,
                                 const std::vector<std::string>& columns, const std::string& what) {
  if (const std::string format = core::foreign_format(text); !format.empty())
    throw InputError(fmt::format("{}: not {}: it is {}", path, what, format));
  std::vector<CommaRow> rows;
  std::vector<std::size_t> layout;
  std::istringstream stream(text);
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    const std::string content = trimmed(line.substr(0, line.find('#')));
    if (content.empty()) continue;
    const std::string place = fmt::format("{}:{}", path, number);
    const std::vector<std::string> words = split(content);
    if (layout.empty())
      layout = layout_of(words, columns, place);
    else
      rows.push_back(row_of(words, layout, columns, place));
  }
  return rows;
}

std::vector<CommaRow> read_comma_rows(const std::string& path, const std::vector<std::string>& columns,
                                      const std::string& what) {
  constexpr std::size_t most_bytes = 10'000'000;
  return comma_rows(core::read_text(path, most_bytes, what), path, columns, what);
}

}  // namespace ister::physics
