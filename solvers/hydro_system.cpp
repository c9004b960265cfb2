#include "solvers/hydro_system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "core/base/error.hpp"
#include "solvers/breakdown.hpp"
#include "solvers/output_fields.hpp"
#include "solvers/step_length.hpp"

namespace ister::solvers {
namespace {

std::unique_ptr<Equations> make_equations(const EquationContext& context) {
  return context.options.formulation == Formulation::primitive ? make_primitive_equations(context)
                                                               : make_conservative_equations(context);
}

/// The largest error of every component, then the largest values of the first four.
struct LargestErrors {
  static constexpr int scales = 4;  ///< energy and flow

  const double *error, *state;
  std::int64_t stride;
  int components;
  double* table;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    double* t = table + row * (components + scales);
    for (int c = 0; c < components; ++c) t[c] = largest(error + c * stride + offset, points);
    for (int c = 0; c < scales; ++c) t[components + c] = largest(state + c * stride + offset, points);
  }
  ISTER_INLINE static double largest(const double* x, std::int64_t points) {
    double m = 0.0;
    for (std::int64_t i = 0; i < points; ++i) {
      const double a = std::fabs(x[i]);
      m = a <= m ? m : a;  // not a number counts as larger
    }
    return m;
  }
};

/// Adaptive steps below this share of the grid spacing are a collapse.
constexpr double shortest_step = 1e-6;

/// The nearest time of twelve decimals: sums of steps that a user wrote meet the times that a user wrote.
double decimal(double time) {
  constexpr double digits = 1e12, exact = 4503599627370496.0;
  return std::fabs(time) * digits < exact ? std::nearbyint(time * digits) / digits : time;
}

/// A step cut to ten binary digits. The rounding of an error estimate, which differs from one number of ranks to
/// another, then leaves no trace in the steps.
double coarse(double dt) {
  int exponent = 0;
  const double mantissa = std::frexp(dt, &exponent);
  return std::ldexp(std::floor(1024.0 * mantissa) / 1024.0, exponent);
}

}  // namespace

HydroSystem::HydroSystem(MPI_Comm comm, const core::Decomposition& decomposition, core::ArrayPool& pool,
                         physics::FluidModel fluid, const SolverOptions& options, double energy_cut,
                         core::Profiler* profiler)
    : m_options(options),
      m_decomposition(decomposition),
      m_fluid(std::move(fluid)),
      m_context{comm, m_decomposition, pool, m_fluid, m_options, profiler},
      m_equations(make_equations(m_context)),
      m_integrator(tableau(options.time.integrator), options.time.tolerance.has_value(), pool,
                   core::BlockLayout(decomposition), m_equations->components()),
      m_filter(options.filter, decomposition.grid(), pool.counts()),
      m_stabilizer(m_context, *m_equations),
      m_limits(m_context),
      m_hot_energy(m_context),
      m_watch(m_context),
      m_meter(m_context, *m_equations, energy_cut),
      m_causality(m_context),
      m_fields(evolved_fields(m_fluid.stress())),
      m_components(m_fields.size()),
      m_error_rows(pool, core::BlockLayout(decomposition), static_cast<int>(m_fields.size()) + LargestErrors::scales),
      m_largest(static_cast<std::size_t>(m_error_rows.columns())),
      m_output(pool, core::BlockLayout(decomposition), 1) {
  std::iota(m_components.begin(), m_components.end(), 0);
  if (m_equations->memory() != nullptr) m_memory = make_bundle();
}

double HydroSystem::finest_spacing() const {
  return solvers::finest_spacing(m_decomposition.grid(), m_options.geometry, m_clock.time);
}

double HydroSystem::highest_temperature() const {
  const double temperature = m_fluid.model().eos(std::log(m_range.e_max)).temperature;
  return 1e-3 * physics::units::inverse_fm_to_mev(temperature);
}

double HydroSystem::proposed_step() const {
  const TimeOptions& t = m_options.time;
  if (t.step) return *t.step;
  if (t.cfl)
    return cfl_step(m_options, m_decomposition.grid(), m_fluid.model(), m_clock.time, m_range.e_min, m_range.e_max);
  return m_clock.next_dt > 0.0 ? m_clock.next_dt : 0.05 * finest_spacing();
}

