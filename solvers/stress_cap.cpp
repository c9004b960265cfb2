#include "solvers/stress_cap.hpp"

#include "physics/stress_load.hpp"
#include "solvers/point_energy.hpp"

namespace ister::solvers {
namespace {

enum Column { energy, capped, columns };

template <class Stress, class Fluid>
struct Cap {
  Fluid fluid;
  double* primitives;
  std::int64_t stride;
  double limit;
  double* table;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    double* t = table + row * columns;
    t[energy] = t[capped] = 0.0;
    double largest = -1.0;
#pragma omp simd reduction(max : largest)
    for (std::int64_t i = offset; i < offset + points; ++i) {
      const double excess = possible_excess(i);
      largest = excess > largest ? excess : largest;
    }
    if (largest <= 0.0) return;
    for (std::int64_t i = offset; i < offset + points; ++i) cap_point(i, t);
  }

  ISTER_INLINE double possible_excess(std::int64_t i) const {
    physics::FlowState s;
    physics::Kinematics k;
    load_flow<Stress>(primitives, stride, i, s, k);
    return physics::possible_excess<Stress>(limit, s, k);
  }

  KOKKOS_FUNCTION void cap_point(std::int64_t i, double* t) const {
    physics::FlowState s;
    physics::Kinematics k;
    load_flow<Stress>(primitives, stride, i, s, k);
    const double load = physics::stress_load<Stress>(s, k);
    if (!(load > limit)) return;
    const double before = energy_density_00<Stress>(fluid, primitives, stride, i);
    for (int c = Variables<Stress>::flow + 3; c < Variables<Stress>::count; ++c)
      primitives[c * stride + i] *= limit / load;
    t[energy] += energy_density_00<Stress>(fluid, primitives, stride, i) - before;
    t[capped] += 1.0;
  }
};

}  // namespace

StressCap::StressCap(const EquationContext& context, double limit)
    : m_context(context), m_limit(limit), m_rows(context.pool, core::BlockLayout(context.decomposition), columns) {}

StressCap::Result StressCap::apply(core::FieldBundle& primitives) {
  static const std::string label = "cap";
  m_context.fluid.visit([&](const auto& fluid) {
    visit_stress(m_context.fluid.stress(), [&](auto tag) {
      using Functor = Cap<decltype(tag), std::decay_t<decltype(fluid)>>;
      core::for_each_row(label, primitives.layout(),
                         Functor{fluid, primitives.data(), primitives.layout().component, m_limit, m_rows.data()});
    });
  });
  m_rows.fetch();
  return {m_rows.sum(energy), m_rows.sum(capped)};
}

}  // namespace ister::solvers
