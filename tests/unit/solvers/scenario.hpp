#pragma once
#include <cmath>
#include <functional>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "solvers/initial/state_map.hpp"

namespace ister::tests {

inline core::Grid make_grid(std::vector<int> points, double lower, double upper) {
  core::Grid grid;
  grid.dimensions = static_cast<int>(points.size());
  for (int d = 0; d < grid.dimensions; ++d) {
    grid.points[d] = points[d];
    grid.lower[d] = lower;
    grid.upper[d] = upper;
  }
  return grid;
}

/// A run on one rank and its initial state.
struct Scenario {
  core::Grid grid;
  solvers::InitialOptions options;
  solvers::SolverOptions solver;

  Scenario(const core::Grid& g, const std::string& type) : grid(g) {
    options.type = type;
    const solvers::InitialType* found = core::find_choice(solvers::initial_types(), type);
    if (found != nullptr && found->find("temperature") != nullptr) options.values["temperature"] = 1.0;
  }
  core::OptionValue& operator[](const std::string& key) { return options.values[key]; }
  [[nodiscard]] physics::FluidModel fluid() const { return {solver.eos, solver.transport}; }
  [[nodiscard]] core::Decomposition decomposition() const { return {grid, 1, 0}; }
  solvers::InitialState make(const std::vector<solvers::InitialType>& types = solvers::initial_types()) const {
    return solvers::make_initial_state(options, solver, fluid(), decomposition(), MPI_COMM_SELF, types);
  }
  void check(const solvers::InitialState& state) const {
    solvers::check_initial_state(state, fluid(), grid, decomposition().box());
  }
  [[nodiscard]] double background() const { return std::exp(fluid().log_e_of_temperature(1.0)); }
  void with_bulk() {
    solver.eos = {"constant_cs2", {{"cs2", 0.25}}};
    solver.transport.zeta_over_s.value = 0.05;
  }
  void in_milne(double tau) {
    solver.geometry = physics::Geometry::milne;
    solver.time.start = tau;
    solver.time.end = tau + 1;
  }
};

/// Maps that are at hand, as an initial state.
inline std::vector<solvers::InitialType> maps(const solvers::StateMap& map) {
  solvers::InitialType type;
  type.name = "event";
  type.keys = core::joined({{core::Option("file", "an event", "for messages")}, solvers::map_keys(false)});
  type.make = [map](const solvers::InitialContext& context) {
    return solvers::mapped_source(context, map, solvers::layout_of(context.options));
  };
  return {type};
}

/// nx x ny values [GeV/fm^3], x fastest, so far apart and centred.
inline solvers::StateMap event_map(int nx, int ny, double spacing, std::vector<double> values) {
  solvers::StateMap map;
  map.nodes = {core::centred_nodes(nx, spacing), core::centred_nodes(ny, spacing), core::Nodes{}};
  map.energy_unit = 1.0 / 0.1973269804;
  map.fields.energy_density = std::move(values);
  return map;
}

inline std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

inline bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace ister::tests
