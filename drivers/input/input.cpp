#include "drivers/input/input.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <list>
#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "core/base/error.hpp"
#include "core/base/input_file.hpp"
#include "core/base/option_text.hpp"
#include "drivers/input/checks.hpp"
#include "drivers/input/choice_keys.hpp"
#include "drivers/input/document.hpp"
#include "drivers/input/schema.hpp"
#include "drivers/input/tones.hpp"
#include "drivers/nearest.hpp"

namespace ister::drivers {
namespace {

namespace fs = std::filesystem;

/// A value that was given for a key.
struct Given {
  const toml::node* node;
  std::string where;  ///< "file:line" or "--set"
  bool overridden;
};

/// A value as it may have been written in the file.
std::string node_text(const toml::node& node) {
  if (const toml::array* array = node.as_array()) {
    std::string text;
    for (std::size_t i = 0; i < array->size() && text.size() < 60; ++i)
      text += (i == 0 ? "" : ", ") + node_text(*array->get(i));
    return shortened("[" + text + "]");
  }
  if (const auto text = node.value_exact<std::string>()) return shortened(core::quoted(*text));
  if (const auto number = node.value_exact<double>()) return core::number_text(*number);
  std::ostringstream out;
  node.visit([&](const auto& n) { out << n; });
  return shortened(out.str());
}

bool below(const std::string& name, const std::string& prefix) {
  return name.size() > prefix.size() && name[prefix.size()] == '.' && name.compare(0, prefix.size(), prefix) == 0;
}

bool is_section(const std::string& name) {
  return std::any_of(schema().begin(), schema().end(), [&](const Key& key) { return below(key.name, name); });
}

std::string suggestion(const std::string& name) {
  const std::string last = name.substr(name.rfind('.') + 1);
  std::vector<std::string> names;
  for (const Key& key : schema()) {
    // The right key in the wrong section is nearer than its whole name looks.
    if (key.name.substr(key.name.rfind('.') + 1) == last) return key.name;
    names.push_back(key.name);
    for (auto dot = key.name.find('.'); dot != std::string::npos; dot = key.name.find('.', dot + 1))
      names.push_back(key.name.substr(0, dot));
  }
  return nearest(name, names);
}

class Parser {
 public:
  Parser(const std::string& text, const fs::path& path) : m_path(path) {
    m_input.path = path.string();
    flatten("", m_documents.emplace_back(parse_document(text, m_input.path)), "");
  }

  void override_with(const std::string& assignment) {
    if (overlong_line(assignment) > 0)
      throw InputError("--set " + shortened(assignment) + ": longer than 4096 characters");
    const auto equals = assignment.find('=');
    static const std::regex dotted("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)+");
    const std::string name = trimmed(assignment.substr(0, equals));
    if (equals == std::string::npos || !std::regex_match(name, dotted))
      throw InputError("--set " + shortened(assignment) + ": must be section.key=value");
    const toml::node& value = override_value(trimmed(assignment.substr(equals + 1)), name);
    for (auto it = m_given.begin(); it != m_given.end();)
      it = it->first == name || below(it->first, name) ? m_given.erase(it) : std::next(it);
    flatten(name, value, "--set");
  }

  Input read() {
    drop_replaced();
    apply_preset();
    for (const Key& key : schema())
      if (const auto given = m_given.find(key.name); given != m_given.end()) assign(key, given->second);
    yield_default_cadence();
    check_applicability();
    if (m_problems.empty()) {
      if (m_input.run.output.empty()) m_input.run.output = "out/" + m_input.run.name;
      complete_choices(m_input);
      for (const Problem& problem : inconsistencies(m_input)) report(place_of(problem.key), problem.text);
    }
    if (!m_problems.empty()) throw InputError(m_problems);
    m_input.resolved_toml = resolved_text(m_input);
    return std::move(m_input);
  }

 private:
  static std::string trimmed(const std::string& text) {
    const auto begin = text.find_first_not_of(" \t"), end = text.find_last_not_of(" \t");
    return begin == std::string::npos ? "" : text.substr(begin, end - begin + 1);
  }

