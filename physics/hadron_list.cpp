#include "physics/hadron_list.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <sstream>

#include "core/base/error.hpp"
#include "core/base/input_file.hpp"
#include "physics/shipped_hadrons.hpp"

namespace ister::physics {
namespace {

enum Column { name, mass, width, degeneracy, statistics, baryon_number, strangeness, electric_charge };
constexpr std::array<const char*, 8> column_names{"name",       "mass_GeV", "width_GeV", "degeneracy",
                                                  "statistics", "B",        "S",         "Q"};

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
using Layout = std::array<std::size_t, column_names.size()>;

Layout layout_of(const std::vector<std::string>& names, const std::string& place) {
  const std::string expected = fmt::format("expected: {}", fmt::join(column_names, ","));
  for (const std::string& found : names)
    if (std::find(column_names.begin(), column_names.end(), found) == column_names.end())
      throw InputError(fmt::format("{}: unknown column '{}'; {}", place, core::printable(found, 40), expected));
  Layout layout{};
  for (std::size_t column = 0; column < column_names.size(); ++column) {
    const auto count = std::count(names.begin(), names.end(), column_names[column]);
    if (count != 1)
      throw InputError(fmt::format("{}: column {} is {}; {}", place, column_names[column],
                                   count == 0 ? "missing" : "there twice", expected));
    layout[column] = std::find(names.begin(), names.end(), column_names[column]) - names.begin();
  }
  return layout;
}

/// The words of a row by column.
class Row {
 public:
  Row(const std::vector<std::string>& words, const Layout& layout, std::string place)
      : m_words(words), m_layout(layout), m_place(std::move(place)) {
    if (words.size() != column_names.size())
      fail(fmt::format("{} values where the header names {} columns", words.size(), column_names.size()));
  }

  [[nodiscard]] const std::string& word(Column column) const { return m_words[m_layout[column]]; }

  [[nodiscard]] double number(Column column, double low, double high) const {
    const std::string& text = word(column);
    const char* first = text.data() + (text.rfind('+', 0) == 0 ? 1 : 0);
    const char* last = text.data() + text.size();
    double value = 0.0;
    const auto [end, error] = std::from_chars(first, last, value);
    if (error != std::errc{} || end != last || !std::isfinite(value))
      fail(fmt::format("{} = '{}' is not a finite number{}", column_names[column], core::printable(text, 40),
                       core::number_hint(text)));
    if (value < low || value > high)
      fail(fmt::format("{} = {:g}: must lie between {:g} and {:g}", column_names[column], value, low, high));
    return value;
  }

  [[nodiscard]] int integer(Column column, int low, int high) const {
    const double value = number(column, low, high);
    if (value != std::floor(value)) fail(fmt::format("{} = {:g}: must be whole", column_names[column], value));
    return static_cast<int>(value);
  }

  [[noreturn]] void fail(const std::string& text) const { throw InputError(m_place + ": " + text); }

 private:
  const std::vector<std::string>& m_words;
  const Layout& m_layout;
  std::string m_place;
};

/// Half-integer spin goes with odd baryon number, even 2J + 1 and Fermi statistics.
void require_spin_and_statistics(const Hadron& hadron, const Row& row) {
  const bool fermion = hadron.baryon_number % 2 != 0;
  if (hadron.statistics == (fermion ? -1 : 1))
    row.fail(fmt::format("{} has B = {} and statistics = {}: {} (or 0, Boltzmann) goes with {} baryon number",
                         hadron.name, hadron.baryon_number, hadron.statistics, fermion ? "1, Fermi," : "-1, Bose,",
                         fermion ? "odd" : "even"));
  if (fermion && hadron.degeneracy % 2 != 0)
    row.fail(fmt::format("{} has B = {} and degeneracy = {}: 2J + 1 is even where the baryon number is odd",
                         hadron.name, hadron.baryon_number, hadron.degeneracy));
}

Hadron hadron_of(const Row& row) {
  constexpr double least_mass = 0.01, largest = 1e3;
  constexpr int most = 1000;
  if (row.word(name).empty()) row.fail("a hadron without name");
  const Hadron hadron{core::printable(row.word(name), 80),   row.number(mass, least_mass, largest),
                      row.number(width, 0.0, largest),       row.integer(degeneracy, 1, most),
                      row.integer(statistics, -1, 1),        row.integer(baryon_number, -most, most),
                      row.integer(strangeness, -most, most), row.integer(electric_charge, -most, most)};
  require_spin_and_statistics(hadron, row);
  return hadron;
}

std::vector<Hadron> parse(const std::string& text, const std::string& path) {
  std::vector<Hadron> hadrons;
  std::set<std::string> names;
  Layout layout{};
  bool headed = false;
  std::istringstream stream(text);
  std::string line;
  for (int number = 1; std::getline(stream, line); ++number) {
    const std::string content = trimmed(line.substr(0, line.find('#')));
    if (content.empty()) continue;
    const std::string place = fmt::format("{}:{}", path, number);
    const std::vector<std::string> words = split(content);
    if (!headed) {
      layout = layout_of(words, place);
      headed = true;
      continue;
    }
    hadrons.push_back(hadron_of(Row(words, layout, place)));
    if (!names.insert(hadrons.back().name).second)
      throw InputError(fmt::format("{}: {} is in the list already", place, hadrons.back().name));
  }
  if (hadrons.empty()) throw InputError(fmt::format("{}: holds no hadrons", path));
  return hadrons;
}

}  // namespace

std::vector<Hadron> read_hadrons(const std::string& path) {
  constexpr std::size_t most_bytes = 10'000'000;
  const std::string text = core::read_text(path, most_bytes, "a list of hadrons");
  if (const std::string format = core::foreign_format(text); !format.empty())
    throw InputError(fmt::format("{}: not a list of hadrons: it is {}", path, format));
  return parse(text, path);
}

std::vector<Hadron> shipped_hadrons() { return parse(shipped_hadrons_text(), "hadrons.csv"); }

}  // namespace ister::physics
