#include <utility>

#include "core/grid/rows.hpp"
#include "physics/primitive_recovery.hpp"
#include "solvers/conservative_kernel.hpp"
#include "solvers/equations.hpp"

namespace ister::solvers {
namespace {

/// Arrays of the row functors below: (component, point) at data[component * stride + point].
struct Arrays {
  const double* evolved;  ///< tau T^{0m}, pi^{ij}, Pi
  double* swept;          ///< primitive variables, then the fluxes
  std::int64_t stride;
};

template <class Stress>
ISTER_INLINE void load_conserved(const Arrays& a, double density_factor, std::int64_t i, physics::ConservedPoint& c) {
  const double* at = a.evolved + i;
  const std::int64_t s = a.stride;
  c.energy = density_factor * at[0];
  c.momentum = {density_factor * at[s], density_factor * at[2 * s], density_factor * at[3 * s]};
  load_stresses<Stress>(at, s, c.pi, c.bulk);
}

/// Finds ln e and u^i from T^{0m}, starting from those of the last call, and stores the primitive variables.
template <class Stress, class Fluid>
struct Recover {
  static constexpr int fixed_steps = 4;
  static constexpr int fallback_steps = 80;
  static constexpr double accepted = 1e-11;  ///< residual in units of T^{00}

  Fluid fluid;
  Arrays arrays;
  double density_factor;  ///< 1/tau
  double* failures;       ///< per row

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    // The residuals wait where the first flux will stand.
    double* residual = arrays.swept + Variables<Stress>::count * arrays.stride;
#pragma omp simd
    for (std::int64_t i = offset; i < offset + points; ++i) residual[i] = recover(i);
    double failed = 0.0;
    for (std::int64_t i = offset; i < offset + points; ++i)
      if (!(residual[i] < accepted) && !(recover_from_scratch(i) < accepted)) failed += 1.0;
    if (failed > 0.0) Kokkos::atomic_add(&failures[row], failed);
#pragma omp simd
    for (std::int64_t i = offset; i < offset + points; ++i) store_rest(i);
  }

  /// Improves ln e and u in place; returns the residual before the last step.
  ISTER_INLINE double recover(std::int64_t i) const {
    physics::ConservedPoint c;
    load_conserved<Stress>(arrays, density_factor, i, c);
    double* at = arrays.swept + i;
    const std::int64_t s = arrays.stride;
    physics::RecoveredPoint r;
    r.log_e = at[0];
    r.u = {at[s], at[2 * s], at[3 * s]};
    newton<fixed_steps>(c, r);
    store(r, at);
    return r.residual;
  }

  /// Steps of a number known to the compiler: a loop inside the row loop would keep it from vectorising.
  template <int steps>
  ISTER_INLINE void newton(const physics::ConservedPoint& c, physics::RecoveredPoint& r) const {
    physics::recovery_step<Stress>(fluid, c, r);
    if constexpr (steps > 1) newton<steps - 1>(c, r);
  }

  /// For the rare points where the last state was no good guess: damped steps from the ideal fluid's neighbourhood.
  KOKKOS_FUNCTION double recover_from_scratch(std::int64_t i) const {
    physics::ConservedPoint c;
    load_conserved<Stress>(arrays, density_factor, i, c);
    physics::RecoveredPoint r = physics::recovery_guess(c);
    physics::damped_recovery<Stress>(fluid, c, fallback_steps, 0.0, r);
    store(r, arrays.swept + i);
    return r.residual;
  }

  ISTER_INLINE void store(const physics::RecoveredPoint& r, double* at) const {
    at[0] = r.log_e;
    at[arrays.stride] = r.u.x;
    at[2 * arrays.stride] = r.u.y;
    at[3 * arrays.stride] = r.u.z;
  }

