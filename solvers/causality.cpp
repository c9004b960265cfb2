#include "solvers/causality.hpp"

#include "solvers/place.hpp"

namespace ister::solvers {
namespace {

/// The largest squared signal speed of every row, among points above the cut.
template <class Fluid>
struct LargestSpeed {
  Fluid fluid;
  const double* log_e;
  double log_cut;
  bool has_shear, has_bulk;
  double* table;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    double largest = 0.0;
    for (std::int64_t i = offset; i < offset + points; ++i) {
      if (!(log_e[i] > log_cut)) continue;
      const double speed = physics::signal_speed(fluid.at(log_e[i]), has_shear, has_bulk).squared();
      largest = speed > largest ? speed : largest;
    }
    table[row] = largest;
  }
};

double largest_of_all(double value, MPI_Comm comm) {
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_MAX, comm);
  return value;
}

/// The point with the fastest signals.
std::size_t most_acausal(const std::vector<double>& energy_density, const physics::Causality& causality) {
  std::size_t worst = 0;
  double largest = 0.0;
  for (std::size_t i = 0; i < energy_density.size(); ++i) {
    const double speed = causality.speed_squared(energy_density[i]);
    if (speed <= largest) continue;
    largest = speed;
    worst = i;
  }
  return worst;
}

double speed_at(const std::vector<double>& energy_density, const physics::Causality& causality, std::size_t point) {
  return point < energy_density.size() ? causality.speed_squared(energy_density[point]) : 0.0;
}

/// The text of the lowest rank that has one, on every rank.
std::string first_text(std::string text, MPI_Comm comm) {
  int rank = 0, first = 0;
  MPI_Comm_rank(comm, &rank);
  MPI_Comm_size(comm, &first);
  if (!text.empty()) first = rank;
  MPI_Allreduce(MPI_IN_PLACE, &first, 1, MPI_INT, MPI_MIN, comm);
  auto size = static_cast<int>(text.size());
  MPI_Bcast(&size, 1, MPI_INT, first, comm);
  text.resize(static_cast<std::size_t>(size));
  MPI_Bcast(text.data(), size, MPI_CHAR, first, comm);
  return text;
}

}  // namespace

std::string acausal_matter(const std::vector<double>& energy_density, const physics::Causality& causality,
                           const core::Grid& grid, const core::Box& box) {
  const std::size_t worst = most_acausal(energy_density, causality);
  if (!(speed_at(energy_density, causality, worst) > physics::largest_causal_speed_squared)) return "";
  return "acausal matter at " + place(grid, box, worst) + ": " + causality.describe(energy_density[worst]);
}

std::string acausal_matter(const std::vector<double>& energy_density, const physics::Causality& causality,
                           const core::Decomposition& decomposition, MPI_Comm comm) {
  if (causality.always()) return "";
  const double here = speed_at(energy_density, causality, most_acausal(energy_density, causality));
  const bool mine = here == largest_of_all(here, comm);
  return first_text(mine ? acausal_matter(energy_density, causality, decomposition.grid(), decomposition.box()) : "",
                    comm);
}

CausalityWatch::CausalityWatch(const EquationContext& context)
    : m_context(context), m_causality(context.fluid.model(), context.options.transport, context.options.verdict_cut) {
  if (!m_causality.always()) m_rows = core::RowTable(context.pool, core::BlockLayout(context.decomposition), 1);
}

bool CausalityWatch::alarmed(const core::FieldBundle& primitives, double e_min, double e_max) const {
  static const std::string label = "causality";
  if (m_causality.holds_between(e_min, e_max)) return false;
  const physics::FluidModel& model = m_context.fluid.model();
  m_context.fluid.visit([&](const auto& fluid) {
    core::for_each_row(label, primitives.layout(),
                       LargestSpeed<std::decay_t<decltype(fluid)>>{fluid, primitives.data(), m_causality.log_cut(),
                                                                   model.has_shear(), model.has_bulk(), m_rows.data()});
  });
  m_rows.fetch();
  return largest_of_all(m_rows.max(0), m_context.comm) > physics::largest_causal_speed_squared;
}

}  // namespace ister::solvers