bool HydroSystem::attempt(double dt, Bookings& booked) {
  booked = m_integrator.attempt(*m_equations, m_clock.time, dt);
  if (!m_options.time.tolerance) return true;
  m_error = error_norm();
  return m_error <= 1.0;
}

void HydroSystem::step(double target) {
  const core::Profiler::Region region(m_context.profiler, "step");
  const double remaining = target - m_clock.time, shortest = shortest_step * finest_spacing();
  double dt = proposed_step();
  // What would be left beyond a step by rounding is part of it.
  const bool as_written = !m_options.time.tolerance && std::fabs(decimal(dt) - dt) < 1e-15;
  if (as_written) dt = decimal(m_clock.time + dt) - m_clock.time;
  if (dt > remaining * (1.0 - 1e-9)) dt = remaining;
  Bookings booked;
  while (!attempt(dt, booked)) {
    m_equations->take_failures();
    dt = coarse(std::min(step_factor(), 0.9) * dt);
    if (dt < shortest) fail_to_step(dt);
  }
  if (m_options.time.tolerance) {
    // A step that was cut to meet a time says nothing about how long the next one may be, unless it asks for less.
    const double factor = step_factor();
    m_clock.next_dt = coarse(factor < 1.0 ? factor * dt : std::max(factor * dt, m_clock.next_dt));
  }
  m_integrator.accept();
  const double time = m_clock.time + dt;
  finish_step(dt == remaining ? target : (as_written ? decimal(time) : time), booked);
}

/// By how much the next attempt may be longer than the last one.
double HydroSystem::step_factor() const {
  const double order = m_integrator.embedded_order() + 1.0;
  return std::isfinite(m_error) ? std::clamp(0.9 * std::pow(m_error, -1.0 / order), 0.2, 4.0) : 0.2;
}

/// Shorter steps do not help where the flow is not resolved: an adaptive step that collapses says so.
void HydroSystem::fail_to_step(double dt) {
  m_equations->forget();
  fail_from(
      m_context, m_clock.time, primitives(),
      fmt::format(
          "at time {:.6g} fm (step {}) the adaptive step has collapsed: {:.3g} fm does not meet time.tolerance = {:g}, "
          "and it is below {:g} of the grid spacing. Shorter steps do not help where the grid does not resolve the "
          "flow: take numerics.preset = \"event\" or a finer grid, or a larger tolerance if it is close to rounding",
          m_clock.time, m_clock.step, dt, *m_options.time.tolerance, shortest_step));
}

bool HydroSystem::visit(double time, const std::function<void()>& look) {
  const core::Profiler::Region region(m_context.profiler, "visit");
  Bookings booked;
  const Clock clock = m_clock;
  const StateRange range = m_range;
  keep_memory();
  const bool accurate = attempt(time - m_clock.time, booked);
  if (accurate) {
    m_integrator.accept();
    finish_step(time, booked);
    m_clock.step = clock.step;
    look();
    m_integrator.accept();  // back
  }
  m_equations->take_failures();
  recall_memory();
  m_clock = clock;
  m_range = range;
  m_diagnostics.reset();
  return accurate;
}

/// Of what the equations remember beside the state: from where they begin to look for the primitive variables.
void HydroSystem::keep_memory() {
  (void)primitives();
  if (const core::FieldBundle* memory = m_equations->memory())
    Kokkos::deep_copy(m_memory.view(), Kokkos::subview(memory->view(), std::pair<std::int64_t, std::int64_t>(
                                                                           0, m_memory.view().extent(0))));
}

void HydroSystem::recall_memory() {
  if (core::FieldBundle* memory = m_equations->memory()) {
    Kokkos::deep_copy(
        Kokkos::subview(memory->view(), std::pair<std::int64_t, std::int64_t>(0, m_memory.view().extent(0))),
        m_memory.view());
    m_equations->restored();
  }
}