  /// The value of an override as TOML, or as a text: where the key takes one and no quotes say otherwise, whatever it
  /// looks like, and else where it is a bare word.
  const toml::node& override_value(const std::string& text, const std::string& name) {
    static const std::regex bare("[^\"'\\[\\]{}#\n\r]*");
    const Key* key = find_key(name);
    const bool quoted = !text.empty() && (text.front() == '"' || text.front() == '\'');
    const bool is_text = key != nullptr && key->takes_text() && !quoted;
    try {
      const std::string value = is_text ? core::quoted(text) : text;
      const toml::table& document = m_documents.emplace_back(toml::parse("value = " + value));
      const toml::node& node = *document.get("value");
      if (document.size() == 1 && !node.is_date() && !node.is_time() && !node.is_date_time()) return node;
    } catch (const toml::parse_error&) {
    }
    if (is_text || text.empty() || !std::regex_match(text, bare))
      throw InputError("--set " + name + "=" + shortened(text) + ": the value must be TOML or a bare word" +
                       (!text.empty() && text.front() == '[' ? "; strings in a list need quotes" : ""));
    m_documents.emplace_back().insert_or_assign("value", text);
    return *m_documents.back().get("value");
  }

  void report(const std::string& where, const std::string& text) {
    if (++m_problem_count > most_problems) return;
    m_problems += (m_problems.empty() ? "" : "\n") + where + ": " + text;
  }

  std::string place_of(const std::string& key) const {
    const auto given = m_given.find(key);
    return given == m_given.end() ? m_input.path : given->second.where;
  }

  /// Collects the values under a dotted name; `origin` is empty for the input file.
  void flatten(const std::string& name, const toml::node& node, const std::string& origin) {
    const std::string where = origin.empty() ? m_input.path + ":" + std::to_string(node.source().begin.line) : origin;
    const bool overridden = !origin.empty();
    if (find_key(name) != nullptr) {
      m_given[name] = {&node, where, overridden};
    } else if (name.empty() || (is_section(name) && node.is_table())) {
      for (const auto& [key, child] : *node.as_table())
        flatten((name.empty() ? "" : name + ".") + std::string(key.str()), child, origin);
    } else if (node.is_number() && find_key(name + ".value") != nullptr) {
      m_given[name + ".value"] = {&node, where, overridden};
    } else if (is_section(name)) {
      report(where, shortened(name) + " = " + node_text(node) + ": must be " +
                        (find_key(name + ".value") ? "a number or a table { model = ... }" : "a section"));
    } else if (m_problem_count < most_problems) {
      report(where, "unknown key " + shortened(name) + (node.is_table() ? "" : " = " + node_text(node)) +
                        "; the nearest known one is " + suggestion(name));
    }
  }

  /// Drops values of the file that exclude one given by an override.
  void drop_replaced() {
    for (const auto& group : exclusive_keys()) {
      const bool any = std::any_of(group.begin(), group.end(), [&](const std::string& key) {
        const auto given = m_given.find(key);
        return given != m_given.end() && given->second.overridden;
      });
      for (const std::string& key : group)
        if (const auto given = m_given.find(key); any && given != m_given.end() && !given->second.overridden)
          m_given.erase(given);
    }
  }

  /// Other defaults, before what is given is taken over.
  void apply_preset() {
    if (const auto given = m_given.find("numerics.preset"); given != m_given.end())
      assign(*find_key(given->first), given->second);
    if (m_input.preset == "auto")
      m_input.preset = is_foreign() && !is_given("solver.formulation", "conservative") ? "event" : "none";
    if (m_input.preset != "event") return;
    m_input.solver.filter.order = 16.0;
    m_input.solver.stabilizer = {0.05, 2, 0.6, 3.0};
  }

  /// Whether the initial state is the data of another code.
  bool is_foreign() const {
    const auto given = m_given.find("initial.type");
    return given != m_given.end() && is_foreign_type(given->second.node->value_or(std::string()));
  }

