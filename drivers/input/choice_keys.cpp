#include "drivers/input/choice_keys.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "core/base/option_text.hpp"
#include "drivers/initial/initial_types.hpp"
#include "physics/eos_type.hpp"

namespace ister::drivers {
namespace {

template <class T>
std::vector<const core::Choice*> pointers_to(const std::vector<T>& choices) {
  std::vector<const core::Choice*> pointers;
  for (const T& choice : choices) pointers.push_back(&choice);
  return pointers;
}

/// A key of one choice.
struct Declared {
  const core::Choice* choice;
  const core::Option* option;
};
/// All choices that have a key of one name.
using Declarations = std::vector<Declared>;

std::vector<Declarations> by_name(const ChoiceSection& section) {
  std::vector<Declarations> keys;
  for (const core::Choice* choice : section.choices)
    for (const core::Option& option : choice->keys) {
      auto same = std::find_if(keys.begin(), keys.end(),
                               [&](const Declarations& d) { return d.front().option->name == option.name; });
      if (same == keys.end()) same = keys.insert(keys.end(), Declarations());
      same->push_back({choice, &option});
    }
  return keys;
}

bool same_rule(const core::Option& a, const core::Option& b) {
  const auto parts = [](const core::Option& o) {
    return std::tie(o.rule.unit, o.rule.low, o.rule.high, o.rule.low_excluded, o.rule.min_entries, o.rule.max_entries,
                    o.rule.choices, o.rule.required);
  };
  return a.value.index() == b.value.index() && parts(a) == parts(b);
}

void require_same_rules(const std::string& section, const Declarations& key) {
  for (const Declared& other : key)
    if (!same_rule(*key.front().option, *other.option))
      throw Error(ExitCode::internal, "internal error: " + section + "." + other.option->name + " is one thing for " +
                                          key.front().choice->name + " and another for " + other.choice->name);
}

/// What is said of a key, with the names of the choices it is said for; first things first.
using Said = std::vector<std::pair<std::string, std::vector<std::string>>>;

template <class Text>
Said group_by(const Declarations& key, const Text& text) {
  Said groups;
  for (const Declared& d : key) {
    const std::string said = text(*d.option);
    auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& group) { return group.first == said; });
    if (same == groups.end()) same = groups.insert(groups.end(), {said, {}});
    same->second.push_back(d.choice->name);
  }
  return groups;
}

/// What a key means, by choice where it means several things, and where its default is not the first one's.
std::string doc_of(const std::string& section, const Declarations& key) {
  const Said meanings = group_by(key, [](const core::Option& option) { return option.rule.doc; });
  std::string doc;
  for (const auto& [meaning, names] : meanings) {
    std::string those;
    for (const std::string& name : names) those += (those.empty() ? "" : ", ") + name;
    doc += (doc.empty() ? "" : ", ") + meaning + (meanings.size() > 1 ? " (" + those + ")" : "");
  }
  const Said defaults = group_by(key, [](const core::Option& option) { return core::value_text(option.value); });
  for (std::size_t i = 1; i < defaults.size(); ++i)
    doc +=
        "; " + defaults[i].first + " where absent and " + section + ".type = " + core::quoted_list(defaults[i].second);
  return doc;
}

/// The default of the choice that an input names, or of the first one that has the key.
const core::OptionValue& default_in(const Declarations& key, const std::string& type) {
  const auto named = std::find_if(key.begin(), key.end(), [&](const Declared& d) { return d.choice->name == type; });
  return (named == key.end() ? key.front() : *named).option->value;
}

std::function<Member(Input&)> binding(const ChoiceSection& section, const Declarations& key) {
  return [key, type = section.type, values = section.values](Input& input) -> Member {
    const std::string& name = key.front().option->name;
    core::OptionValues& given = values(input);
    if (!given.has(name)) given[name] = default_in(key, type(input));
    return std::visit([](auto& value) -> Member { return &value; }, given[name]);
  };
}

Entry entry_of(const ChoiceSection& section, const Declarations& key) {
  require_same_rules(section.name, key);
  const core::Option& first = *key.front().option;
  Entry entry(section.name + "." + first.name, binding(section, key), "");
  static_cast<core::Rule&>(entry.key) = first.rule;
  entry.key.doc = doc_of(section.name, key);
  std::vector<std::string> names;
  for (const Declared& d : key) names.push_back(d.choice->name);
  return std::move(entry).when(section.name + ".type", names);
}

}  // namespace

const std::vector<ChoiceSection>& choice_sections() {
  static const std::vector<ChoiceSection> sections{
      {"eos", pointers_to(physics::eos_types()), [](Input& in) -> std::string& { return in.solver.eos.type; },
       [](Input& in) -> core::OptionValues& { return in.solver.eos.values; }},
      {"initial", pointers_to(initial_types()), [](Input& in) -> std::string& { return in.initial.type; },
       [](Input& in) -> core::OptionValues& { return in.initial.values; }},
  };
  return sections;
}

const ChoiceSection& choice_section(const std::string& name) {
  const auto& sections = choice_sections();
  return *std::find_if(sections.begin(), sections.end(), [&](const ChoiceSection& s) { return s.name == name; });
}

Entry type_key(const ChoiceSection& section, std::string doc) {
  std::vector<std::string> names;
  for (const core::Choice* choice : section.choices) names.push_back(choice->name);
  const auto bind = [type = section.type](Input& input) -> Member { return &type(input); };
  return Entry(section.name + ".type", bind, std::move(doc)).choices(std::move(names));
}

std::vector<Entry> choice_keys(const ChoiceSection& section) {
  std::vector<Entry> entries;
  for (const Declarations& key : by_name(section)) entries.push_back(entry_of(section, key));
  return entries;
}

std::vector<std::vector<std::string>> exclusive_choice_keys() {
  std::vector<std::vector<std::string>> groups;
  for (const ChoiceSection& section : choice_sections())
    for (const Declarations& key : by_name(section))
      if (const std::string& other = key.front().option->other_key; !other.empty())
        groups.push_back({section.name + "." + other, section.name + "." + key.front().option->name});
  return groups;
}

bool is_foreign_type(const std::string& initial_type) {
  const auto& types = initial_types();
  return std::any_of(types.begin(), types.end(),
                     [&](const auto& type) { return type.foreign && type.name == initial_type; });
}

const core::Choice* chosen(const ChoiceSection& section, const Input& input) {
  Input copy = input;
  const std::string& type = section.type(copy);
  const auto found = std::find_if(section.choices.begin(), section.choices.end(),
                                  [&](const core::Choice* choice) { return choice->name == type; });
  return found == section.choices.end() ? nullptr : *found;
}

void complete_choices(Input& input) {
  for (const ChoiceSection& section : choice_sections()) {
    const core::Choice* choice = chosen(section, input);
    ISTER_REQUIRE(choice != nullptr);
    section.values(input) = core::with_defaults(*choice, section.values(input));
  }
}

}  // namespace ister::drivers
