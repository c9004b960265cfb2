#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

#include "drivers/input/schema.hpp"
#include "drivers/input/tones.hpp"
#include "physics/units.hpp"

namespace ister::drivers {
namespace {

template <class... Fs>
struct Overload : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overload(Fs...) -> Overload<Fs...>;

/// The shortest digits that read back to the same number.
std::string digits(double value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<long long>(std::llround(seconds));
  char buffer[40];
  std::snprintf(buffer, sizeof buffer, "\"%02lld:%02lld:%02lld\"", whole / 3600, whole / 60 % 60, whole % 60);
  return buffer;
}

template <class Range, class Format>
std::string joined(const Range& range, const char* separator, Format format) {
  std::string text;
  for (const auto& item : range) text += (text.empty() ? "" : separator) + format(item);
  return text;
}

template <class Range, class Format>
std::string list(const Range& range, Format format) {
  return "[" + joined(range, ", ", format) + "]";
}

std::string name_of(Unit unit, const std::string& units) {
  const auto either = [&](const std::string& natural, const std::string& gev) {
    return units == "natural" ? natural : units == "gev-fm" ? gev : natural + " or " + gev;
  };
  switch (unit) {
    case Unit::length:
      return "fm";
    case Unit::inverse_length:
      return "1/fm";
    case Unit::temperature:
      return either("1/fm", "GeV");
    case Unit::energy_density:
      return either("1/fm^4", "GeV/fm^3");
    case Unit::mev:
      return "MeV";
    case Unit::per_gev:
      return "1/GeV";
    case Unit::gev_per_fm3:
      return "GeV/fm^3";
    case Unit::seconds:
      return "s";
    case Unit::plain:
    case Unit::path:
    case Unit::clock:
      return "";
  }
  return "";
}

std::string range_text(const Key& key) {
  if (std::isfinite(key.low) && std::isfinite(key.high))
    return key.low_excluded ? " > " + digits(key.low) + " and <= " + digits(key.high)
                            : " from " + digits(key.low) + " to " + digits(key.high);
  if (std::isfinite(key.low)) return (key.low_excluded ? " > " : " >= ") + digits(key.low);
  return std::isfinite(key.high) ? " <= " + digits(key.high) : "";
}

std::string list_of(const Key& key, const std::string& what) {
  const int low = key.min_entries, high = key.max_entries;
  const std::string count = low == high ? std::to_string(low)
                            : high == std::numeric_limits<int>::max()
                                ? std::string()
                                : std::to_string(low) + " to " + std::to_string(high);
  const std::string range = range_text(key);
  return "a list of " + (count.empty() ? "" : count + " ") + what + (range.empty() ? "" : ", each" + range);
}

/// A comment, wrapped between words, indented behind the #.
std::string comment(const std::string& text, const std::string& indent) {
  constexpr std::size_t width = 110;
  std::string result, line = "#" + indent;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (line.size() + 1 + end - begin > width) {
      result += line + "\n";
      line = "#" + indent;
    }
    line += " " + text.substr(begin, end - begin);
    begin = end + 1;
  }
  return result + line + "\n";
}

}  // namespace

std::string toml_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    char escape[8];
    if (c == '"' || c == '\\') {
      result += {'\\', c};
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      std::snprintf(escape, sizeof escape, "\\u%04X", static_cast<unsigned>(c));
      result += escape;
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string toml_number(double value) {
  const std::string text = digits(value);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

double to_natural(Unit unit, const std::string& units) {
  const bool has_energy = unit == Unit::temperature || unit == Unit::energy_density;
  return has_energy && units == "gev-fm" ? 1.0 / physics::units::hbar_c_gev_fm : 1.0;
}

bool Condition::holds(const Input& input) const {
  const Key& key = *find_key(selector);
  Input copy = input;
  const Member member = key.bind(copy);
  if (texts.empty()) {
    if (auto* number = std::get_if<double*>(&member)) return **number > 0;
    return !key.value(input).empty();
  }
  const std::string value = key.value(input);
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    return value == (text.empty() ? std::string() : toml_string(text));
  });
}

std::string Condition::describe() const {
  if (texts.empty()) return selector + (find_key(selector)->is_number() ? " > 0" : " is given");
  if (texts.front().empty()) return selector + " is not given";
  return selector + " = " + joined(texts, ", ", [](const std::string& text) { return toml_string(text); });
}

bool Key::applies(const Input& input) const {
  return std::all_of(conditions.begin(), conditions.end(), [&](const Condition& c) { return c.holds(input); });
}

bool Key::is_number() const {
  Input defaults;
  return std::holds_alternative<double*>(bind(defaults));
}

bool Key::takes_text() const {
  Input defaults;
  const Member member = bind(defaults);
  return std::holds_alternative<std::string*>(member) || std::holds_alternative<Enumeration>(member) ||
         unit == Unit::clock;
}

