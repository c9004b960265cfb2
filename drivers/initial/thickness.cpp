#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "drivers/initial/foreign.hpp"
#include "io/initial_formats.hpp"
#include "physics/units.hpp"

// Collisions from the thickness functions of both nuclei, with a tilt or with all of their energy and momentum.
namespace ister::drivers {
namespace {

using core::Option;
using solvers::Thickness;

std::vector<Option> keys() {
  return core::joined(
      {foreign_keys("T_A [1/fm^2] of the nucleus that moves towards eta > 0, a map as TRENTo writes them", false),
       {Option("file_b", std::string(), "T_B, of the other nucleus, on the same points")
            .in(core::Unit::path)
            .required(),
        Option("event", 0, "which of several in the files").at_least(0),
        Option("eta_tilt", 0.0, "e = scale (T_A f(eta) + T_B f(-eta)), f = (1 + eta/eta_tilt)/2 within 0 and 1")
            .at_least(0),
        Option("beam_rapidity", 0.0,
               "in place of eta_tilt: e has the energy and longitudinal momentum of both nuclei, times scale")
            .within(0, 20)
            .in_place_of("eta_tilt")}});
}

std::string text_of(const std::array<core::Nodes, 3>& nodes) {
  return fmt::format("{} x {} points {:g} fm apart", nodes[0].count, nodes[1].count, nodes[0].step);
}

void check(const solvers::InitialContext& context, const io::Map& a, const io::Map& b) {
  context.require(physics::Geometry::milne);
  const core::OptionValues& options = context.options;
  const std::string name = fmt::format("initial.file_b = \"{}\": ", options.text("file_b"));
  if (a.nodes[2].count > 1 || b.nodes[2].count > 1)
    throw InputError(name + "and initial.file must be maps in x and y, of thickness; one of them has a rapidity");
  for (int d = 0; d < 2; ++d)
    if (a.nodes[d].count != b.nodes[d].count || std::abs(a.nodes[d].step - b.nodes[d].step) > 1e-9 * a.nodes[d].step)
      throw InputError(
          fmt::format("{}{}, but initial.file has {}: must be the same", name, text_of(b.nodes), text_of(a.nodes)));
  if (options.number("beam_rapidity") <= 0.0) return;
  if (options.text("quantity") != "energy_density")
    throw InputError("initial.beam_rapidity makes an energy: initial.quantity must be \"energy_density\"");
  if (options.number("eta_width") <= 0.0)
    throw InputError("initial.eta_width = 0: must be > 0 with initial.beam_rapidity, whose matter ends somewhere");
}

/// e (or s) of a place at the given rapidities.
std::vector<double> along_eta(const solvers::InitialContext& context, const Thickness& place, const core::Nodes& eta) {
  const core::OptionValues& options = context.options;
  const solvers::EtaProfile profile{options.number("eta_plateau"), options.number("eta_width")};
  std::vector<double> values;
  if (const double eta_t = options.number("eta_tilt"); eta_t > 0.0) {
    for (int i = 0; i < eta.count; ++i) values.push_back(solvers::tilted_density(place, profile, eta_t, eta.at(i)));
  } else {
    const solvers::CollisionAtRest matter(place, profile, options.number("beam_rapidity"));
    for (int i = 0; i < eta.count; ++i) values.push_back(matter.at(eta.at(i)) / context.solver.time.start);
  }
  return values;
}

/// What the box holds of the energy and momentum that the nuclei bring.
std::string balance(const solvers::InitialContext& context, const solvers::StateMap& state, const io::Map& a,
                    const io::Map& b) {
  const core::Nodes& eta = state.nodes[2];
  const std::vector<double>&ta = a.columns.at("value"), &tb = b.columns.at("value");
  double energy = 0.0, momentum = 0.0, brought = 0.0, carried = 0.0;
  for (std::size_t i = 0; i < ta.size(); ++i) {
    const solvers::CollisionAtRest matter({ta[i], tb[i]}, {1.0, 1.0}, context.options.number("beam_rapidity"));
    brought += matter.mass() * std::cosh(matter.rapidity());
    carried += matter.mass() * std::sinh(matter.rapidity());
    for (int z = 0; z < eta.count; ++z) {
      const double e = state.fields.energy_density[static_cast<std::size_t>(z) * ta.size() + i];
      energy += e * std::cosh(eta.at(z));
      momentum += e * std::sinh(eta.at(z));
    }
  }
  const double area = a.nodes[0].step * a.nodes[1].step, volume = context.solver.time.start * eta.step * area;
  return fmt::format(
      "both nuclei bring {:.6g} GeV, P_z = {:.6g} GeV; in the box are {:.6g} GeV, P_z = {:.6g} GeV, times "
      "initial.scale",
      area * brought, area * carried, volume * energy, volume * momentum);
}

solvers::StateMap state_of_collision(const solvers::InitialContext& context, io::Map a, const io::Map& b) {
  solvers::StateMap state;
  state.nodes = a.nodes;
  const core::Grid& grid = context.grid();
  if (grid.dimensions == 3) state.nodes[2] = {grid.points[2], grid.lower[2], grid.spacing(2)};
  state.energy_unit = physics::units::gev_per_fm3_to_natural(1.0);
  const std::vector<double>&ta = a.columns["value"], &tb = b.columns.at("value");
  std::vector<double>& e = state.fields.energy_density;
  e.resize(ta.size() * static_cast<std::size_t>(state.nodes[2].count));
  for (std::size_t i = 0; i < ta.size(); ++i) {
    const std::vector<double> values = along_eta(context, {ta[i], tb[i]}, state.nodes[2]);
    for (std::size_t z = 0; z < values.size(); ++z) e[z * ta.size() + i] = values[z];
  }
  state.notes = std::move(a.notes);
  if (grid.dimensions == 3 && context.options.number("beam_rapidity") > 0.0)
    state.notes.push_back(balance(context, state, a, b));
  return state;
}

solvers::InitialSource make(const solvers::InitialContext& context) {
  const auto read = [&](const char* key) {
    return io::read_for_all(context.comm, [&] {
      return io::read_trento(context.options.text(key), context.options.integer("event"), given_spacing(context));
    });
  };
  io::Map a = read("file");
  const io::Map b = read("file_b");
  solvers::StateMap state;
  core::collectively(context.comm, [&] {
    check(context, a, b);
    state = state_of_collision(context, std::move(a), b);
  });
  return solvers::mapped_source(context, std::move(state), solvers::layout_of(context.options));
}

}  // namespace

solvers::InitialType thickness() {
  solvers::InitialType type;
  type.name = "thickness";
  type.keys = keys();
  type.foreign = true;
  type.make = make;
  return type;
}

}  // namespace ister::drivers
