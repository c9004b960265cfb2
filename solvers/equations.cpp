#include "solvers/equations.hpp"

#include <utility>

#include "core/grid/rows.hpp"

namespace ister::solvers {
namespace {

/// Rates at which pi and Pi relax in coordinate time: 1/(u^0 tau).
template <class Stress, class Fluid>
struct RelaxationRates {
  Fluid fluid;
  const double* primitives;
  double* rates;
  std::int64_t stride;

  ISTER_INLINE void operator()(std::int64_t, std::int64_t offset, std::int64_t points) const {
    for (std::int64_t i = offset; i < offset + points; ++i) {
      const physics::FluidPoint f = fluid.at(primitives[i]);
      const Vec3 u{primitives[stride + i], primitives[2 * stride + i], primitives[3 * stride + i]};
      const double ig = physics::kinematics(u).ig;
      rates[i] = Stress::shear ? ig * f.shear_rate : 0.0;
      rates[stride + i] = Stress::bulk ? ig * f.bulk_rate : 0.0;
    }
  }
};

}  // namespace

DeviceFluid::DeviceFluid(physics::FluidModel model) : m_model(std::move(model)) {
  const std::vector<double>& table = m_model.table();
  m_table = core::DeviceArray(Kokkos::ViewAllocateWithoutInitializing("fluid"), table.size());
  const Kokkos::View<const double*, Kokkos::HostSpace, Kokkos::MemoryUnmanaged> host(table.data(), table.size());
  Kokkos::deep_copy(m_table, host);
}

StressKind DeviceFluid::stress() const {
  if (m_model.has_shear()) return m_model.has_bulk() ? StressKind::shear_bulk : StressKind::shear;
  return m_model.has_bulk() ? StressKind::bulk : StressKind::ideal;
}

FlowParameters EquationContext::parameters(double time) const {
  FlowParameters p;
  if (milne()) {
    p.terms.expansion = p.scale = 1.0 / time;
    p.volume_factor = time;
  }
  p.terms.vorticity = options.transport.vorticity ? 1.0 : 0.0;
  const double rho0 = options.regulator.rho0;
  p.terms.regulator_rate = rho0 > 0.0 ? options.regulator.rate / (rho0 * rho0 * rho0 * rho0) : 0.0;
  return p;
}

int primitive_count(StressKind stress) {
  return visit_stress(stress, [](auto tag) { return Variables<decltype(tag)>::count; });
}

void Equations::relaxation_rates(double time, const core::FieldBundle& state, core::FieldBundle& rates) {
  static const std::string label = "relaxation";
  const core::FieldBundle& p = primitives(time, state);
  m_context.fluid.visit([&](const auto& fluid) {
    visit_stress(m_context.fluid.stress(), [&](auto tag) {
      using Functor = RelaxationRates<decltype(tag), std::decay_t<decltype(fluid)>>;
      core::for_each_point(label, p.layout(), Functor{fluid, p.data(), rates.data(), p.layout().component});
    });
  });
}

Equations::Relaxing Equations::relaxing() const {
  return visit_stress(m_context.fluid.stress(), [](auto tag) {
    using V = Variables<decltype(tag)>;
    return Relaxing{V::shear, V::bulk};
  });
}

}  // namespace ister::solvers
