#include <cmath>

#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "solvers/hydro_system.hpp"
#include "solvers/named_components.hpp"
#include "solvers/output_fields.hpp"

// How a HydroSystem gives out and takes in fields: state files, checkpoints, initial data.
namespace ister::solvers {
namespace {

/// 1 for every point where any component differs, summed over a row.
struct Differences {
  const double *a, *b;
  std::int64_t stride;
  int components;
  double* table;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    double count = 0.0;
    for (std::int64_t i = offset; i < offset + points; ++i) {
      bool differs = false;
      for (int c = 0; c < components; ++c) differs = differs || a[c * stride + i] != b[c * stride + i];
      count += differs ? 1.0 : 0.0;
    }
    table[row] = count;
  }
};

}  // namespace

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
  start(time, false);
}

void HydroSystem::set_state(double time, const InitialSource& initial) {
  core::collectively(m_context.comm, [&] {
    for (const core::Box& box : initial_boxes(m_decomposition)) take(box, initial.make(box));
  });
  start(time, initial.rough && m_options.stabilizer.max_flow > 0.0);
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

void HydroSystem::start(double time, bool rough) {
  m_clock = Clock{};
  m_clock.time = time;
  core::FieldBundle& state = m_integrator.state();
  if (rough) condition(state);
  m_equations->from_primitives(time, state, state);
  examine(Origin::start);
  m_clock.start_energy = diagnostics().energy;
  // Without a value of its own the sponge relaxes to the emptiest point.
  const double wanted = m_options.sponge.energy_density;
  m_clock.background = wanted == 0.0 ? m_range.e_min : wanted;
}

/// Makes the primitive variables of rough data fit to start from; remembers by how much that changed the energy, and at
/// how many points. Smoothed are data of whose energy the filter alone would take or give more than a ten-thousandth.
void HydroSystem::condition(core::FieldBundle& primitives) {
  constexpr double tolerated = 1e-4;
  const auto energy_of = [&](const core::FieldBundle& state) { return m_meter.measure(m_clock.time, state).energy; };
  const double energy = energy_of(primitives), dx = finest_spacing();
  core::FieldBundle& copy = m_integrator.spare();
  Kokkos::deep_copy(copy.view(), primitives.view());
  if (m_filter.active()) m_equations->filter(copy, m_filter.symbols(0.4 * dx, dx), m_components);
  const bool smooth = m_filter.active() && std::fabs(energy_of(copy) - energy) <= tolerated * energy;
  Kokkos::deep_copy(copy.view(), primitives.view());
  m_stabilizer.condition(dx, !smooth, primitives);
  m_conditioning = Conditioning{energy, energy_of(primitives), count_differences(copy, primitives)};
}

/// Points of all ranks where two bundles differ.
double HydroSystem::count_differences(const core::FieldBundle& a, const core::FieldBundle& b) {
  static const std::string label = "differences";
  const core::RowTable rows(m_context.pool, a.layout(), 1);
  core::for_each_row(label, a.layout(),
                     Differences{a.data(), b.data(), a.layout().component, m_equations->components(), rows.data()});
  rows.fetch();
  double count = rows.sum(0);
  MPI_Allreduce(MPI_IN_PLACE, &count, 1, MPI_DOUBLE, MPI_SUM, m_context.comm);
  return count;
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
          {"diffusion_time", m_clock.diffusion_time},
          {"stabilizer_energy", m_clock.stabilizer_energy},
          {"diffused_points", m_clock.diffused_points},
          {"diffused_share", m_clock.diffused_share},
          {"capped_share", m_clock.capped_share},
          {"hot_changes", std::vector<double>(m_clock.hot_changes.begin(), m_clock.hot_changes.end())},
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
  if (numbers.count("diffusion_time") > 0) {  // older checkpoints were not stabilized
    m_clock.diffusion_time = number("diffusion_time");
    m_clock.stabilizer_energy = number("stabilizer_energy");
    m_clock.diffused_points = number("diffused_points");
    m_clock.diffused_share = number("diffused_share");
    m_clock.capped_share = number("capped_share");
  }
  m_clock.hot_changes = {};
  if (const auto hot = numbers.find("hot_changes"); hot != numbers.end())  // nor were surfaces looked for
    std::copy_n(std::get<std::vector<double>>(hot->second).begin(), m_clock.hot_changes.size(),
                m_clock.hot_changes.begin());
  m_clock.drive = {};
  if (const auto drive = numbers.find("drive_impulse"); drive != numbers.end())  // older checkpoints were not driven
    std::copy_n(std::get<std::vector<double>>(drive->second).begin(), m_clock.drive.size(), m_clock.drive.begin());
  m_equations->restored();
  examine(Origin::start);
}

}  // namespace ister::solvers
