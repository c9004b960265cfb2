#pragma once
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/base/error.hpp"
#include "core/base/rule.hpp"

/// Choices by name that bring keys of their own, such as an equation of state or an initial state, as plain data. Who
/// reads values from a user and who is handed them by a program go by the same declarations.
namespace ister::core {

/// The value of a key; an empty optional, text or list: absent.
using OptionValue =
    std::variant<bool, int, double, std::optional<double>, std::string, std::vector<int>, std::vector<double>>;

/// The values of a choice's keys, by their names.
class OptionValues {
 public:
  OptionValues() = default;
  OptionValues(std::initializer_list<std::pair<const std::string, OptionValue>> values) : m_values(values) {}

  OptionValue& operator[](const std::string& key) { return m_values[key]; }
  [[nodiscard]] const OptionValue& at(const std::string& key) const { return m_values.at(key); }
  [[nodiscard]] bool has(const std::string& key) const { return m_values.count(key) > 0; }
  [[nodiscard]] auto begin() const { return m_values.begin(); }
  [[nodiscard]] auto end() const { return m_values.end(); }

  // What a key holds. That there is such a key, and of this kind, is for its choice to know: an internal error if not.
  [[nodiscard]] bool flag(const std::string& key) const { return get<bool>(key); }
  [[nodiscard]] int integer(const std::string& key) const { return get<int>(key); }
  [[nodiscard]] double number(const std::string& key) const { return get<double>(key); }
  [[nodiscard]] std::optional<double> number_if_given(const std::string& key) const {
    return get<std::optional<double>>(key);
  }
  [[nodiscard]] const std::string& text(const std::string& key) const { return get<std::string>(key); }
  [[nodiscard]] const std::vector<int>& integers(const std::string& key) const { return get<std::vector<int>>(key); }
  [[nodiscard]] const std::vector<double>& numbers(const std::string& key) const {
    return get<std::vector<double>>(key);
  }

 private:
  template <class T>
  const T& get(const std::string& key) const {
    const auto found = m_values.find(key);
    const T* value = found == m_values.end() ? nullptr : std::get_if<T>(&found->second);
    if (value == nullptr) throw Error(ExitCode::internal, "internal error: no key " + key + " of the kind asked for");
    return *value;
  }

  std::map<std::string, OptionValue> m_values;
};

/// A key of a choice.
struct Option : RuleWriter<Option> {
  std::string name;
  OptionValue value;  ///< its default, whose type is the type of the key
  Rule rule;
  bool each_direction = false;  ///< a list with one entry for each resolved direction, where it is given
  std::string lower_key;        ///< the key whose value it must be above
  std::string other_key;        ///< the key in whose place it may be given: exactly one of the two is positive

  Option(std::string key, OptionValue fallback, std::string doc) : name(std::move(key)), value(std::move(fallback)) {
    rule.doc = std::move(doc);
  }
  Option per_direction() && {
    each_direction = true;
    return std::move(*this).entries(1, 3);
  }
  Option above_key(std::string key) && {
    lower_key = std::move(key);
    return std::move(*this);
  }
  Option in_place_of(std::string key) && {
    other_key = std::move(key);
    return std::move(*this);
  }
  Rule& written() { return rule; }
};

/// One list of several.
std::vector<Option> joined(std::initializer_list<std::vector<Option>> lists);

/// A choice, by the name it has in decks, and its keys.
struct Choice {
  std::string name;
  std::vector<Option> keys;

  [[nodiscard]] const Option* find(const std::string& key) const;
};

/// The one of that name, or nullptr.
template <class T>
const T* find_choice(const std::vector<T>& choices, const std::string& name) {
  for (const T& choice : choices)
    if (choice.name == name) return &choice;
  return nullptr;
}

/// The one that `section`.type names; throws InputError with the names that there are.
template <class T>
const T& require_choice(const std::vector<T>& choices, const std::string& section, const std::string& name) {
  if (const T* found = find_choice(choices, name)) return *found;
  std::string known;
  for (const T& choice : choices) known += (known.empty() ? "\"" : ", \"") + choice.name + '"';
  throw InputError(section + ".type = \"" + name + "\" is not known: must be one of " + known);
}

/// Values for all keys of a choice: those given, whatever they are, and the defaults of the rest.
OptionValues with_defaults(const Choice& choice, const OptionValues& given);

/// Values that are allowed one by one but not together.
struct Contradiction {
  std::string key;   ///< without its section
  std::string text;  ///< the whole message
};
std::vector<Contradiction> contradictions(const std::string& section, const Choice& choice, const OptionValues& values,
                                          int dimensions);

/// Values for all keys of a choice from those that a program gave, where an integer may stand for a number. Throws
/// InputError, naming section.key, its value and what is allowed, where a key is unknown, of another kind, out of
/// range, required but not given, or in contradiction to another. `dimensions`: resolved directions, 0 where no key
/// asks for one entry each.
OptionValues completed(const std::string& section, const Choice& choice, const OptionValues& given, int dimensions = 0);

}  // namespace ister::core
