#include "drivers/input/tones.hpp"

#include <fmt/format.h>

#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/option_text.hpp"
#include "drivers/nearest.hpp"

namespace ister::drivers {
namespace {

constexpr std::string_view axes = "xyz";
constexpr int highest_mode = 32768;

constexpr std::pair<const char*, double solvers::DriveTone::*> numbers[] = {
    {"omega", &solvers::DriveTone::omega},
    {"amplitude", &solvers::DriveTone::amplitude},
    {"phase", &solvers::DriveTone::phase}};

std::string read_component(const toml::node& node, solvers::DriveTone& tone) {
  const auto text = node.value_exact<std::string>();
  const auto axis = text && text->size() == 1 ? axes.find(text->front()) : std::string_view::npos;
  if (axis == std::string_view::npos) return "component must be one of \"x\", \"y\", \"z\"";
  tone.axis = static_cast<int>(axis);
  return "";
}

std::string read_mode(const toml::node& node, solvers::DriveTone& tone) {
  const toml::array* array = node.as_array();
  const std::string wrong = fmt::format("mode must be a list of 1 to 3 integers from -{0} to {0}", highest_mode);
  if (!array || array->empty() || array->size() > tone.mode.size()) return wrong;
  tone.mode = {};
  for (std::size_t d = 0; d < array->size(); ++d) {
    const auto value = array->get(d)->value_exact<std::int64_t>();
    if (!value || std::abs(*value) > highest_mode) return wrong;
    tone.mode[d] = static_cast<int>(*value);
  }
  return "";
}

/// One member of an entry.
std::string read_member(const std::string& name, const toml::node& node, solvers::DriveTone& tone) {
  if (name == "field")
    return node.value_exact<std::string>() == "force" ? "" : "field must be \"force\", the only one there is";
  if (name == "component") return read_component(node, tone);
  if (name == "mode") return read_mode(node, tone);
  std::vector<std::string> known{"field", "component", "mode"};
  for (const auto& [key, member] : numbers) {
    known.emplace_back(key);
    if (name != key) continue;
    const double value = node.is_number() ? node.value<double>().value_or(NAN) : NAN;
    if (!std::isfinite(value)) return name + " must be a number";
    tone.*member = value;
    return "";
  }
  return fmt::format("there is no {}; did you mean {}?", name, nearest(name, known));
}

}  // namespace

std::string tone_text_allowed() {
  return "tables { component = \"x\", mode = [1, 0, 0], omega = 1.0 [1/fm], amplitude = 1e-6 [1/fm^5], "
         "phase = 0.0 [rad], field = \"force\" }; phase and field may be left out";
}

std::string read_tone(const toml::node& node, solvers::DriveTone& tone) {
  const toml::table* table = node.as_table();
  if (!table) return "each must be a table";
  for (const auto& [key, value] : *table)
    if (std::string problem = read_member(std::string(key.str()), value, tone); !problem.empty()) return problem;
  for (const char* required : {"component", "mode", "omega", "amplitude"})
    if (!table->contains(required)) return fmt::format("each needs {}", required);
  return "";
}

std::string tone_text(const solvers::DriveTone& tone) {
  return fmt::format(R"({{ field = "force", component = "{}", mode = [{}], omega = {}, amplitude = {}, phase = {} }})",
                     axes[static_cast<std::size_t>(tone.axis)], fmt::join(tone.mode, ", "),
                     core::number_text(tone.omega), core::number_text(tone.amplitude), core::number_text(tone.phase));
}

}  // namespace ister::drivers
