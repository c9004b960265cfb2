#include <cmath>

#include "core/base/error.hpp"
#include "core/grid/rows.hpp"
#include "core/parallel/collective.hpp"
#include "solvers/hydro_system.hpp"

// How a HydroSystem gives out and takes in fields: state files, checkpoints, initial data.
namespace ister::solvers {
namespace {

enum class Quantity { energy_density, ux, uy, uz, pixx, pixy, pixz, piyy, piyz, pizz, bulk_pressure, temperature };

struct NamedQuantity {
  const char* name;
  Quantity quantity;
};
constexpr NamedQuantity quantities[] = {{"energy_density", Quantity::energy_density},
                                        {"ux", Quantity::ux},
                                        {"uy", Quantity::uy},
                                        {"uz", Quantity::uz},
                                        {"pixx", Quantity::pixx},
                                        {"pixy", Quantity::pixy},
                                        {"pixz", Quantity::pixz},
                                        {"piyy", Quantity::piyy},
                                        {"piyz", Quantity::piyz},
                                        {"pizz", Quantity::pizz},
                                        {"bulk_pressure", Quantity::bulk_pressure},
                                        {"temperature", Quantity::temperature}};

/// One quantity of the state file at every point.
template <class Stress, class Fluid>
struct Derive {
  Fluid fluid;
  const double* primitives;
  std::int64_t stride;
  Quantity quantity;
  double* out;

  ISTER_INLINE void operator()(std::int64_t, std::int64_t offset, std::int64_t points) const {
    for (std::int64_t i = offset; i < offset + points; ++i) out[i] = value(i);
  }

