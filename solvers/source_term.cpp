#include "solvers/source_term.hpp"

#include "solvers/drive.hpp"
#include "solvers/equations.hpp"

namespace ister::solvers {
namespace {

/// f^m -> f^m/w; the sums of f^m over each row.
template <class Fluid>
struct DivideByEnthalpy {
  Fluid fluid;
  const double* log_e;
  double* force;
  std::int64_t stride;
  double* sums;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    double sum[4] = {};
    for (std::int64_t i = offset; i < offset + points; ++i) {
      const double iw = 1.0 / (simd_exp(log_e[i]) * (1.0 + fluid.eos(log_e[i]).pressure_over_energy));
      for (int m = 0; m < 4; ++m) {
        sum[m] += force[m * stride + i];
        force[m * stride + i] *= iw;
      }
    }
    for (int m = 0; m < 4; ++m) sums[4 * row + m] = sum[m];
  }
};

std::vector<std::unique_ptr<SourceTerm>> make_source_terms(const EquationContext& context) {
  std::vector<std::unique_ptr<SourceTerm>> terms;
  if (!context.options.drive.tones.empty()) terms.push_back(std::make_unique<Drive>(context));
  return terms;
}

core::BlockLayout layout_of_a_row(const core::Decomposition& decomposition) {
  core::BlockLayout layout(decomposition);
  layout.rows = layout.planes = 1;
  layout.plane = layout.component = layout.pitch;
  return layout;
}

}  // namespace

SourceTerms::SourceTerms(const EquationContext& context) : m_context(context), m_terms(make_source_terms(context)) {
  if (m_terms.empty()) {
    m_force = core::FieldBundle(context.pool, layout_of_a_row(context.decomposition), 1);
  } else {
    m_force = core::FieldBundle(context.pool, core::BlockLayout(context.decomposition), 4);
    m_sums = core::RowTable(context.pool, m_force.layout(), 4);
  }
}

SourceTerms::Force SourceTerms::at(double time, const core::FieldBundle& primitives) {
  if (m_terms.empty()) return {{m_force.data(), 0, 0}, {}};
  const core::Profiler::Region region(m_context.profiler, "source terms");
  core::set_zero(m_force.view());
  for (const auto& term : m_terms) term->add(time, primitives, m_force);
  divide_by_enthalpy(primitives);
  m_sums.fetch();
  const double volume = m_context.decomposition.grid().cell_volume() * m_context.parameters(time).volume_factor;
  Force force{{m_force.data(), m_force.layout().component, 1}, {}};
  for (int m = 0; m < 4; ++m) force.density[m] = volume * m_sums.sum(m);
  return force;
}

void SourceTerms::divide_by_enthalpy(const core::FieldBundle& primitives) {
  static const std::string label = "source terms";
  m_context.fluid.visit([&](const auto& fluid) {
    core::for_each_row(label, m_force.layout(),
                       DivideByEnthalpy<std::decay_t<decltype(fluid)>>{fluid, primitives.data(), m_force.data(),
                                                                       m_force.layout().component, m_sums.data()});
  });
}

}  // namespace ister::solvers