  bool is_given(const std::string& key, const std::string& text) const {
    const auto given = m_given.find(key);
    return given != m_given.end() && given->second.node->value_or(std::string()) == text;
  }

  /// The default cadence of checkpoints gives way to one that is given, also to "never".
  void yield_default_cadence() {
    const bool other = m_given.count("checkpoint.every_steps") + m_given.count("checkpoint.every_time") > 0;
    if (other && m_given.count("checkpoint.every_wall") == 0) m_input.checkpoint.cadence.every_wall = 0;
  }

  void check_applicability() {
    for (const Key& key : schema()) {
      const auto given = m_given.find(key.name);
      const auto broken = std::find_if(key.conditions.begin(), key.conditions.end(),
                                       [&](const Condition& condition) { return !condition.holds(m_input); });
      if (broken != key.conditions.end()) {
        if (given == m_given.end() || is_wrong(broken->selector)) continue;
        const auto selector = m_given.find(broken->selector);
        const bool replaced = selector != m_given.end() && selector->second.overridden && !given->second.overridden;
        if (!replaced)
          report(given->second.where,
                 key.name + " = " + node_text(*given->second.node) + ": applies only where " + broken->describe());
      } else if (key.required && given == m_given.end()) {
        report(m_input.path, key.name + " is required: " + key.allowed(m_input.units));
      }
    }
  }

  bool is_wrong(const std::string& key) const { return m_wrong.count(key) > 0; }

  void assign(const Key& key, const Given& given) {
    const std::string problem =
        std::visit([&](auto member) { return store(key, *given.node, member); }, key.bind(m_input));
    if (problem.empty()) return;
    m_wrong.insert(key.name);
    report(given.where, key.name + " = " + node_text(*given.node) + ": " + problem);
  }

  std::string must_be(const Key& key) const { return "must be " + key.allowed(m_input.units); }

  // Each overload stores a value of its type and returns an empty text, or what is wrong with the value.

  std::string store(const Key& key, const toml::node& node, bool* member) const {
    const auto value = node.value_exact<bool>();
    if (!value) return must_be(key);
    *member = *value;
    return "";
  }

  std::string store(const Key& key, const toml::node& node, int* member) const {
    const auto value = node.value_exact<std::int64_t>();
    if (!value || *value < std::max(key.low, -2147483648.0) || *value > std::min(key.high, 2147483647.0))
      return must_be(key);
    *member = static_cast<int>(*value);
    return "";
  }

  std::string store(const Key& key, const toml::node& node, double* member) const {
    const double not_given = std::numeric_limits<double>::quiet_NaN();
    double value = not_given;
    if (key.unit == Unit::clock)
      value = seconds(node).value_or(not_given);
    else if (node.is_number())
      value = node.value<double>().value_or(not_given);
    if (node.is_string() && key.unit != Unit::clock) return must_be(key) + ", written like 5.0, 0.5 or 1.5e-3";
    const bool inside =
        std::isfinite(value) && value <= key.high && (key.low_excluded ? value > key.low : value >= key.low);
    if (!inside) return must_be(key);
    *member = value * to_natural(key.unit, m_input.units);
    return "";
  }

  /// A word that is allowed beside numbers stands for no value.
  std::string store(const Key& key, const toml::node& node, std::optional<double>* member) const {
    if (choice_index(key, node.value_exact<std::string>().value_or("")) >= 0) return "";
    return store(key, node, &member->emplace());
  }

  std::string store(const Key& key, const toml::node& node, std::string* member) const {
    const auto value = node.value_exact<std::string>();
    const bool may_be_empty = member->empty() && !key.required;
    if (!value) return must_be(key);
    if (value->empty() && !may_be_empty) return must_be(key) + ", not an empty one";
    if (has_control_characters(*value)) return must_be(key) + " without control characters";
    if (!key.choices.empty() && choice_index(key, *value) < 0) return must_be(key);
    *member = *value;
    if (key.unit == Unit::path && !value->empty())
      *member = fs::absolute(m_path.parent_path() / *value).lexically_normal().string();
    return "";
  }

