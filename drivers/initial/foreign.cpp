#include "drivers/initial/foreign.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"
#include "physics/units.hpp"

namespace ister::drivers {
namespace {

/// The numbers of digits that such headers have.
constexpr double time_rounding = 1e-3;

void require_time(const solvers::InitialContext& context, const io::Map& map) {
  const double start = context.solver.time.start;
  if (!map.tau || std::abs(*map.tau - start) <= time_rounding * start) return;
  throw InputError(fmt::format("{}: tau = {:g} fm in its header, but time.start = {:g}: must be the same",
                               context.options.text("file"), *map.tau, start));
}

/// The share of the energy in cells where pi^{eta eta} is not what makes the stress traceless, by more than a tenth of
/// e: other axes, another time or other units than those of the format show here.
double share_with_trace(const solvers::InitialState& f, const std::vector<double>& given, double energy_unit) {
  double with_trace = 0.0, energy = 0.0;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const double expected = solvers::traceless_zz({f.ux[i], f.uy[i], f.uz[i]},
                                                  {f.pixx[i], f.pixy[i], f.pixz[i], f.piyy[i], f.piyz[i], given[i]});
    const double e = f.energy_density[i];
    energy += e;
    if (std::abs(given[i] - expected) > 0.1 * energy_unit * e) with_trace += e;
  }
  return energy > 0.0 ? with_trace / energy : 0.0;
}

}  // namespace

std::vector<core::Option> foreign_keys(std::string doc, bool own_scale) {
  using core::Option;
  using core::Unit;
  return core::joined(
      {{Option("file", std::string(), std::move(doc)).in(Unit::path).required(),
        Option("grid_spacing", std::optional<double>(), "of the file's points, where it does not say it itself")
            .in(Unit::length)
            .above(0)},
       solvers::map_keys(own_scale)});
}

double given_spacing(const solvers::InitialContext& context) {
  return context.options.number_if_given("grid_spacing").value_or(0.0);
}

solvers::StateMap state_of(const solvers::InitialContext& context, io::Map map, FileUnits units) {
  require_time(context, map);
  const double tau = context.solver.geometry == physics::Geometry::milne ? context.solver.time.start : 1.0;
  solvers::StateMap state;
  state.nodes = map.nodes;
  state.notes = std::move(map.notes);
  state.energy_unit = units.energy;
  const auto take = [&](const char* column, double unit) {
    std::vector<double> values;
    if (const auto found = map.columns.find(column); found != map.columns.end()) values = std::move(found->second);
    for (double& value : values) value *= unit;
    return values;
  };
  solvers::InitialState& f = state.fields;
  f.energy_density = take("e", 1.0);
  f.ux = take("ux", 1.0);
  f.uy = take("uy", 1.0);
  f.uz = take("ueta", tau);
  f.pixx = take("pixx", units.stress);
  f.pixy = take("pixy", units.stress);
  f.pixz = take("pixeta", units.stress * tau);
  f.piyy = take("piyy", units.stress);
  f.piyz = take("piyeta", units.stress * tau);
  f.bulk_pressure = take("bulk", units.stress);
  const std::vector<double> zz = take("pietaeta", units.stress * tau * tau);
  if (!zz.empty() && !f.uz.empty() && context.options.text("quantity") == "energy_density") {
    if (const double share = share_with_trace(f, zz, units.energy); share > 0.25)
      state.notes.push_back(fmt::format(
          "pi^{{eta eta}} in {} is not what makes the stress traceless, in cells with {:.2g} of the energy: is "
          "time.start, and are the units, those of the file?",
          context.options.text("file"), share));
  }
  return state;
}

}  // namespace ister::drivers
