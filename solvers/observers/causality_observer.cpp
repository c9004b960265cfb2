#include "solvers/observers/causality_observer.hpp"

#include "physics/nonlinear_causality.hpp"

namespace ister::solvers {
namespace {

template <class Stress, class Fluid>
struct AcausalMatter {
  Fluid fluid;
  const double* primitives;
  std::int64_t stride;
  double log_cut;
  double* table;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    double acausal = 0.0, all = 0.0;
    for (std::int64_t i = offset; i < offset + points; ++i) {
      if (!(primitives[i] > log_cut)) continue;
      physics::FlowState state;
      physics::Kinematics k;
      load_flow<Stress>(primitives, stride, i, state, k);
      const double weight = simd_exp(primitives[i]) * k.g;
      all += weight;
      if (!physics::causal_on_axes<Stress>(fluid.at(primitives[i]), state, k)) acausal += weight;
    }
    table[2 * row] = acausal;
    table[2 * row + 1] = all;
  }
};

}  // namespace

CausalityObserver::CausalityObserver(HydroSystem& system, const SolverOptions& options)
    : m_system(system), m_measures(!options.transport.vorticity) {
  const EquationContext& context = system.context();
  if (m_measures) m_rows = core::RowTable(context.pool, core::BlockLayout(context.decomposition), 2);
}

std::vector<std::string> CausalityObserver::columns() const {
  if (!m_measures) return {};
  return {"acausal_fraction"};
}

void CausalityObserver::add_values(std::vector<double>& row) {
  if (m_measures) row.push_back(fraction());
}

double CausalityObserver::fraction() {
  if (m_step != m_system.step_count()) m_fraction = measure();
  m_step = m_system.step_count();
  return m_fraction;
}

double CausalityObserver::measure() const {
  static const std::string label = "acausal_fraction";
  const EquationContext& context = m_system.context();
  const core::FieldBundle& primitives = m_system.primitives();
  const core::BlockLayout& layout = primitives.layout();
  context.fluid.visit([&](const auto& fluid) {
    visit_stress(context.fluid.stress(), [&](auto stress) {
      core::for_each_row(
          label, layout,
          AcausalMatter<decltype(stress), std::decay_t<decltype(fluid)>>{
              fluid, primitives.data(), layout.component, m_system.causality().log_cut(), m_rows.data()});
    });
  });
  m_rows.fetch();
  double sums[] = {m_rows.sum(0), m_rows.sum(1)};
  MPI_Allreduce(MPI_IN_PLACE, sums, 2, MPI_DOUBLE, MPI_SUM, context.comm);
  return sums[1] > 0.0 ? sums[0] / sums[1] : 0.0;
}

}  // namespace ister::solvers
