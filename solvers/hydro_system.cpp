#include "solvers/hydro_system.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "core/base/error.hpp"
#include "solvers/breakdown.hpp"
#include "solvers/output_fields.hpp"

namespace ister::solvers {
namespace {

std::optional<std::array<core::LineSymbol, 3>> filter_symbols(const FilterOptions& options, const core::Grid& grid) {
  if (options.type == FilterOptions::Type::none) return std::nullopt;
  const bool sharp = options.type == FilterOptions::Type::two_thirds;
  std::array<core::LineSymbol, 3> symbols;
  for (int d = 0; d < grid.dimensions; ++d)
    symbols[d] = core::filter_symbol(grid.points[d], [&](double k) {
      if (sharp) return k > 2.0 / 3.0 ? 0.0 : 1.0;
      return std::exp(-options.strength * std::pow(k, options.order));
    });
  return symbols;
}

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
      m_filter(pool.counts() ? std::nullopt : filter_symbols(options.filter, decomposition.grid())),
      m_limits(m_context),
      m_watch(m_context),
      m_meter(m_context, *m_equations, energy_cut),
      m_causality(m_context),
      m_fields(evolved_fields(m_fluid.stress())),
      m_error_rows(pool, core::BlockLayout(decomposition), static_cast<int>(m_fields.size()) + LargestErrors::scales),
      m_largest(static_cast<std::size_t>(m_error_rows.columns())),
      m_output(pool, core::BlockLayout(decomposition), 1) {}

double HydroSystem::finest_spacing() const {
  const core::Grid& grid = m_decomposition.grid();
  double dx = std::numeric_limits<double>::max();
  for (int d = 0; d < grid.dimensions; ++d)
    dx = std::min(dx, grid.spacing(d) * (d == 2 && m_context.milne() ? m_clock.time : 1.0));
  return dx;
}

double HydroSystem::proposed_step() const {
  const TimeOptions& t = m_options.time;
  if (t.step) return *t.step;
  if (t.cfl) return *t.cfl * finest_spacing();
  return m_clock.next_dt > 0.0 ? m_clock.next_dt : 0.05 * finest_spacing();
}

void HydroSystem::step(double target) {
  const core::Profiler::Region region(m_context.profiler, "step");
  constexpr int most_attempts = 40;
  const double remaining = target - m_clock.time;
  double dt = proposed_step();
  // What would be left beyond a step by rounding is part of it.
  if (dt > remaining * (1.0 - 1e-9)) dt = remaining;
  const bool adaptive = m_options.time.tolerance.has_value();
  for (int attempt = 0; attempt < most_attempts; ++attempt) {
    const Bookings booked = m_integrator.attempt(*m_equations, m_clock.time, dt);
    if (adaptive) {
      const double error = error_norm();
      const double order = m_integrator.embedded_order() + 1.0;
      const double factor = std::isfinite(error) ? std::clamp(0.9 * std::pow(error, -1.0 / order), 0.2, 4.0) : 0.2;
      if (!(error <= 1.0)) {
        m_equations->take_failures();
        dt = coarse(std::min(factor, 0.9) * dt);
        continue;
      }
      // A step that was cut to meet a time says nothing about how long the next one may be, unless it asks for less.
      m_clock.next_dt = coarse(factor < 1.0 ? factor * dt : std::max(factor * dt, m_clock.next_dt));
    }
    m_integrator.accept();
    finish_step(dt == remaining ? target : m_clock.time + dt, booked);
    return;
  }
  m_equations->forget();
  fail_from(m_context, m_clock.time, primitives(),
            "at time " + std::to_string(m_clock.time) + " fm no step down to " + std::to_string(dt) +
                " fm meets time.tolerance: the solution is breaking down, or the tolerance is below rounding");
}

void HydroSystem::finish_step(double time, const Bookings& local) {
  const double dt = time - m_clock.time;
  m_clock.time = time;
  m_clock.dt = dt;
  ++m_clock.step;
  core::FieldBundle& state = m_integrator.state();
  if (m_filter) {
    const core::Profiler::Region region(m_context.profiler, "filter");
    m_equations->filter(state, *m_filter);
  }
  EnergyBudget limits;
  if (m_limits.active()) {
    const core::Profiler::Region region(m_context.profiler, "sources");
    core::FieldBundle& primitives = m_equations->primitives(m_clock.time, state);
    limits = m_limits.apply(m_clock.time, dt, m_clock.background, primitives);
    m_equations->from_primitives(m_clock.time, primitives, state);
  }
  const double density = m_decomposition.grid().cell_volume();
  std::array<double, 7> sums{density * local.work, limits.sponge_energy, limits.floor_energy};
  std::copy(local.impulse.begin(), local.impulse.end(), sums.begin() + 3);
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(sums.size()), MPI_DOUBLE, MPI_SUM, m_context.comm);
  if (m_context.milne()) m_clock.work += sums[0];
  m_clock.sponge_energy += sums[1];
  m_clock.floor_energy += sums[2];
  for (int m = 0; m < 4; ++m) m_clock.drive[m] += sums[3 + m];
  examine(Origin::step);
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
  const double booked = m_clock.work + m_clock.sponge_energy + m_clock.floor_energy + drive_energy();
  return (gained - booked) / m_clock.start_energy;
}

}  // namespace ister::solvers
