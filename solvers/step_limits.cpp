#include "solvers/step_limits.hpp"

#include <array>
#include <cmath>

#include "solvers/point_energy.hpp"

namespace ister::solvers {
namespace {

/// Relaxes ln e to that of the background, everything else to zero, near the rim of the box in the transverse plane.
/// The background dilutes as (start/tau)^{4/3} in Milne space.
template <class Stress, class Fluid>
struct Apply {
  Fluid fluid;
  double* primitives;
  std::int64_t stride;
  double* table;
  std::array<double, 2> first, spacing, lower, upper;  ///< x and y; spacing 0 where not resolved
  std::int64_t y_count;
  double width, rate_dt, log_background, log_floor;

  /// 0 inside, rising smoothly to 1 at the rim of the box.
  ISTER_INLINE double depth(double x, int d) const {
    const double inside = x - lower[d] < upper[d] - x ? x - lower[d] : upper[d] - x;
    const double s = 1.0 - inside / width;
    return s > 0.0 ? s * s * (3.0 - 2.0 * s) : 0.0;
  }

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    const double y = first[1] + spacing[1] * static_cast<double>(row % y_count);
    const double depth_y = width > 0.0 && spacing[1] > 0.0 ? depth(y, 1) : 0.0;
    double sponge = 0.0, floor = 0.0;
    for (std::int64_t i = offset; i < offset + points; ++i) {
      const double x = first[0] + spacing[0] * static_cast<double>(i - offset);
      const double depth_x = width > 0.0 ? depth(x, 0) : 0.0;
      const double strength = depth_x > depth_y ? depth_x : depth_y;
      if (strength > 0.0) {
        const double before = energy_density_00<Stress>(fluid, primitives, stride, i);
        const double keep = std::exp(-rate_dt * strength);
        primitives[i] = log_background + keep * (primitives[i] - log_background);
        for (int c = 1; c < Variables<Stress>::count; ++c) primitives[c * stride + i] *= keep;
        sponge += energy_density_00<Stress>(fluid, primitives, stride, i) - before;
      }
      if (primitives[i] < log_floor) {
        const double before = energy_density_00<Stress>(fluid, primitives, stride, i);
        primitives[i] = log_floor;
        floor += energy_density_00<Stress>(fluid, primitives, stride, i) - before;
      }
    }
    table[2 * row] = sponge;
    table[2 * row + 1] = floor;
  }
};

}  // namespace

StepLimits::StepLimits(const EquationContext& context)
    : m_context(context),
      m_sponge(context.options.sponge.width > 0.0),
      m_floor(context.options.floor.energy_density > 0.0),
      m_rows(context.pool, core::BlockLayout(context.decomposition), 2) {}

EnergyBudget StepLimits::apply(double time, double dt, double background, core::FieldBundle& primitives) {
  static const std::string label = "sources";
  const SolverOptions& o = m_context.options;
  const core::Grid& grid = m_context.decomposition.grid();
  const core::Box box = m_context.decomposition.box();
  const double dilution = m_context.milne() ? std::pow(o.time.start / time, 4.0 / 3.0) : 1.0;
  const double log_background = m_sponge ? std::log(background * dilution) : 0.0;
  const double log_floor = m_floor ? std::log(o.floor.energy_density) : -1e300;
  m_context.fluid.visit([&](const auto& fluid) {
    visit_stress(m_context.fluid.stress(), [&](auto tag) {
      using Functor = Apply<decltype(tag), std::decay_t<decltype(fluid)>>;
      core::for_each_row(label, primitives.layout(),
                         Functor{fluid,
                                 primitives.data(),
                                 primitives.layout().component,
                                 m_rows.data(),
                                 {grid.coordinate(0, box.offset[0]), grid.coordinate(1, box.offset[1])},
                                 {grid.spacing(0), grid.dimensions > 1 ? grid.spacing(1) : 0.0},
                                 {grid.lower[0], grid.lower[1]},
                                 {grid.upper[0], grid.upper[1]},
                                 box.count[1],
                                 m_sponge ? o.sponge.width : 0.0,
                                 o.sponge.rate * dt,
                                 log_background,
                                 log_floor});
    });
  });
  m_rows.fetch();
  const double density = grid.cell_volume() * m_context.parameters(time).volume_factor;
  return {density * m_rows.sum(0), density * m_rows.sum(1)};
}

}  // namespace ister::solvers
