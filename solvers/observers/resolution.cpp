#include "solvers/observers/resolution.hpp"

#include <algorithm>

namespace ister::solvers {
namespace {

constexpr int whole = 3, columns = 4;
/// Mean squares of ln e - mean below this are rounding.
constexpr double rounding = 1e-24;

/// Copies ln e - mean.
struct Deviation {
  const double* log_e;
  double mean;
  double* field;

  ISTER_INLINE void operator()(std::int64_t, std::int64_t offset, std::int64_t points) const {
#pragma omp simd
    for (std::int64_t i = offset; i < offset + points; ++i) field[i] = log_e[i] - mean;
  }
};

struct Power {
  const double* field;
  double* table;
  int column;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    double sum = 0.0;
#pragma omp simd reduction(+ : sum)
    for (std::int64_t i = offset; i < offset + points; ++i) sum += field[i] * field[i];
    table[row * columns + column] = sum;
  }
};

}  // namespace

ResolutionMeter::ResolutionMeter(const EquationContext& context, Equations& equations)
    : m_context(context),
      m_equations(equations),
      m_field(context.pool, core::BlockLayout(context.decomposition), 1),
      m_rows(context.pool, core::BlockLayout(context.decomposition), columns) {
  const core::Grid& grid = context.decomposition.grid();
  if (context.pool.counts()) return;
  for (int d = 0; d < grid.dimensions; ++d)
    m_high_pass[d] = core::filter_symbol(grid.points[d], [](double k) { return k > 0.75 ? 1.0 : 0.0; });
}

double ResolutionMeter::measure(const core::FieldBundle& primitives, double mean) {
  static const std::string deviation = "deviation", power = "power";
  const core::Grid& grid = m_context.decomposition.grid();
  for (int d = 0; d < grid.dimensions; ++d) {
    core::for_each_row(deviation, m_field.layout(), Deviation{primitives.component(0), mean, m_field.data()});
    if (d == 0) core::for_each_row(power, m_field.layout(), Power{m_field.data(), m_rows.data(), whole});
    m_equations.apply(d, m_high_pass[d], m_field);
    core::for_each_row(power, m_field.layout(), Power{m_field.data(), m_rows.data(), d});
  }
  m_rows.fetch();
  std::array<double, columns> sums{};
  for (int c = 0; c < columns; ++c) sums[c] = c < grid.dimensions || c == whole ? m_rows.sum(c) : 0.0;
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), columns, MPI_DOUBLE, MPI_SUM, m_context.comm);
  if (!(sums[whole] > rounding * static_cast<double>(grid.total_points()))) return 0.0;
  return *std::max_element(sums.begin(), sums.begin() + grid.dimensions) / sums[whole];
}

}  // namespace ister::solvers