  std::string store(const Key& key, const toml::node& node, Enumeration member) const {
    const auto value = node.value_exact<std::string>();
    const int index = value ? choice_index(key, *value) : -1;
    if (index < 0) return must_be(key);
    member.set(member.member, index);
    return "";
  }

  /// A level or several.
  std::string store(const Key& key, const toml::node& node, std::vector<double>* member) const {
    if (node.is_array() || key.section() != "surface") return store<double>(key, node, member);
    return store(key, node, &member->emplace_back());
  }

  template <class T>
  std::string store(const Key& key, const toml::node& node, std::vector<T>* member) const {
    const toml::array* array = node.as_array();
    const auto size = array ? static_cast<int>(std::min<std::size_t>(array->size(), 1000)) : 0;
    if (!array || size < key.min_entries || size > key.max_entries) return must_be(key);
    std::vector<T> values(array->size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (const std::string problem = store(key, *array->get(i), &values[i]); !problem.empty()) return problem;
    }
    *member = std::move(values);
    return "";
  }

  /// Periods in the box along each direction; those left out are 0.
  std::string store(const Key& key, const toml::node& node, std::array<int, 3>* member) const {
    Key integers = key;
    integers.min_entries = 1;
    integers.max_entries = 3;
    std::vector<int> values;
    if (const std::string problem = store(integers, node, &values); !problem.empty()) return must_be(key);
    *member = {};
    std::copy(values.begin(), values.end(), member->begin());
    return "";
  }

  std::string store(const Key& /*key*/, const toml::node& node, solvers::DriveTone* member) const {
    return read_tone(node, *member);
  }

  /// grid.points says how many directions are resolved; the other members of the grid follow it.
  template <class T>
  std::string store(const Key& key, const toml::node& node, PerDirection<T> member) const {
    std::vector<T> values;
    if (const std::string problem = store(key, node, &values); !problem.empty()) return problem;
    if constexpr (std::is_same_v<T, int>) {
      member.grid->dimensions = static_cast<int>(values.size());
    } else if (!is_wrong("grid.points") && static_cast<int>(values.size()) != member.grid->dimensions) {
      return "must have " + std::to_string(member.grid->dimensions) + " entries, as grid.points has";
    }
    std::copy_n(values.begin(), std::min<std::size_t>(values.size(), 3), member.values->begin());
    return "";
  }

  static int choice_index(const Key& key, const std::string& text) {
    const auto found = std::find(key.choices.begin(), key.choices.end(), text);
    return found == key.choices.end() ? -1 : static_cast<int>(found - key.choices.begin());
  }

  static std::optional<double> seconds(const toml::node& node) {
    static const std::regex clock("(\\d{1,5}):([0-5]\\d):([0-5]\\d)");
    const std::string text = node.value_exact<std::string>().value_or("");
    std::smatch part;
    if (!std::regex_match(text, part, clock)) return std::nullopt;
    return 3600.0 * std::stoi(part[1]) + 60.0 * std::stoi(part[2]) + std::stoi(part[3]);
  }

  static constexpr int most_problems = 20;

  fs::path m_path;
  Input m_input;
  std::list<toml::table> m_documents;  ///< own the nodes of m_given
  std::map<std::string, Given> m_given;
  std::set<std::string> m_wrong;  ///< keys whose value was refused
  std::string m_problems;         ///< the first ones, one per line
  int m_problem_count = 0;
};

}  // namespace

bool EnsembleOptions::keeps(const std::string& what) const {
  return std::find(keep.begin(), keep.end(), what) != keep.end();
}

std::string read_text(const fs::path& path) {
  constexpr std::size_t most_bytes = 1'000'000;
  return core::read_text(path, most_bytes, "an input file");
}

Input parse_input(const std::string& text, const fs::path& path, const std::vector<std::string>& overrides) {
  Parser parser(text, path);
  for (const std::string& assignment : overrides) parser.override_with(assignment);
  return parser.read();
}

Input read_input(const fs::path& path, const std::vector<std::string>& overrides) {
  return parse_input(read_text(path), path, overrides);
}

}  // namespace ister::drivers
