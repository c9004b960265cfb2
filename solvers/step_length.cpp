#include "solvers/step_length.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ister::solvers {

double finest_spacing(const core::Grid& grid, physics::Geometry geometry, double time) {
  double dx = std::numeric_limits<double>::max();
  for (int d = 0; d < grid.dimensions; ++d)
    dx = std::min(dx, grid.spacing(d) * (d == 2 && geometry == physics::Geometry::milne ? time : 1.0));
  return dx;
}

double shortest_relaxation_time(const physics::FluidModel& fluid, double lowest, double highest) {
  constexpr int samples = 64;
  const double low = std::log(lowest), high = std::log(highest);
  double rate = 0.0;
  for (int i = 0; i <= samples; ++i) {
    const physics::FluidPoint f = fluid.at(low + (high - low) * i / samples);
    if (fluid.has_shear()) rate = std::max(rate, f.shear_rate);
    if (fluid.has_bulk()) rate = std::max(rate, f.bulk_rate);
  }
  return 1.0 / rate;
}

double cfl_step(const SolverOptions& options, const core::Grid& grid, const physics::FluidModel& fluid, double time,
                double lowest, double highest) {
  const TimeOptions& t = options.time;
  double step = *t.cfl * finest_spacing(grid, options.geometry, time);
  if (options.geometry == physics::Geometry::milne) step = std::min(step, t.expansion_fraction * time);
  if (explicit_relaxation(t))
    step = std::min(step, t.relaxation_fraction * shortest_relaxation_time(fluid, lowest, highest));
  return step;
}

}  // namespace ister::solvers
