#pragma once
#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/rule.hpp"
#include "drivers/input/input.hpp"

namespace ister::drivers {

using core::Unit;

/// The values of a grid member, one per resolved direction.
template <class T>
struct PerDirection {
  std::array<T, 3>* values;
  core::Grid* grid;
};

/// An enumeration member; its texts are the key's choices, in the order of the enumerators.
struct Enumeration {
  void* member;
  int (*get)(const void*);
  void (*set)(void*, int);
};

/// Where the value of a key lives; its type is the key's type.
using Member = std::variant<bool*, int*, double*, std::optional<double>*, std::string*, std::vector<int>*,
                            std::vector<double>*, std::vector<std::string>*, std::vector<std::array<int, 3>>*,
                            std::vector<solvers::DriveTone>*, PerDirection<int>, PerDirection<double>, Enumeration>;

/// Says when a key applies: the selector's text is one of `texts`; without texts, the selector's number is positive
/// or its other value, or that of the alternative, is given.
struct Condition {
  std::string selector;
  std::vector<std::string> texts;
  std::string alternative = {};

  [[nodiscard]] bool holds(const Input& input) const;
  [[nodiscard]] std::string describe() const;
};

/// One key of the input file. Its default is what a default-constructed Input holds.
struct Key : core::Rule {
  std::string name;  ///< with its section: "grid.points"
  std::function<Member(Input&)> bind;
  std::vector<Condition> conditions;  ///< it applies where all hold

  [[nodiscard]] std::string section() const { return name.substr(0, name.find('.')); }
  [[nodiscard]] bool applies(const Input& input) const;
  [[nodiscard]] bool is_number() const;
  /// Whether its value is a string.
  [[nodiscard]] bool takes_text() const;
  /// What a value must look like, such as "a number > 0 [fm]".
  [[nodiscard]] std::string allowed(const std::string& units) const;
  /// The value in TOML; empty where an optional value is absent.
  [[nodiscard]] std::string value(const Input& input) const;
};

/// Every key, section by section.
const std::vector<Key>& schema();

/// The key of that full name, or nullptr.
const Key* find_key(std::string_view name);

/// Keys that exclude one another: one that is set from the command line replaces the others.
const std::vector<std::vector<std::string>>& exclusive_keys();

/// Factor that turns a value in the given system into natural units.
double to_natural(Unit unit, const std::string& units);

/// All keys that apply, in natural units, as TOML.
std::string resolved_text(const Input& input);

}  // namespace ister::drivers
