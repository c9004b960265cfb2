#include "core/grid/rows.hpp"
#include "solvers/equations.hpp"

namespace ister::solvers {
namespace {

core::AnySweep::Components all_components(int dimensions, int count) {
  core::AnySweep::Components components;
  for (int d = 0; d < dimensions; ++d)
    for (int c = 0; c < count; ++c) components[d].push_back(c);
  return components;
}

/// A stage from rates that are there already.
struct ApplyUpdate {
  StageUpdate update;
  core::OutputRow rates;

  ISTER_INLINE void operator()(std::int64_t /*row*/, std::int64_t offset, std::int64_t points) const {
    update.apply(offset, points, {rates.data + offset, rates.stride});
  }
};

/// The primitive variables themselves are evolved.
class PrimitiveEquations final : public Equations {
 public:
  explicit PrimitiveEquations(const EquationContext& context)
      : Equations(context),
        m_stress(context.fluid.stress()),
        m_dimensions(context.decomposition.grid().dimensions),
        m_count(static_cast<int>(evolved_fields(m_stress).size())),
        m_all(all_components(m_dimensions, m_count)),
        m_sweep(context.options.stored_derivatives, context.comm, context.decomposition, context.pool, m_all,
                m_count + 1, context.profiler),
        m_work(context.pool, core::BlockLayout(context.decomposition), 1) {}

  [[nodiscard]] int components() const override { return m_count; }

  Bookings evaluate(double time, const core::FieldBundle& state, const StageUpdate& update) override {
    if (m_known.state == state.data() && m_known.time == time) return apply_known(state.layout(), update);
    m_work.clear();
    FlowParameters parameters = m_context.parameters(time);
    const SourceTerms::Force force = m_sources.at(time, state);
    parameters.force = force.field;
    m_context.fluid.visit([&](const auto& fluid) {
      sweep_right_hand_side<PrimitiveKernel>(m_sweep, m_dimensions, m_stress, state, fluid, parameters, update,
                                             m_work.data());
    });
    m_work.fetch();
    return {m_work.sum(0), force.density};
  }

  void primitive_rates(double time, const core::FieldBundle& state, core::FieldBundle& rates) override {
    forget();
    const Bookings booked = evaluate(time, state, StageUpdate::store(state, rates));
    m_known = {state.data(), time, {rates.data(), rates.layout().component}, booked};
  }

  const core::FieldBundle& primitives(double, const core::FieldBundle& state) override { return state; }
  core::FieldBundle& primitives(double, core::FieldBundle& state) override {
    forget();
    return state;
  }

  void restored() override { forget(); }
  void forget() override { m_known = {}; }

  void from_primitives(double, const core::FieldBundle& primitives, core::FieldBundle& state) override {
    forget();
    if (primitives.data() != state.data()) Kokkos::deep_copy(state.view(), primitives.view());
  }

  void filter(core::FieldBundle& bundle, const std::array<core::LineSymbol, 3>& symbols,
              const std::vector<int>& components) override {
    forget();
    m_sweep.filter(bundle, symbols, components);
  }

  void apply(int direction, const core::LineSymbol& symbol, core::FieldBundle& field) override {
    static const std::vector<int> all{0};
    m_sweep.apply(direction, symbol, field, all);
  }

  [[nodiscard]] core::TransformStatistics transforms() const override { return m_sweep.statistics(); }

 private:
  /// The rates of a state that primitive_rates was asked for: what a step from there begins with.
  struct KnownRates {
    const double* state = nullptr;
    double time = 0.0;
    core::OutputRow rates;
    Bookings booked;
  };

  Bookings apply_known(const core::BlockLayout& layout, const StageUpdate& update) const {
    static const std::string label = "known rates";
    core::for_each_point(label, layout, ApplyUpdate{update, m_known.rates});
    return m_known.booked;
  }

  StressKind m_stress;
  int m_dimensions;
  int m_count;
  core::AnySweep::Components m_all;
  core::AnySweep m_sweep;
  core::RowTable m_work;
  KnownRates m_known;
};

}  // namespace

std::unique_ptr<Equations> make_primitive_equations(const EquationContext& context) {
  return std::make_unique<PrimitiveEquations>(context);
}

}  // namespace ister::solvers
