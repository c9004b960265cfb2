#include "core/base/options.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/option_text.hpp"

namespace ister::core {
namespace {

std::string shown(const std::string& section, const std::string& key, const OptionValue& value) {
  return section + "." + key + " = " + value_text(value);
}

/// The value as one of the kind of `kind`: an integer may stand for a number, alone or in a list.
OptionValue of_kind(const OptionValue& value, const OptionValue& kind) {
  const bool optional = std::holds_alternative<std::optional<double>>(kind);
  if (const int* integer = std::get_if<int>(&value); integer != nullptr && !std::holds_alternative<int>(kind))
    return of_kind(static_cast<double>(*integer), kind);
  if (const double* number = std::get_if<double>(&value); number != nullptr && optional)
    return std::optional<double>(*number);
  if (const auto* list = std::get_if<std::vector<int>>(&value);
      list != nullptr && std::holds_alternative<std::vector<double>>(kind))
    return std::vector<double>(list->begin(), list->end());
  return value;
}

bool inside(const Rule& rule, double value) {
  return std::isfinite(value) && value <= rule.high && (rule.low_excluded ? value > rule.low : value >= rule.low);
}

bool is_allowed(const Rule& /*rule*/, bool /*value*/) { return true; }

bool is_allowed(const Rule& rule, int value) { return inside(rule, value); }

bool is_allowed(const Rule& rule, double value) { return inside(rule, value); }

bool is_allowed(const Rule& rule, const std::optional<double>& value) { return inside(rule, *value); }

bool is_allowed(const Rule& rule, const std::string& text) {
  const auto& choices = rule.choices;
  return choices.empty() || std::find(choices.begin(), choices.end(), text) != choices.end();
}

template <class T>
bool is_allowed(const Rule& rule, const std::vector<T>& values) {
  const int entries = static_cast<int>(values.size());
  return entries >= rule.min_entries && entries <= rule.max_entries &&
         std::all_of(values.begin(), values.end(), [&](T value) { return inside(rule, value); });
}

bool is_absent(const OptionValue& value) { return value_text(value).empty(); }

/// The value that a program gave for a key, as one of the key's kind.
OptionValue checked(const std::string& section, const Option& key, const OptionValue& given) {
  const OptionValue value = of_kind(given, key.value);
  const bool may_be_absent = is_absent(key.value) && !key.rule.required;
  const bool allowed =
      value.index() == key.value.index() &&
      (is_absent(value) ? may_be_absent : std::visit([&](const auto& v) { return is_allowed(key.rule, v); }, value));
  if (allowed) return value;
  throw InputError(shown(section, key.name, given) + ": must be " + kind_text(key.rule, key.value) +
                   unit_text(key.rule.unit, "natural"));
}

std::size_t entries_of(const OptionValue& value) {
  if (const auto* integers = std::get_if<std::vector<int>>(&value)) return integers->size();
  return std::get<std::vector<double>>(value).size();
}

std::string entries_problem(const std::string& section, const Option& key, const OptionValue& value, int dimensions) {
  const std::size_t entries = entries_of(value);
  if (entries == 0 || entries == static_cast<std::size_t>(dimensions)) return "";
  return shown(section, key.name, value) + ": must have " + std::to_string(dimensions) + " entries, as grid.points has";
}

std::string order_problem(const std::string& section, const Option& key, const OptionValues& values) {
  const double value = values.number(key.name), lower = values.number(key.lower_key);
  if (value > lower) return "";
  return shown(section, key.name, value) + ": must be above " + shown(section, key.lower_key, lower);
}

std::string number_of_problem(const std::string& section, const Choice& choice, const Option& key,
                              const OptionValues& values) {
  if ((values.number(key.name) > 0) != (values.number(key.other_key) > 0)) return "";
  return "exactly one of " + section + "." + key.other_key + " and " + section + "." + key.name +
         ", a number > 0, is required where " + section + ".type = " + quoted(choice.name);
}

}  // namespace

std::vector<Option> joined(std::initializer_list<std::vector<Option>> lists) {
  std::vector<Option> all;
  for (const auto& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

const Option* Choice::find(const std::string& key) const {
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const Option& option) { return option.name == key; });
  return found == keys.end() ? nullptr : &*found;
}

OptionValues with_defaults(const Choice& choice, const OptionValues& given) {
  OptionValues values;
  for (const Option& key : choice.keys) values[key.name] = key.value;
  for (const auto& [name, value] : given)
    if (values.has(name)) values[name] = value;
  return values;
}

std::vector<Contradiction> contradictions(const std::string& section, const Choice& choice, const OptionValues& values,
                                          int dimensions) {
  std::vector<Contradiction> found;
  const auto add = [&](const Option& key, const std::string& text) {
    if (!text.empty()) found.push_back({key.name, text});
  };
  for (const Option& key : choice.keys) {
    if (key.each_direction) add(key, entries_problem(section, key, values.at(key.name), dimensions));
    if (!key.lower_key.empty()) add(key, order_problem(section, key, values));
    if (!key.other_key.empty()) add(key, number_of_problem(section, choice, key, values));
  }
  return found;
}

OptionValues completed(const std::string& section, const Choice& choice, const OptionValues& given, int dimensions) {
  OptionValues values = with_defaults(choice, {});
  for (const auto& [name, value] : given) {
    const Option* key = choice.find(name);
    if (key == nullptr)
      throw InputError(shown(section, name, value) + ": " + section + ".type = " + quoted(choice.name) +
                       " has no such key");
    values[name] = checked(section, *key, value);
  }
  for (const Option& key : choice.keys)
    if (key.rule.required && !given.has(key.name))
      throw InputError(section + "." + key.name + " is required: " + kind_text(key.rule, key.value) +
                       unit_text(key.rule.unit, "natural"));
  for (const Contradiction& problem : contradictions(section, choice, values, dimensions))
    throw InputError(problem.text);
  return values;
}

}  // namespace ister::core
