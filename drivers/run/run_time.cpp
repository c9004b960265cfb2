#include "drivers/run/run_time.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

#include "solvers/hydro_system.hpp"

namespace ister::drivers {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

/// The same box with few enough points to be stepped in no time.
core::Grid coarsened(core::Grid grid) {
  constexpr std::int64_t most_points = 1 << 17;
  while (grid.total_points() > most_points) {
    int& longest = *std::max_element(grid.points.begin(), grid.points.end());
    longest = (longest + 1) / 2;
  }
  return grid;
}

}  // namespace

double count_steps(const Input& input) {
  const solvers::TimeOptions& time = input.solver.time;
  constexpr double rounding = 1e-9;  // which is no step of its own
  if (time.step) return std::ceil((time.end - time.start) / *time.step * (1.0 - rounding));
  const core::Grid& grid = input.grid;
  const bool eta = input.solver.geometry == physics::Geometry::milne && grid.dimensions == 3;
  constexpr int intervals = 1000;
  const double interval = (time.end - time.start) / intervals;
  double steps = 0.0;
  for (int i = 0; i < intervals; ++i) {
    double spacing = std::numeric_limits<double>::max();
    for (int d = 0; d < grid.dimensions; ++d)
      spacing = std::min(spacing, grid.spacing(d) * (eta && d == 2 ? time.start + (i + 0.5) * interval : 1.0));
    steps += interval / (time.cfl.value_or(0.4) * spacing);
  }
  return std::ceil(steps);
}

double measure_point_step(const Input& input, const physics::FluidModel& fluid, double energy_density) {
  constexpr int fewest_steps = 3, most_steps = 20;
  constexpr double patience = 0.2, short_step = 1e-6;  // s, fm
  const core::Decomposition all(coarsened(input.grid), 1, 0);
  core::ArrayPool pool;
  solvers::HydroSystem system(MPI_COMM_SELF, all, pool, fluid, input.solver, input.history.energy_cut);
  const solvers::InitialOptions uniform{"uniform", {{"energy_density", energy_density}}};
  system.set_state(input.solver.time.start,
                   solvers::make_initial_source(uniform, input.solver, fluid, all, MPI_COMM_SELF));
  const auto take_step = [&] { system.step(system.time() + short_step); };
  take_step();
  double best = std::numeric_limits<double>::max();
  const Clock::time_point start = Clock::now();
  for (int step = 0; step < fewest_steps || (step < most_steps && seconds_since(start) < patience); ++step) {
    const Clock::time_point begin = Clock::now();
    take_step();
    best = std::min(best, seconds_since(begin));
  }
  return best / static_cast<double>(all.grid().total_points());
}

}  // namespace ister::drivers
