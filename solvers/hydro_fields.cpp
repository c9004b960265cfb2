#include <cmath>

#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "solvers/hydro_system.hpp"
#include "solvers/named_components.hpp"
#include "solvers/output_fields.hpp"

// How a HydroSystem gives out and takes in fields: state files, checkpoints, initial data.
namespace ister::solvers {
void HydroSystem::copy_field(int which, double* values) {
  derive_output_field(which, m_fluid, primitives(), m_output.data());
  m_output.copy_out(0, values);
}

std::vector<core::NamedField> HydroSystem::state_fields() {
  std::vector<core::NamedField> fields;
  const std::vector<std::string>& names = output_field_names();
  for (int f = 0; f < static_cast<int>(names.size()); ++f)
    fields.push_back({names[f], [this, f](double* values) { copy_field(f, values); }, {}});
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
  std::vector<double> log_e(points), enthalpy(points), value(points);
  for (std::size_t i = 0; i < points; ++i) {
    log_e[i] = std::log(initial.energy_density[i]);
    enthalpy[i] = initial.energy_density[i] * (1.0 + m_fluid.model().eos(log_e[i]).pressure_over_energy);
  }
  core::FieldBundle& state = m_integrator.state();
  int component = 0;
  for (const StateField& field : evolved_fields(m_fluid.stress())) {
    const std::vector<double>& given = initial.*field.values;
    if (field.form == Form::per_enthalpy)
      for (std::size_t i = 0; i < points; ++i) value[i] = given[i] / enthalpy[i];
    state.copy_in(component++,
                  (field.form == Form::logarithm ? log_e : (field.form == Form::per_enthalpy ? value : given)).data(),
                  box);
  }
}

void HydroSystem::start(double time) {
  m_clock = Clock{};
  m_clock.time = time;
  core::FieldBundle& state = m_integrator.state();
  m_equations->from_primitives(time, state, state);
  examine(Origin::start);
  m_clock.start_energy = diagnostics().energy;
  // Without a value of its own the sponge relaxes to the emptiest point.
  const double wanted = m_options.sponge.energy_density;
  m_clock.background = wanted == 0.0 ? m_range.e_min : wanted;
}

std::vector<core::NamedField> HydroSystem::checkpoint_fields() {
  std::vector<core::NamedField> fields;
  add_components(fields, "evolved_", m_integrator.state(), m_equations->components());
  if (core::FieldBundle* memory = m_equations->memory())
    add_components(fields, "recovered_", *memory, m_equations->components());
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
          {"drive_impulse", std::vector<double>(m_clock.drive.begin(), m_clock.drive.end())},
          {"background", m_clock.background}};
}

void HydroSystem::restored(const core::Attributes& numbers) {
  const auto number = [&](const char* name) { return std::get<double>(numbers.at(name)); };
  m_clock.time = number("time");
  m_clock.dt = number("dt");
  m_clock.next_dt = number("next_dt");
  m_clock.step = std::get<std::int64_t>(numbers.at("step"));
  m_clock.start_energy = number("start_energy");
  m_clock.work = number("work");
  m_clock.sponge_energy = number("sponge_energy");
  m_clock.floor_energy = number("floor_energy");
  m_clock.background = number("background");
  m_clock.drive = {};
  if (const auto drive = numbers.find("drive_impulse"); drive != numbers.end())  // older checkpoints were not driven
    std::copy_n(std::get<std::vector<double>>(drive->second).begin(), m_clock.drive.size(), m_clock.drive.begin());
  m_equations->restored();
  examine(Origin::start);
}

}  // namespace ister::solvers