  /// Stresses in units of w, and the fluxes.
  ISTER_INLINE void store_rest(std::int64_t i) const {
    using V = Variables<Stress>;
    double* at = arrays.swept + i;
    const std::int64_t s = arrays.stride;
    physics::ConservedPoint c;
    load_conserved<Stress>(arrays, density_factor, i, c);
    const double ratio = fluid.eos(at[0]).pressure_over_energy;
    const double w = simd_exp(at[0]) * (1.0 + ratio), iw = 1.0 / w;
    physics::FlowState state;
    state.u = load_velocity<Stress>(at, s);
    if constexpr (Stress::shear) state.pi = iw * c.pi;
    if constexpr (Stress::bulk) state.bulk = iw * c.bulk;
    store_stresses<Stress>(state.pi, state.bulk, at, s);
    const physics::Kinematics k = physics::kinematics(state.u);
    physics::complete_trace<Stress>(k, state);
    const physics::StressTensor t = physics::stress_tensor<Stress>(ratio / (1.0 + ratio), state, k);
    double* flux = at + V::count * s;
    flux[0] = w * t.momentum.x;
    flux[s] = w * t.momentum.y;
    flux[2 * s] = w * t.momentum.z;
    flux[3 * s] = w * t.stress.xx;
    flux[4 * s] = w * t.stress.xy;
    flux[5 * s] = w * t.stress.xz;
    flux[6 * s] = w * t.stress.yy;
    flux[7 * s] = w * t.stress.yz;
    flux[8 * s] = w * t.stress.zz;
  }
};

/// Stores the conserved variables of given primitive ones.
template <class Stress, class Fluid>
struct Encode {
  Fluid fluid;
  const double* primitives;
  double* evolved;
  std::int64_t stride;
  double volume_factor;  ///< tau

  ISTER_INLINE void operator()(std::int64_t, std::int64_t offset, std::int64_t points) const {
    for (std::int64_t i = offset; i < offset + points; ++i) store(i);
  }

  ISTER_INLINE void store(std::int64_t i) const {
    const double* p = primitives + i;
    double* out = evolved + i;
    const std::int64_t s = stride;
    const double ratio = fluid.eos(p[0]).pressure_over_energy;
    const double w = simd_exp(p[0]) * (1.0 + ratio);
    physics::FlowState state;
    physics::Kinematics k;
    load_flow<Stress>(primitives, s, i, state, k);
    const physics::StressTensor t = physics::stress_tensor<Stress>(ratio / (1.0 + ratio), state, k);
    out[0] = volume_factor * w * t.energy;
    out[s] = volume_factor * w * t.momentum.x;
    out[2 * s] = volume_factor * w * t.momentum.y;
    out[3 * s] = volume_factor * w * t.momentum.z;
    store_stresses<Stress>(w * state.pi, w * state.bulk, out, s);
  }
};

/// T^{0m} in flux form and the stresses are evolved.
class ConservativeEquations final : public Equations {
 public:
  explicit ConservativeEquations(const EquationContext& context)
      : Equations(context),
        m_stress(context.fluid.stress()),
        m_dimensions(context.decomposition.grid().dimensions),
        m_count(static_cast<int>(evolved_fields(m_stress).size())),
        m_sweep(context.options.stored_derivatives, context.comm, context.decomposition, context.pool,
                swept_components(), m_count + 1, context.profiler),
        m_swept(context.pool, core::BlockLayout(context.decomposition), m_count + Fluxes::count),
        m_work(context.pool, m_swept.layout(), 1),
        m_failures(context.pool, m_swept.layout(), 1) {}

  [[nodiscard]] int components() const override { return m_count; }

  Bookings evaluate(double time, const core::FieldBundle& state, const StageUpdate& update) override {
    recover(time, state);
    m_recovered = false;  // the update may write the state
    return sweep<ConservativeKernel>(time, update);
  }

  void primitive_rates(double time, const core::FieldBundle& state, core::FieldBundle& rates) override {
    (void)primitives(time, state);
    sweep<PrimitiveKernel>(time, StageUpdate::store(m_swept, rates));
  }

  /// Recovered once per state however often it is asked for, so that output leaves no trace in the solution.
  const core::FieldBundle& primitives(double time, const core::FieldBundle& state) override {
    if (!m_recovered) recover(time, state);
    m_recovered = true;
    return m_swept;
  }
  core::FieldBundle& primitives(double time, core::FieldBundle& state) override {
    (void)primitives(time, std::as_const(state));
    return m_swept;
  }