void HydroSystem::finish_step(double time, const Bookings& local) {
  const double dt = time - m_clock.time;
  m_clock.time = time;
  m_clock.dt = dt;
  ++m_clock.step;
  Stabilization stabilized;
  if (m_hot_energy.active()) m_hot_energy.before(primitives());
  filter();
  diffuse(stabilized);
  cap(stabilized);
  const EnergyBudget limits = limit();
  const double density = m_decomposition.grid().cell_volume();
  if (m_hot_energy.active())
    m_hot_energy.after(primitives(), density * m_context.parameters(time).volume_factor, m_clock.hot_changes);
  std::array<double, 12> sums{
      density * local.work, limits.sponge_energy,
      limits.floor_energy,  density * stabilized.energy * m_context.parameters(time).volume_factor,
      stabilized.points,    stabilized.hot_points,
      stabilized.hot,       stabilized.capped};
  std::copy(local.impulse.begin(), local.impulse.end(), sums.begin() + 8);
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(sums.size()), MPI_DOUBLE, MPI_SUM, m_context.comm);
  if (m_context.milne()) m_clock.work += sums[0];
  m_clock.sponge_energy += sums[1];
  m_clock.floor_energy += sums[2];
  m_clock.stabilizer_energy += sums[3];
  if (m_stabilizer.diffuses_after(m_clock.step)) {
    m_clock.diffused_points = sums[4];
    m_clock.diffused_share = sums[6] > 0.0 ? sums[5] / sums[6] : 0.0;
  }
  m_clock.capped_share = sums[7] / static_cast<double>(m_decomposition.grid().total_points());
  for (int m = 0; m < 4; ++m) m_clock.drive[m] += sums[8 + m];
  examine(Origin::step);
}

void HydroSystem::filter() {
  if (!m_filter.active()) return;
  const core::Profiler::Region region(m_context.profiler, "filter");
  m_equations->filter(m_integrator.state(), m_filter.symbols(m_clock.dt, finest_spacing()), m_components);
}

/// Sponge and floor.
EnergyBudget HydroSystem::limit() {
  if (!m_limits.active()) return {};
  const core::Profiler::Region region(m_context.profiler, "sources");
  core::FieldBundle& state = m_integrator.state();
  core::FieldBundle& primitives = m_equations->primitives(m_clock.time, state);
  const EnergyBudget limits = m_limits.apply(m_clock.time, m_clock.dt, m_clock.background, primitives);
  m_equations->from_primitives(m_clock.time, primitives, state);
  return limits;
}

/// The stabilizer's diffusion, where it is due, for the time up to the middle between now and when it is due again:
/// then each stands in the middle of what it stands for, and the splitting is of second order.
void HydroSystem::diffuse(Stabilization& sums) {
  m_clock.diffusion_time += m_clock.dt;
  const double ahead = 0.5 * m_options.stabilizer.every * m_clock.dt;
  if (!m_stabilizer.diffuses_after(m_clock.step) || m_clock.diffusion_time + ahead <= 0.0) return;
  const core::Profiler::Region region(m_context.profiler, "diffusion");
  core::FieldBundle& state = m_integrator.state();
  core::FieldBundle& primitives = m_equations->primitives(m_clock.time, state);
  m_stabilizer.diffuse(m_clock.diffusion_time + ahead, finest_spacing(), primitives, sums);
  m_clock.diffusion_time = -ahead;
  m_equations->from_primitives(m_clock.time, primitives, state);
}

void HydroSystem::cap(Stabilization& sums) {
  if (!m_stabilizer.caps()) return;
  const core::Profiler::Region region(m_context.profiler, "cap");
  core::FieldBundle& state = m_integrator.state();
  core::FieldBundle& primitives = m_equations->primitives(m_clock.time, state);
  m_stabilizer.cap(primitives, sums);
  m_equations->from_primitives(m_clock.time, primitives, state);
}

/// Looks at a new state and stops where it cannot be used.
void HydroSystem::examine(Origin origin) {
  const core::Profiler::Region region(m_context.profiler, "examination");
  m_diagnostics.reset();
  m_range = m_watch.look(primitives());
  std::int64_t failures = m_equations->take_failures();
  MPI_Allreduce(MPI_IN_PLACE, &failures, 1, MPI_INT64_T, MPI_SUM, m_context.comm);
  if (!m_range.finite) fail(describe_not_finite(), origin);
  if (failures > 0)
    fail("no primitive variables belong to T^{0m} at " + std::to_string(failures) +
             " points (solver.formulation = \"primitive\" knows no such)",
         origin);
  if (m_causality.alarmed(primitives(), m_range.e_min, m_range.e_max)) require_causal();
}

