#include "physics/column_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <sstream>

#include "core/base/error.hpp"
#include "core/base/input_file.hpp"
#include "physics/units.hpp"

namespace ister::physics {

namespace {

struct Unit {
  double factor;  ///< to powers of 1/fm
  int dimension;
};

const std::map<std::string, Unit>& known_units() {
  using units::hbar_c_gev_fm;
  static const std::map<std::string, Unit> table{
      {"1", {1.0, 0}},
      {"1/fm", {1.0, 1}},
      {"fm^-1", {1.0, 1}},
      {"1/fm^2", {1.0, 2}},
      {"fm^-2", {1.0, 2}},
      {"1/fm^3", {1.0, 3}},
      {"fm^-3", {1.0, 3}},
      {"1/fm^4", {1.0, 4}},
      {"fm^-4", {1.0, 4}},
      {"GeV", {1.0 / hbar_c_gev_fm, 1}},
      {"MeV", {1e-3 / hbar_c_gev_fm, 1}},
      {"GeV/fm^3", {1.0 / hbar_c_gev_fm, 4}},
      {"MeV/fm^3", {1e-3 / hbar_c_gev_fm, 4}},
  };
  return table;
}

std::vector<std::string> split(const std::string& text) {
  constexpr const char* separators = " \t\r,;";
  std::vector<std::string> words;
  std::size_t end = 0;
  for (;;) {
    const std::size_t begin = text.find_first_not_of(separators, end);
    if (begin == std::string::npos) return words;
    end = std::min(text.find_first_of(separators, begin), text.size());
    words.push_back(text.substr(begin, end - begin));
  }
}

std::optional<double> to_number(const std::string& word) {
  const char* first = word.data() + (word[0] == '+' ? 1 : 0);
  const char* last = word.data() + word.size();
  double value = 0.0;
  const auto [end, error] = std::from_chars(first, last, value);
  if (error != std::errc{} || end != last) return std::nullopt;
  return value;
}

/// A name with its unit; "e [GeV/fm^3]" and "e[GeV/fm^3]" alike.
struct Heading {
  std::string name, unit;
};

std::vector<Heading> headings(std::string line) {
  for (std::size_t i = line.find('['); i != std::string::npos; i = line.find('[', i + 1)) {
    while (i > 0 && line[i - 1] == ' ') line.erase(--i, 1);
  }
  std::vector<Heading> result;
  for (const std::string& word : split(line)) {
    const std::size_t open = word.find('[');
    if (open == std::string::npos) {
      result.push_back({word, ""});
    } else {
      result.push_back({word.substr(0, open), word.substr(open + 1, word.find(']', open) - open - 1)});
    }
  }
  return result;
}

/// Where the wanted columns stand in the file, and the factors to natural units.
struct Layout {
  std::size_t width = 0;
  std::vector<int> position;  ///< -1: absent
  std::vector<double> factor;
};

std::vector<std::string> units_of(int dimension) {
  std::vector<std::string> names;
  for (const auto& [name, unit] : known_units()) {
    if (unit.dimension == dimension) names.push_back(name);
  }
  return names;
}

/// A header that names the required columns, with units where they have to be given.
std::string example_of(const std::vector<Column>& wanted) {
  std::string names;
  for (const Column& column : wanted) {
    if (!column.required && column.such_as.empty()) continue;
    names += (names.empty() ? "" : " ") + column.name;
    if (!column.such_as.empty()) names += "[" + column.such_as + "]";
  }
  return names;
}

/// The layout that a line of names describes, if it names every required column.
std::optional<Layout> layout_of(const std::vector<Heading>& names, const std::vector<Column>& wanted,
                                const std::string& place) {
  Layout layout;
  layout.width = names.size();
  for (const Column& column : wanted) {
    int position = -1;
    for (std::size_t i = 0; i < names.size(); ++i) {
      const std::string& name = names[i].name;
      if (name == column.name || (!name.empty() && name == column.alias)) position = static_cast<int>(i);
    }
    if (position < 0 && column.required) return std::nullopt;
    layout.position.push_back(position);
  }
  const bool natural = std::any_of(names.begin(), names.end(), [](const Heading& heading) {
    return heading.name == "beta_pi";  // a table of coefficients, which is in natural units throughout
  });
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const int position = layout.position[i];
    std::string unit = position < 0 ? "" : names[position].unit;
    if (unit.empty()) unit = wanted[i].default_unit;
    if (unit.empty() && position >= 0 && !wanted[i].such_as.empty() && !natural)
      throw InputError(fmt::format("{}: column {} has no unit; units are required, such as '# {}'", place,
                                   wanted[i].name, example_of(wanted)));
    if (unit.empty()) {
      layout.factor.push_back(1.0);
      continue;
    }
    const auto known = known_units().find(unit);
    if (known == known_units().end() || known->second.dimension != wanted[i].dimension) {
      throw InputError(fmt::format("{}: column {} has the unit [{}]; allowed: {}", place, wanted[i].name, unit,
                                   fmt::join(units_of(wanted[i].dimension), ", ")));
    }
    layout.factor.push_back(known->second.factor);
  }
  return layout;
}

/// The required columns in their order, as a file without a header has them.
std::optional<Layout> standard_layout(const std::vector<Column>& wanted, const std::string& place) {
  std::vector<Heading> standard;
  for (const Column& column : wanted) {
    if (column.required) standard.push_back({column.name, ""});
  }
  return layout_of(standard, wanted, place);
}

void append_row(ColumnFile& file, const std::vector<std::string>& words, const Layout& layout,
                const std::vector<Column>& wanted, const std::string& place) {
  if (words.size() != layout.width)
    throw InputError(fmt::format("{}: {} values where the header names {} columns", place, words.size(), layout.width));
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (layout.position[i] < 0) continue;
    const std::string& word = words[layout.position[i]];
    const std::optional<double> value = to_number(word);
    if (!value || !std::isfinite(*value)) {
      throw InputError(fmt::format("{}: {} = '{}' is not a finite number{}", place, wanted[i].name,
                                   core::printable(word, 40), core::number_hint(word)));
    }
    file.columns[i].push_back(*value * layout.factor[i]);
  }
}

}  // namespace