  ISTER_INLINE double value(std::int64_t i) const {
    const physics::EosPoint eos = fluid.eos(primitives[i]);
    const double e = simd_exp(primitives[i]), w = e * (1.0 + eos.pressure_over_energy);
    physics::FlowState s;
    load_flow<Stress>(primitives, stride, i, s);
    if constexpr (Stress::shear) {
      const physics::Kinematics k = physics::kinematics(s.u);
      s.pi.zz = physics::traceless_zz(s.pi, k.v, physics::longitudinal_factor(k, s.u));
    }
    switch (quantity) {
      case Quantity::energy_density:
        return e;
      case Quantity::ux:
        return s.u.x;
      case Quantity::uy:
        return s.u.y;
      case Quantity::uz:
        return s.u.z;
      case Quantity::pixx:
        return w * s.pi.xx;
      case Quantity::pixy:
        return w * s.pi.xy;
      case Quantity::pixz:
        return w * s.pi.xz;
      case Quantity::piyy:
        return w * s.pi.yy;
      case Quantity::piyz:
        return w * s.pi.yz;
      case Quantity::pizz:
        return w * s.pi.zz;
      case Quantity::bulk_pressure:
        return w * s.bulk;
      default:
        return eos.temperature;
    }
  }
};

}  // namespace

void HydroSystem::copy_field(int which, double* values) {
  static const std::string label = "derive";
  const core::FieldBundle& p = primitives();
  m_fluid.visit([&](const auto& fluid) {
    visit_stress(m_fluid.stress(), [&](auto tag) {
      using Functor = Derive<decltype(tag), std::decay_t<decltype(fluid)>>;
      core::for_each_point(label, p.layout(),
                           Functor{fluid, p.data(), p.layout().component, quantities[which].quantity, m_output.data()});
    });
  });
  m_output.copy_out(0, values);
}

std::vector<core::NamedField> HydroSystem::state_fields() {
  std::vector<core::NamedField> fields;
  for (int q = 0; q < static_cast<int>(std::size(quantities)); ++q)
    fields.push_back({quantities[q].name, [this, q](double* values) { copy_field(q, values); }, {}});
  return fields;
}

void HydroSystem::set_state(double time, const InitialState& initial) {
  take(m_decomposition.box(), initial);
  start(time);
}

void HydroSystem::set_state(double time, const InitialSource& initial) {
  core::collectively(m_context.comm, [&] {
    for (const core::Box& box : initial_boxes(m_decomposition)) take(box, initial.make(box));
  });
  start(time);
}

void HydroSystem::take(const core::Box& box, const InitialState& initial) {
  const std::size_t points = initial.energy_density.size();
  std::vector<double> enthalpy(points), log_e(points);
  for (std::size_t i = 0; i < points; ++i) {
    log_e[i] = std::log(initial.energy_density[i]);
    enthalpy[i] = initial.energy_density[i] * (1.0 + m_fluid.model().eos(log_e[i]).pressure_over_energy);
  }
  const int direction = m_decomposition.slab_direction();
  const std::int64_t first = box.offset[direction] - m_decomposition.box().offset[direction];
  const core::Range layers{first, first + box.count[direction]};
  core::FieldBundle& state = m_integrator.state();
  state.copy_in(0, log_e.data(), layers);
  state.copy_in(1, initial.ux.data(), layers);
  state.copy_in(2, initial.uy.data(), layers);
  state.copy_in(3, initial.uz.data(), layers);
  std::vector<double> ratio(points);
  const auto copy_stress = [&](int component, const std::vector<double>& stress) {
    for (std::size_t i = 0; i < points; ++i) ratio[i] = stress[i] / enthalpy[i];
    state.copy_in(component, ratio.data(), layers);
  };
  visit_stress(m_fluid.stress(), [&](auto tag) {
    using V = Variables<decltype(tag)>;
    if constexpr (decltype(tag)::shear) {
      const std::vector<double>* stresses[] = {&initial.pixx, &initial.pixy, &initial.pixz, &initial.piyy,
                                               &initial.piyz};
      for (int c = 0; c < 5; ++c) copy_stress(V::shear + c, *stresses[c]);
    }
    if constexpr (decltype(tag)::bulk) copy_stress(V::bulk, initial.bulk_pressure);
  });
}

void HydroSystem::start(double time) {
  m_clock = Clock{};
  m_clock.time = time;
  core::FieldBundle& state = m_integrator.state();
  m_equations->from_primitives(time, state, state);
  examine();
  m_clock.start_energy = m_diagnostics.energy;
  // Without a value of its own the sponge relaxes to the emptiest point.
  const double wanted = m_options.sponge.energy_density;
  m_clock.background = wanted == 0.0 ? m_diagnostics.e_min : wanted;
}

std::vector<core::NamedField> HydroSystem::checkpoint_fields() {
  std::vector<core::NamedField> fields;
  const auto add = [&](const std::string& name, core::FieldBundle& bundle, int components) {
    for (int c = 0; c < components; ++c)
      fields.push_back({name + std::to_string(c), [&bundle, c](double* values) { bundle.copy_out(c, values); },
                        [&bundle, c](const double* values) { bundle.copy_in(c, values); }});
  };
  add("evolved_", m_integrator.state(), m_equations->components());
  if (core::FieldBundle* memory = m_equations->memory()) add("recovered_", *memory, m_equations->components());
  return fields;
}

core::Attributes HydroSystem::checkpoint_numbers() const {
  return {{"time", m_clock.time},
          {"step", m_clock.step},
          {"dt", m_clock.dt},
          {"next_dt", m_clock.next_dt},
          {"start_energy", m_clock.start_energy},
          {"work", m_clock.work},
          {"sponge_energy", m_clock.sponge_energy},
          {"floor_energy", m_clock.floor_energy},
          {"background", m_clock.background}};
}

void HydroSystem::restored(const core::Attributes& numbers) {
  const auto number = [&](const char* name) { return std::get<double>(numbers.at(name)); };
  m_clock = {
      number("time"),         number("dt"),   number("next_dt"),       std::get<std::int64_t>(numbers.at("step")),
      number("start_energy"), number("work"), number("sponge_energy"), number("floor_energy"),
      number("background")};
  m_equations->restored();
  examine();
}

}  // namespace ister::solvers