void HydroSystem::require_causal() {
  std::vector<double> energy_density(static_cast<std::size_t>(m_decomposition.box().points()));
  copy_field(0, energy_density.data());
  const std::string found = acausal_matter(energy_density, causality(), m_decomposition, m_context.comm);
  if (!found.empty())
    throw BreakdownError("at time " + std::to_string(m_clock.time) + " fm (step " + std::to_string(m_clock.step) +
                         "): " + found);
}

std::string HydroSystem::describe_not_finite() {
  std::vector<double> values(static_cast<std::size_t>(m_decomposition.box().points()));
  const std::vector<std::string> names = default_output_fields();
  std::vector<int> broken(names.size());
  for (const core::NamedField& field : state_fields()) {
    const auto name = std::find(names.begin(), names.end(), field.name);
    if (name == names.end()) continue;
    field.copy_out(values.data());
    broken[name - names.begin()] =
        !std::all_of(values.begin(), values.end(), [](double v) { return std::isfinite(v); });
  }
  MPI_Allreduce(MPI_IN_PLACE, broken.data(), static_cast<int>(broken.size()), MPI_INT, MPI_MAX, m_context.comm);
  std::string text = std::to_string(diagnostics().not_finite) + " points are not finite, in";
  for (std::size_t f = 0; f < names.size(); ++f)
    if (broken[f] != 0) text += " " + names[f];
  // Runge-Kutta methods of order 4 bear c k dt < 2.8, and k reaches pi/dx.
  const double longest = 2.8 / M_PI * finest_spacing();
  if (m_clock.dt > longest)
    text += " (a step of " + std::to_string(m_clock.dt) + " fm is longer than the " + std::to_string(longest) +
            " fm that are stable on this grid)";
  return text;
}

/// Throws on all ranks; a step left the state before it intact, which tells where it began.
void HydroSystem::fail(const std::string& what, Origin origin) {
  const std::string text = "the solution broke down at time " + std::to_string(m_clock.time) + " fm (step " +
                           std::to_string(m_clock.step) + "): " + what;
  if (origin != Origin::step) throw BreakdownError(text);
  const double before = m_clock.time - m_clock.dt;
  m_equations->forget();
  fail_from(m_context, before, m_equations->primitives(before, m_integrator.previous()), text);
}

double HydroSystem::error_norm() {
  static const std::string label = "error norm";
  const core::FieldBundle &error = m_integrator.error(), &state = m_integrator.attempted();
  const std::vector<StateField>& fields = m_fields;
  const int count = static_cast<int>(fields.size());
  core::for_each_row(label, error.layout(),
                     LargestErrors{error.data(), state.data(), error.layout().component, count, m_error_rows.data()});
  m_error_rows.fetch();
  for (std::size_t c = 0; c < m_largest.size(); ++c) m_largest[c] = m_error_rows.max(static_cast<int>(c));
  MPI_Allreduce(MPI_IN_PLACE, m_largest.data(), static_cast<int>(m_largest.size()), MPI_DOUBLE, MPI_MAX,
                m_context.comm);
  const double* values = m_largest.data() + count;
  const double flow = std::max({1.0, values[1], values[2], values[3]});
  double norm = 0.0;
  for (int c = 0; c < count; ++c) {
    // Conserved quantities in units of energy.
    const double scale = m_options.formulation == Formulation::conservative
                             ? values[0]
                             : (fields[c].error == ErrorScale::flow ? flow : 1.0);
    const double ratio = m_largest[c] / (*m_options.time.tolerance * scale);
    norm = ratio <= norm ? norm : ratio;
  }
  return norm;
}

const Diagnostics& HydroSystem::diagnostics() {
  if (!m_diagnostics) {
    const core::Profiler::Region region(m_context.profiler, "diagnostics");
    m_diagnostics = m_meter.measure(m_clock.time, primitives());
  }
  return *m_diagnostics;
}

void HydroSystem::primitive_rates(core::FieldBundle& rates) {
  m_equations->primitive_rates(m_clock.time, m_integrator.state(), rates);
}

core::FieldBundle HydroSystem::make_bundle() const {
  return {m_context.pool, core::BlockLayout(m_decomposition), m_equations->components()};
}

double HydroSystem::balance() {
  const double gained = diagnostics().energy - m_clock.start_energy;
  const double booked =
      m_clock.work + m_clock.sponge_energy + m_clock.floor_energy + m_clock.stabilizer_energy + drive_energy();
  return (gained - booked) / m_clock.start_energy;
}

}  // namespace ister::solvers
