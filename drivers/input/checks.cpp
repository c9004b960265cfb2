#include "drivers/input/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/option_text.hpp"
#include "drivers/input/choice_keys.hpp"
#include "drivers/input/document.hpp"
#include "drivers/input/schema.hpp"

namespace ister::drivers {
namespace {

using physics::Geometry;

std::string shown(const Input& input, const std::string& key) { return key + " = " + find_key(key)->value(input); }

void check_grid(const Input& input, std::vector<Problem>& problems) {
  for (int d = 0; d < input.grid.dimensions; ++d) {
    if (input.grid.upper[d] <= input.grid.lower[d]) {
      problems.push_back({"grid.upper", shown(input, "grid.upper") + ": each must be above grid.lower"});
      return;
    }
  }
}

void check_time(const Input& input, std::vector<Problem>& problems) {
  const auto& time = input.solver.time;
  if (input.solver.geometry == Geometry::milne && time.start <= 0)
    problems.push_back({"time.start", shown(input, "time.start") + ": must be > 0 with grid.geometry = \"milne\""});
  if (time.end <= time.start)
    problems.push_back({"time.end", shown(input, "time.end") + ": must be above " + shown(input, "time.start")});
  if (int(time.step.has_value()) + int(time.cfl.has_value()) + int(time.tolerance.has_value()) != 1)
    problems.push_back({"time.cfl", "exactly one of time.step, time.cfl and time.tolerance is required"});
  if (time.tolerance && time.integrator != "bs32" && time.integrator != "dp54")
    problems.push_back({"time.tolerance", shown(input, "time.tolerance") +
                                              ": applies only where time.integrator = \"bs32\" or \"dp54\""});
  constexpr double most_steps = 99'999'999;  // file names carry 8 digits
  double spacing = input.grid.spacing(0);
  for (int d = 1; d < input.grid.dimensions; ++d) spacing = std::min(spacing, input.grid.spacing(d));
  const std::string key = time.step ? "time.step" : "time.cfl";
  if ((time.step || time.cfl) &&
      time.end - time.start > most_steps * time.step.value_or(time.cfl.value_or(0) * spacing))
    problems.push_back({key, shown(input, key) + ": must reach time.end within 99999999 steps"});
}

/// With c_s^2 = 1/3 the default law for tau_Pi divides by zero.
void check_bulk(const Input& input, std::vector<Problem>& problems) {
  const auto& eos = input.solver.eos;
  const auto& transport = input.solver.transport;
  const bool conformal =
      eos.type == "conformal" || (eos.type == "constant_cs2" && std::abs(eos.values.number("cs2") - 1.0 / 3.0) < 1e-6);
  const bool has_bulk =
      transport.zeta_over_s.type == physics::BulkViscosityModel::Type::table || transport.zeta_over_s.value > 0;
  if (conformal && has_bulk && transport.table.empty() && !transport.tau_bulk)
    problems.push_back({"transport.zeta_over_s.value",
                        "transport.zeta_over_s > 0 with cs2 = 1/3 (eos.type = \"conformal\") needs transport.tau_bulk, "
                        "a number > 0 [fm]"});
}

/// Of keys that exclude one another, at most one is in use.
void check_exclusive(const Input& input, std::vector<Problem>& problems) {
  for (const auto* cadence : {&input.output.cadence, &input.checkpoint.cadence}) {
    const std::string section = cadence == &input.output.cadence ? "output" : "checkpoint";
    if (int(cadence->every_steps > 0) + int(cadence->every_time > 0) + int(cadence->every_wall > 0) > 1)
      problems.push_back({section + ".every_steps", "at most one of " + section + ".every_steps, " + section +
                                                        ".every_time and " + section + ".every_wall may be given"});
  }
}

void check_surface(const Input& input, std::vector<Problem>& problems) {
  if (!input.surface.temperatures.empty() && !input.surface.energy_densities.empty())
    problems.push_back({"surface.temperature", "one of surface.temperature and surface.energy_density may be given"});
}

/// What the chosen equation of state and initial state say about their keys together.
void check_choices(const Input& input, std::vector<Problem>& problems) {
  for (const ChoiceSection& section : choice_sections()) {
    Input copy = input;
    for (const core::Contradiction& found :
         core::contradictions(section.name, *chosen(section, input), section.values(copy), input.grid.dimensions))
      problems.push_back({section.name + "." + found.key, found.text});
  }
}

/// Names of files begin with it: every shell, file system and ParaView (whose readers take what follows a colon for a
/// dataset) must take it for such.
bool is_file_prefix(const std::string& name) {
  return !name.empty() && name.size() <= 100 && !has_control_characters(name) &&
         name.find_first_of("/\\:") == std::string::npos && name.find_first_of(".- ") != 0 && name.back() != ' ';
}

void check_names(const Input& input, std::vector<Problem>& problems) {
  if (!is_file_prefix(input.run.name))
    problems.push_back({"run.name", shown(input, "run.name") +
                                        ": must be 1 to 100 bytes long, without / \\ : and control characters, and "
                                        "begin with neither dot, dash nor blank, nor end with a blank"});
  const auto& fields = input.output.fields;
  for (auto it = fields.begin(); it != fields.end(); ++it)
    if (std::find(fields.begin(), it, *it) != it)
      problems.push_back({"output.fields", "output.fields names " + core::quoted(*it) + " twice"});
}

/// A wave needs points along its direction.
void check_wavevectors(const Input& input, std::vector<Problem>& problems) {
  const auto check = [&](const std::string& key, const std::array<int, 3>& mode) {
    for (int d = 0; d < 3; ++d) {
      const int most = d < input.grid.dimensions ? (input.grid.points[d] - 1) / 2 : 0;
      if (std::abs(mode[d]) > most) {
        problems.push_back({key, key + " has a wave of " + std::to_string(mode[d]) + " periods along " + "xyz"[d] +
                                     ": grid.points resolves at most " + std::to_string(most)});
        return;
      }
    }
  };
  for (const auto& tone : input.solver.drive.tones) check("drive.tones", tone.mode);
  for (const auto& mode : input.modes.wavevectors) check("observers.modes.wavevectors", mode);
}

void check_medium(const Input& input, std::vector<Problem>& problems) {
  const std::string key = "observers.medium.every";
  for (int d = 0; d < 3 && input.medium.active(); ++d) {
    const int most = d < input.grid.dimensions ? input.grid.points[d] / 2 : 1;
    if (input.medium.stride(d) <= most) continue;
    problems.push_back({key, shown(input, key) + ": every " + std::to_string(input.medium.stride(d)) +
                                 " points along " + "xyz"[d] + ": must be at most " + std::to_string(most) +
                                 ", half of grid.points"});
    return;
  }
}

/// Rough data end the conservative form inside of a step, where the stabilizer, which acts after it, comes too late.
void check_stabilizer(const Input& input, std::vector<Problem>& problems) {
  if (input.solver.stabilizer.active() && input.solver.formulation == solvers::Formulation::conservative)
    problems.push_back({input.preset == "none" ? "stabilizer.threshold" : "numerics.preset",
                        "the stabilizer (" + shown(input, "numerics.preset") + ", " +
                            shown(input, "stabilizer.threshold") + ", " + shown(input, "stabilizer.cap") +
                            ") applies only where solver.formulation = \"primitive\": in conservative form rough "
                            "data have no primitive variables inside of a step already"});
}

void check_sponge(const Input& input, std::vector<Problem>& problems) {
  for (int d = 0; d < input.grid.dimensions; ++d)
    if (2 * input.solver.sponge.width > input.grid.upper[d] - input.grid.lower[d]) {
      problems.push_back({"sponge.width", shown(input, "sponge.width") + ": must be at most half the box"});
      return;
    }
}

/// What is kept of an event has to be there; what is not kept nowhere else.
void check_ensemble(const Input& input, std::vector<Problem>& problems) {
  if (!input.ensemble.active()) return;
  for (const std::string what : {"surface", "spectra"})
    if (input.ensemble.keeps(what) && !input.surface.active())
      problems.push_back(
          {"ensemble.keep", fmt::format("ensemble.keep names \"{}\", but there is no surface.temperature", what)});
  if (input.ensemble.keeps("spectra") && input.grid.dimensions == 1)
    problems.push_back(
        {"ensemble.keep", "ensemble.keep names \"spectra\": those are of runs in x and y, or in three directions"});
  if (!input.modes.wavevectors.empty())
    problems.push_back(
        {"observers.modes.wavevectors", "observers.modes.wavevectors: the file of an ensemble has no place for them"});
  if (input.medium.active())
    problems.push_back({"observers.medium.every_time",
                        "observers.medium.every_time: the file of an ensemble has no place for a medium"});
}

}  // namespace

std::vector<Problem> inconsistencies(const Input& input) {
  std::vector<Problem> problems;
  for (auto* check : {check_grid, check_time, check_bulk, check_exclusive, check_choices, check_names,
                      check_wavevectors, check_medium, check_sponge, check_stabilizer, check_surface, check_ensemble})
    check(input, problems);
  return problems;
}

}  // namespace ister::drivers
