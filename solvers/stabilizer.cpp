#include "solvers/stabilizer.hpp"

#include <cmath>

namespace ister::solvers {
namespace {

/// |u| -> a function of it that is |u| itself below 0.8 of the limit, and stays below the limit.
struct LimitFlow {
  static constexpr double untouched = 0.8;
  double* flow;  ///< u^x
  std::int64_t stride;
  double most;

  ISTER_INLINE void operator()(std::int64_t, std::int64_t offset, std::int64_t points) const {
    for (std::int64_t i = offset; i < offset + points; ++i) {
      double u2 = 0.0;
      for (int c = 0; c < 3; ++c) u2 += flow[c * stride + i] * flow[c * stride + i];
      const double u = std::sqrt(u2) / most;
      if (!(u > untouched)) continue;
      const double room = 1.0 - untouched, limited = untouched + room * std::tanh((u - untouched) / room);
      for (int c = 0; c < 3; ++c) flow[c * stride + i] *= limited / u;
    }
  }
};

}  // namespace

Stabilizer::Stabilizer(const EquationContext& context, Equations& equations) : m_context(context) {
  const StabilizerOptions& options = context.options.stabilizer;
  if (options.threshold > 0.0) m_diffusion.emplace(context, equations, options.threshold);
  if (options.cap > 0.0 && context.fluid.stress() != StressKind::ideal) m_cap.emplace(context, options.cap);
}

void Stabilizer::diffuse(double time, double dx, core::FieldBundle& primitives, Stabilization& sums) {
  const LocalDiffusion::Result r = m_diffusion->apply(time, dx, primitives);
  sums.energy += r.energy;
  sums.points += r.points;
  sums.hot_points += r.hot_points;
  sums.hot += r.hot;
}

void Stabilizer::cap(core::FieldBundle& primitives, Stabilization& sums) {
  const StressCap::Result r = m_cap->apply(primitives);
  sums.energy += r.energy;
  sums.capped += r.points;
}

void Stabilizer::condition(double dx, bool rough, core::FieldBundle& primitives) {
  static const std::string label = "limit flow";
  const double most = m_context.options.stabilizer.max_flow;
  core::for_each_point(
      label, primitives.layout(),
      LimitFlow{primitives.component(Variables<physics::IdealStress>::flow), primitives.layout().component, most});
  Stabilization sums;
  for (int pass = 0; pass < (rough ? 4 : 1); ++pass) {
    if (m_diffusion && pass > 0) diffuse(0.4 * dx, dx, primitives, sums);
    if (m_cap) cap(primitives, sums);
  }
}

}  // namespace ister::solvers
