#include "core/base/option_text.hpp"

#include <charconv>
#include <cmath>
#include <cstdio>

namespace ister::core {
namespace {

template <class... Fs>
struct Overload : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overload(Fs...) -> Overload<Fs...>;

std::string digits(double value) {
  char buffer[32];
  return {buffer, std::to_chars(buffer, buffer + sizeof buffer, value).ptr};
}

template <class Range, class Format>
std::string joined(const Range& range, Format format) {
  std::string text;
  for (const auto& item : range) text += (text.empty() ? "" : ", ") + format(item);
  return text;
}

std::string range_text(const Rule& rule) {
  if (std::isfinite(rule.low) && std::isfinite(rule.high))
    return rule.low_excluded ? " > " + digits(rule.low) + " and <= " + digits(rule.high)
                             : " from " + digits(rule.low) + " to " + digits(rule.high);
  if (std::isfinite(rule.low)) return (rule.low_excluded ? " > " : " >= ") + digits(rule.low);
  return std::isfinite(rule.high) ? " <= " + digits(rule.high) : "";
}

std::string list_of(const Rule& rule, const std::string& what) {
  const int low = rule.min_entries, high = rule.max_entries;
  const std::string count = low == high ? std::to_string(low) + " "
                            : high == std::numeric_limits<int>::max()
                                ? std::string()
                                : std::to_string(low) + " to " + std::to_string(high) + " ";
  const std::string range = range_text(rule);
  return "a list of " + count + what + (range.empty() ? "" : ", each" + range);
}

std::string name_of(Unit unit, const std::string& system) {
  const auto either = [&](const std::string& natural, const std::string& gev) {
    return system == "natural" ? natural : system == "gev-fm" ? gev : natural + " or " + gev;
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
    case Unit::gev:
      return "GeV";
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

}  // namespace

std::string number_text(double value) {
  const std::string text = digits(value);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

std::string quoted(std::string_view text) {
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

std::string list_text(const std::vector<int>& values) {
  return "[" + joined(values, [](int value) { return std::to_string(value); }) + "]";
}

std::string list_text(const std::vector<double>& values) { return "[" + joined(values, number_text) + "]"; }

std::string value_text(const OptionValue& value) {
  return std::visit(Overload{
                        [](bool v) -> std::string { return v ? "true" : "false"; },
                        [](int v) { return std::to_string(v); },
                        [](double v) { return number_text(v); },
                        [](const std::optional<double>& v) { return v ? number_text(*v) : ""; },
                        [](const std::string& v) { return v.empty() ? "" : quoted(v); },
                        [](const auto& v) { return v.empty() ? "" : list_text(v); },
                    },
                    value);
}

std::string quoted_list(const std::vector<std::string>& texts) { return joined(texts, quoted); }

std::string kind_text(const Rule& rule, const OptionValue& kind) {
  const std::string text = rule.unit == Unit::path ? "a file name" : "a string";
  const std::string number = rule.unit == Unit::clock ? "a string \"HH:MM:SS\"" : "a number" + range_text(rule);
  return std::visit(
      Overload{
          [](bool) -> std::string { return "true or false"; },
          [&](int) { return "an integer" + range_text(rule); },
          [&](double) { return number; },
          [&](const std::optional<double>&) { return number; },
          [&](const std::string&) { return rule.choices.empty() ? text : "one of " + quoted_list(rule.choices); },
          [&](const std::vector<int>&) { return list_of(rule, "integers"); },
          [&](const std::vector<double>&) { return list_of(rule, "numbers"); },
      },
      kind);
}

std::string unit_text(Unit unit, const std::string& system) {
  const std::string name = name_of(unit, system);
  return name.empty() ? "" : " [" + name + "]";
}

}  // namespace ister::core