std::string Key::allowed(const std::string& units) const {
  Input defaults;
  const std::string one_of = joined(choices, ", ", [](const std::string& text) { return toml_string(text); });
  const std::string number_text = unit == Unit::clock ? "a string \"HH:MM:SS\"" : "a number" + range_text(*this);
  const std::string text = choices.empty() ? (unit == Unit::path ? "a file name" : "a string") : "one of " + one_of;
  const std::string what = std::visit(
      Overload{
          [&](bool*) -> std::string { return "true or false"; },
          [&](int*) -> std::string { return "an integer" + range_text(*this); },
          [&](double*) { return number_text; },
          [&](std::optional<double>*) { return number_text; },
          [&](std::string*) { return text; },
          [&](Enumeration) { return text; },
          [&](std::vector<int>*) { return list_of(*this, "integers"); },
          [&](std::vector<double>*) { return list_of(*this, "numbers"); },
          [&](std::vector<std::string>*) { return "a list of " + (choices.empty() ? "strings" : one_of); },
          [&](std::vector<std::array<int, 3>>*) { return list_of(*this, "wavevectors, lists of 1 to 3 integers"); },
          [&](std::vector<solvers::DriveTone>*) { return "a list of " + tone_text_allowed(); },
          [&](PerDirection<int>) { return list_of(*this, "integers"); },
          [&](PerDirection<double>) { return list_of(*this, "numbers") + ", one per entry of grid.points"; },
      },
      bind(defaults));
  const std::string unit_text = name_of(unit, units);
  return what + (unit_text.empty() ? "" : " [" + unit_text + "]");
}

std::string Key::value(const Input& input) const {
  Input copy = input;
  const auto integer = [](int v) { return std::to_string(v); };
  const auto real = [&](double v) { return unit == Unit::clock ? clock_text(v) : toml_number(v); };
  const auto directions = [&](const auto& values) {
    using T = typename std::decay_t<decltype(values)>::value_type;
    return std::vector<T>(values.begin(), values.begin() + input.grid.dimensions);
  };
  return std::visit(
      Overload{
          [&](bool* v) -> std::string { return *v ? "true" : "false"; },
          [&](int* v) { return integer(*v); },
          [&](double* v) { return real(*v); },
          [&](std::optional<double>* v) { return *v ? real(**v) : ""; },
          [&](std::string* v) { return v->empty() ? "" : toml_string(*v); },
          [&](Enumeration v) { return toml_string(choices.at(static_cast<std::size_t>(v.get(v.member)))); },
          [&](std::vector<int>* v) { return list(*v, integer); },
          [&](std::vector<double>* v) { return v->empty() ? "" : list(*v, real); },
          [&](std::vector<std::string>* v) { return list(*v, [](const std::string& s) { return toml_string(s); }); },
          [&](std::vector<std::array<int, 3>>* v) {
            return v->empty() ? "" : list(*v, [&](const std::array<int, 3>& mode) { return list(mode, integer); });
          },
          [&](std::vector<solvers::DriveTone>* v) { return v->empty() ? "" : list(*v, tone_text); },
          [&](PerDirection<int> v) { return list(directions(*v.values), integer); },
          [&](PerDirection<double> v) { return list(directions(*v.values), real); },
      },
      bind(copy));
}

const Key* find_key(std::string_view name) {
  const auto& keys = schema();
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

std::string resolved_text(const Input& input) {
  Input natural = input;
  natural.units = "natural";
  std::string text, section;
  for (const Key& key : schema()) {
    const std::string value = key.applies(natural) ? key.value(natural) : "";
    if (value.empty()) continue;
    if (key.section() != section) text += (text.empty() ? "[" : "\n[") + (section = key.section()) + "]\n";
    text += key.name.substr(section.size() + 1) + " = " + value + "\n";
  }
  return text;
}

std::string default_input_text() {
  const Input defaults;
  std::string text =
                  "# Every key of an input file: what it means, what it may be, its default. Commented keys are "
                  "required, absent\n"
                  "# by default, or apply only under the condition named. Printed by `ister check --defaults`.\n",
              section;
  for (const Key& key : schema()) {
    if (key.section() != section) text += "\n[" + (section = key.section()) + "]\n";
    std::string rule = key.allowed("");
    if (!key.conditions.empty())
      rule += "; only where " + joined(key.conditions, " and ", [](const Condition& c) { return c.describe(); });
    text += comment(key.doc, "") + comment(rule, "  ");
    const std::string value = key.required ? "" : key.value(defaults);
    const bool active = !value.empty() && key.applies(defaults);
    text += std::string(active ? "" : "# ") + key.name.substr(section.size() + 1) + " = " +
            (key.required    ? "(required)"
             : value.empty() ? "(absent)"
                             : value) +
            "\n";
  }
  return text;
}

}  // namespace ister::drivers
