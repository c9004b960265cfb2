#include "solvers/state_watch.hpp"

#include <cmath>
#include <limits>

namespace ister::solvers {
namespace {

enum Column { log_e_max, minus_log_e_min, not_finite, columns };

struct Look {
  const double* primitives;
  std::int64_t stride;
  int components;
  double* table;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    const double* log_e = primitives + offset;
    double largest = -std::numeric_limits<double>::max(), smallest = std::numeric_limits<double>::max();
#pragma omp simd reduction(max : largest) reduction(min : smallest)
    for (std::int64_t i = 0; i < points; ++i) {
      largest = log_e[i] > largest ? log_e[i] : largest;
      smallest = log_e[i] < smallest ? log_e[i] : smallest;
    }
    double zero = 0.0;  // or not a number, as soon as one value is not finite
    for (int c = 0; c < components; ++c) {
      const double* x = primitives + c * stride + offset;
#pragma omp simd reduction(+ : zero)
      for (std::int64_t i = 0; i < points; ++i) zero += 0.0 * x[i];
    }
    double* t = table + row * columns;
    t[log_e_max] = largest;
    t[minus_log_e_min] = -smallest;
    t[not_finite] = zero == 0.0 ? 0.0 : 1.0;
  }
};

}  // namespace

StateWatch::StateWatch(const EquationContext& context)
    : m_context(context),
      m_components(static_cast<int>(evolved_fields(context.fluid.stress()).size())),
      m_rows(context.pool, core::BlockLayout(context.decomposition), columns) {}

StateRange StateWatch::look(const core::FieldBundle& primitives) {
  static const std::string label = "state";
  const core::BlockLayout& layout = primitives.layout();
  core::for_each_row(label, layout, Look{primitives.data(), layout.component, m_components, m_rows.data()});
  m_rows.fetch();
  double largest[columns];
  for (int c = 0; c < columns; ++c)
    largest[c] = layout.points() > 0 ? m_rows.max(c) : (c == not_finite ? 0.0 : -std::numeric_limits<double>::max());
  MPI_Allreduce(MPI_IN_PLACE, largest, columns, MPI_DOUBLE, MPI_MAX, m_context.comm);
  return {simd_exp(-largest[minus_log_e_min]), simd_exp(largest[log_e_max]), largest[not_finite] == 0.0};
}

}  // namespace ister::solvers
