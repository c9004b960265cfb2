#include <algorithm>
#include <cmath>
#include <cstdio>

#include "core/base/option_text.hpp"
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

/// Empty where there is nothing in it.
template <class Range, class Format>
std::string list(const Range& range, Format format) {
  return range.empty() ? "" : "[" + joined(range, ", ", format) + "]";
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
    return !key.value(input).empty() || (!alternative.empty() && !find_key(alternative)->value(input).empty());
  }
  const std::string value = key.value(input);
  return std::any_of(texts.begin(), texts.end(), [&](const std::string& text) {
    return value == (text.empty() ? std::string() : core::quoted(text));
  });
}

std::string Condition::describe() const {
  if (!alternative.empty()) return selector + " or " + alternative + " is given";
  if (texts.empty()) return selector + (find_key(selector)->is_number() ? " > 0" : " is given");
  if (texts.front().empty()) return selector + " is not given";
  return selector + " = " + core::quoted_list(texts);
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
  const std::string text = core::kind_text(*this, std::string());
  const std::string what = std::visit(
      Overload{
          [&](std::vector<std::string>*) {
            return "a list of " + (choices.empty() ? "strings" : core::quoted_list(choices));
          },
          [&](std::optional<double>* value) {
            return core::kind_text(*this, *value) + (choices.empty() ? "" : " or " + core::quoted_list(choices));
          },
          [&](std::vector<std::array<int, 3>>*) {
            return "a list of at most " + std::to_string(max_entries) + " wavevectors, each 1 to 3 integers";
          },
          [&](std::vector<solvers::DriveTone>*) { return "a list of " + tone_text_allowed(); },
          [&](Enumeration) { return text; },
          [&](PerDirection<int>) { return core::kind_text(*this, std::vector<int>()); },
          [&](PerDirection<double>) {
            return core::kind_text(*this, std::vector<double>()) + ", one per entry of grid.points";
          },
          [&](auto* value) { return core::kind_text(*this, *value); },
      },
      bind(defaults));
  return what + core::unit_text(unit, units);
}

std::string Key::value(const Input& input) const {
  Input copy = input;
  const auto directions = [&](const auto& values) {
    using T = typename std::decay_t<decltype(values)>::value_type;
    return core::list_text(std::vector<T>(values.begin(), values.begin() + input.grid.dimensions));
  };
  const auto real = [&](double v) { return unit == Unit::clock ? clock_text(v) : core::number_text(v); };
  return std::visit(
      Overload{
          [&](double* v) { return real(*v); },
          [&](std::optional<double>* v) { return *v ? real(**v) : ""; },
          [&](std::vector<std::string>* v) { return "[" + core::quoted_list(*v) + "]"; },
          [&](std::vector<double>* v) { return v->empty() ? "" : core::list_text(*v); },
          [&](std::vector<std::array<int, 3>>* v) {
            return list(*v, [](const std::array<int, 3>& mode) {
              return core::list_text(std::vector<int>(mode.begin(), mode.end()));
            });
          },
          [&](std::vector<solvers::DriveTone>* v) { return list(*v, tone_text); },
          [&](Enumeration v) { return core::quoted(choices.at(static_cast<std::size_t>(v.get(v.member)))); },
          [&](PerDirection<int> v) { return directions(*v.values); },
          [&](PerDirection<double> v) { return directions(*v.values); },
          [&](auto* v) { return core::value_text(*v); },
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