std::string ColumnFile::place(std::size_t row) const { return fmt::format("{}:{}", path, lines[row]); }

ColumnFile read_columns(const std::string& path, const std::vector<Column>& wanted, bool header_optional) {
  constexpr std::size_t most_bytes = 200'000'000;
  const std::string text = core::read_text(path, most_bytes, "a table");
  if (const std::string format = core::foreign_format(text); !format.empty())
    throw InputError(fmt::format("{}: not a table: it is {}", path, format));
  ColumnFile file{path, std::vector<std::vector<double>>(wanted.size()), {}};
  std::optional<Layout> layout;
  std::istringstream stream(text);
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    const std::string place = fmt::format("{}:{}", path, number);
    const std::size_t hash = line.find('#');
    const std::vector<std::string> words = split(line.substr(0, hash));
    const bool comment = words.empty();
    if (comment || !to_number(words[0])) {
      if (file.lines.empty()) {
        if (auto found = layout_of(headings(comment && hash != std::string::npos ? line.substr(hash + 1) : line),
                                   wanted, place)) {
          layout = found;
          continue;
        }
      }
      // A comment that gives a unit means to name the columns: passing over it would read wrong units.
      if (comment && (layout || line.find('[') == std::string::npos)) continue;
      throw InputError(layout ? fmt::format("{}: '{}' is not a number{}", place, words[0], core::number_hint(words[0]))
                              : fmt::format("{}: '{}' does not name the columns {}", place, core::printable(line, 80),
                                            example_of(wanted)));
    }
    if (!layout && !header_optional)
      throw InputError(
          fmt::format("{}: numbers before a line that names the columns, such as '# {}'", place, example_of(wanted)));
    if (!layout) layout = standard_layout(wanted, place);
    append_row(file, words, *layout, wanted, place);
    file.lines.push_back(number);
  }
  if (file.lines.empty()) throw InputError(fmt::format("{}: holds no rows of numbers", path));
  return file;
}

void require_increasing(const ColumnFile& file, std::size_t column, const std::string& name, std::size_t least) {
  const std::vector<double>& values = file.columns[column];
  if (values.size() < least) {
    throw InputError(fmt::format("{}: {} rows; at least {} are needed", file.path, values.size(), least));
  }
  for (std::size_t row = 1; row < values.size(); ++row) {
    if (values[row] <= values[row - 1]) {
      throw InputError(fmt::format("{}: {} must increase from row to row", file.place(row), name));
    }
  }
}

void require_positive(const ColumnFile& file, std::size_t column, const std::string& name) {
  const std::vector<double>& values = file.columns[column];
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (values[row] <= 0.0) throw InputError(fmt::format("{}: {} must be positive", file.place(row), name));
  }
}

}  // namespace ister::physics
