#include "drivers/run/set_up.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "drivers/initial/initial_types.hpp"
#include "solvers/causality.hpp"
#include "solvers/step_length.hpp"

namespace ister::drivers {
namespace {

/// What time.* makes of the first step, in words, where it is too long to be stable or shorter than the grid asks for.
void warn_of_steps(const Input& input, const physics::FluidModel& fluid, const solvers::EnergyRange& range,
                   std::vector<std::string>& lines) {
  const solvers::TimeOptions& time = input.solver.time;
  if (!solvers::explicit_relaxation(time)) return;
  const double tau = solvers::shortest_relaxation_time(fluid, range.lowest, range.highest);
  const double courant = solvers::finest_spacing(input.grid, input.solver.geometry, time.start);
  const double allowed = time.relaxation_fraction * tau;
  if (time.step && *time.step > 2.5 * tau)
    lines.push_back(
        fmt::format("time.step = {} fm, but explicit integrators need less than about 2.5 times the shortest "
                    "relaxation time, {:.3g} fm: shorten it or take time.integrator = \"ars443\"",
                    *time.step, tau));
  if (time.cfl && 3.0 * allowed < *time.cfl * courant)
    lines.push_back(
        fmt::format("time.cfl = {} would allow steps of {:.3g} fm, but time.relaxation_fraction = {} of the shortest "
                    "relaxation time, {:.3g} fm, makes them {:.3g} fm: time.integrator = \"ars443\" does not need that",
                    *time.cfl, *time.cfl * courant, time.relaxation_fraction, tau, allowed));
  if (time.tolerance && 7.5 * tau < 0.4 * courant)
    lines.push_back(
        fmt::format("time.tolerance: the shortest relaxation time, {:.3g} fm, will keep the steps of an explicit "
                    "integrator below about {:.3g} fm",
                    tau, 2.5 * tau));
}

/// Refuses matter that is acausal where it counts.
void require_causal(solvers::InitialSource& source, const Input& input, const physics::FluidModel& fluid) {
  const physics::Causality causality(fluid, input.solver.transport, input.solver.verdict_cut);
  if (causality.always()) return;
  source.make = [make = std::move(source.make), causality, grid = input.grid](const core::Box& box) {
    solvers::InitialState state = make(box);
    const std::string found = solvers::acausal_matter(state.energy_density, causality, grid, box);
    if (!found.empty()) throw InputError("initial state: " + found);
    return state;
  };
}

}  // namespace

physics::FluidModel make_fluid(const core::Ranks& ranks, const Input& input) {
  std::optional<physics::FluidModel> fluid;
  core::collectively(ranks.comm(), [&] { fluid.emplace(input.solver.eos, input.solver.transport); });
  return *fluid;
}

solvers::InitialSource make_initial_source(const core::Ranks& ranks, const Input& input,
                                           const physics::FluidModel& fluid, const core::Decomposition& decomposition,
                                           int stride) {
  solvers::InitialSource source = solvers::make_initial_source(input.initial, input.solver, fluid, decomposition,
                                                               ranks.comm(), stride, initial_types());
  require_causal(source, input, fluid);
  return source;
}

std::string describe(const Input& input, const core::Ranks& ranks, const MemoryNeed& memory) {
  const core::Grid& grid = input.grid;
  const auto points = static_cast<double>(grid.total_points());
  const double process = static_cast<double>(memory.process), arrays = static_cast<double>(memory.arrays());
  double largest[] = {process + arrays, process}, total = arrays;
  MPI_Allreduce(MPI_IN_PLACE, largest, 2, MPI_DOUBLE, MPI_MAX, ranks.comm());
  MPI_Allreduce(MPI_IN_PLACE, &total, 1, MPI_DOUBLE, MPI_SUM, ranks.comm());
  return fmt::format(
      "grid: {} points, {}, {}, {} threads each\n"
      "memory: {:.1f} MB per rank at most, {:.0f} bytes per point and {:.1f} MB for the program\n",
      fmt::join(grid.points.begin(), grid.points.begin() + grid.dimensions, " x "),
      solvers::geometry_name(input.solver.geometry), core::Decomposition(grid, ranks.count(), ranks.rank()).describe(),
      ranks.threads(), largest[0] / 1e6, total / points, largest[1] / 1e6);
}

std::vector<std::string> warnings(const Input& input, const physics::FluidModel& fluid,
                                  const solvers::EnergyRange& range) {
  std::vector<std::string> lines = fluid.warnings();
  const double t_max = fluid.eos(std::log(range.highest)).temperature;
  if (t_max > fluid.highest_temperature())
    lines.push_back(fmt::format("the hottest point has T = {:.0f} MeV, the equation of state is known up to {:.0f} MeV",
                                physics::units::inverse_fm_to_mev(t_max),
                                physics::units::inverse_fm_to_mev(fluid.highest_temperature())));
  const physics::Causality causality(fluid, input.solver.transport, input.solver.verdict_cut);
  for (std::string& line : causality.warnings(range.lowest, range.highest)) lines.push_back(std::move(line));
  warn_of_steps(input, fluid, range, lines);
  return lines;
}

}  // namespace ister::drivers
