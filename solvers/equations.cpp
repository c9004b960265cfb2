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
      const double ig = physics::kinematics(load_velocity<Stress>(primitives + i, stride)).ig;
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
  return p;
}

std::vector<StateField> evolved_fields(StressKind stress) {
  std::vector<StateField> fields;
  visit_stress(stress, [&](auto tag) {
    for (const StateField& field : state_fields)
      if (evolves(field, decltype(tag)::shear, decltype(tag)::bulk)) fields.push_back(field);
  });
  return fields;
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

Equations::Equations(const EquationContext& context) : m_context(context), m_sources(m_context) {
  int component = 0;
  for (const StateField& field : evolved_fields(context.fluid.stress()))
    m_groups.of[component++] = static_cast<std::int8_t>(field.relaxation);
}

}  // namespace ister::solvers