  void from_primitives(double time, const core::FieldBundle& primitives, core::FieldBundle& state) override {
    static const std::string label = "from_primitives";
    if (primitives.data() != m_swept.data())
      Kokkos::deep_copy(Kokkos::subview(m_swept.view(), range(primitives)),
                        Kokkos::subview(primitives.view(), range(primitives)));
    dispatch([&](auto tag, const auto& fluid) {
      using Functor = Encode<decltype(tag), std::decay_t<decltype(fluid)>>;
      core::for_each_point(label, m_swept.layout(),
                           Functor{fluid, m_swept.data(), state.data(), m_swept.layout().component,
                                   m_context.parameters(time).volume_factor});
    });
    m_recovered = false;
  }

  [[nodiscard]] core::FieldBundle* memory() override { return &m_swept; }
  void restored() override { m_recovered = true; }

  std::int64_t take_failures() override { return std::exchange(m_failed, 0); }

  void filter(core::FieldBundle& bundle, const std::array<core::LineSymbol, 3>& symbols,
              const std::vector<int>& components) override {
    m_sweep.filter(bundle, symbols, components);
    m_recovered = false;
  }
  void forget() override { m_recovered = false; }

  void apply(int direction, const core::LineSymbol& symbol, core::FieldBundle& field) override {
    static const std::vector<int> all{0};
    m_sweep.apply(direction, symbol, field, all);
  }

  [[nodiscard]] core::TransformStatistics transforms() const override { return m_sweep.statistics(); }

 private:
  /// Evaluates a right-hand side from the swept fields.
  template <template <int, class, class> class Kernel>
  Bookings sweep(double time, const StageUpdate& update) {
    m_work.clear();
    FlowParameters parameters = m_context.parameters(time);
    const SourceTerms::Force force = m_sources.at(time, m_swept);
    parameters.force = force.field;
    m_context.fluid.visit([&](const auto& fluid) {
      sweep_right_hand_side<Kernel>(m_sweep, m_dimensions, m_stress, m_swept, fluid, parameters, update, m_work.data());
    });
    m_work.fetch();
    return {m_work.sum(0), force.density};
  }

  void recover(double time, const core::FieldBundle& state) {
    const core::Profiler::Region region(m_context.profiler, "recovery");
    static const std::string label = "recovery";
    const double density_factor = 1.0 / m_context.parameters(time).volume_factor;
    m_failures.clear();
    dispatch([&](auto tag, const auto& fluid) {
      using Functor = Recover<decltype(tag), std::decay_t<decltype(fluid)>>;
      core::for_each_point(label, m_swept.layout(), Functor{fluid, arrays(state), density_factor, m_failures.data()});
    });
    m_failures.fetch();
    m_failed += static_cast<std::int64_t>(m_failures.sum(0));
  }

  [[nodiscard]] core::AnySweep::Components swept_components() const {
    core::AnySweep::Components components;
    for (int d = 0; d < m_dimensions; ++d) {
      for (int c = 0; c < m_count; ++c) components[d].push_back(c);
      for (const int flux : Fluxes::along[d]) components[d].push_back(m_count + flux);
    }
    return components;
  }

  [[nodiscard]] Arrays arrays(const core::FieldBundle& state) {
    return {state.data(), m_swept.data(), m_swept.layout().component};
  }

  [[nodiscard]] std::pair<std::int64_t, std::int64_t> range(const core::FieldBundle& bundle) const {
    return {0, m_count * bundle.layout().component};
  }

  template <class F>
  void dispatch(const F& f) const {
    m_context.fluid.visit([&](const auto& fluid) { visit_stress(m_stress, [&](auto tag) { f(tag, fluid); }); });
  }

  StressKind m_stress;
  int m_dimensions;
  int m_count;
  core::AnySweep m_sweep;
  core::FieldBundle m_swept;
  core::RowTable m_work, m_failures;
  std::int64_t m_failed = 0;
  bool m_recovered = false;  ///< the swept fields belong to the state
};

}  // namespace

std::unique_ptr<Equations> make_conservative_equations(const EquationContext& context) {
  return std::make_unique<ConservativeEquations>(context);
}

}  // namespace ister::solvers
