#include "solvers/hot_energy.hpp"

#include <algorithm>
#include <string>

#include "core/base/error.hpp"
#include "solvers/point_energy.hpp"

namespace ister::solvers {
namespace {

/// The part of a row from the first to the last point above a level.
struct HotPart {
  std::int64_t begin, end;

  ISTER_INLINE HotPart(const double* log_e, std::int64_t points, double level) {
    double first = static_cast<double>(points), last = -1.0;
#pragma omp simd reduction(min : first) reduction(max : last)
    for (std::int64_t i = 0; i < points; ++i) {
      const double x = static_cast<double>(i);
      first = log_e[i] > level && x < first ? x : first;
      last = log_e[i] > level && x > last ? x : last;
    }
    begin = static_cast<std::int64_t>(first);
    end = static_cast<std::int64_t>(last) + 1;
  }
};

template <class Stress, class Fluid>
struct Before {
  Fluid fluid;
  const double* primitives;
  std::int64_t stride;
  double lowest;
  double *log_e, *energy;

  ISTER_INLINE void operator()(std::int64_t /*row*/, std::int64_t offset, std::int64_t points) const {
    for (std::int64_t i = offset; i < offset + points; ++i) log_e[i] = primitives[i];
    const HotPart hot(log_e + offset, points, lowest);
#pragma omp simd
    for (std::int64_t i = offset + hot.begin; i < offset + hot.end; ++i)
      energy[i] = energy_density_00<Stress>(fluid, primitives, stride, i);
  }
};

/// The sums of a row, a column for each level.
template <class Stress, class Fluid>
struct After {
  Fluid fluid;
  const double* primitives;
  std::int64_t stride;
  double lowest;
  const double* log_e;
  double* energy;
  HotEnergy::Changes log_levels;
  int levels;
  double* table;

  ISTER_INLINE void operator()(std::int64_t row, std::int64_t offset, std::int64_t points) const {
    const HotPart hot(log_e + offset, points, lowest);
    const std::int64_t begin = offset + hot.begin, end = offset + hot.end;
#pragma omp simd
    for (std::int64_t i = begin; i < end; ++i)
      energy[i] = energy_density_00<Stress>(fluid, primitives, stride, i) - energy[i];
    for (int l = 0; l < levels; ++l) {
      double sum = 0.0;
#pragma omp simd reduction(+ : sum)
      for (std::int64_t i = begin; i < end; ++i) sum += log_e[i] > log_levels[l] ? energy[i] : 0.0;
      table[row * levels + l] = sum;
    }
  }
};

}  // namespace

void HotEnergy::watch(const std::vector<double>& log_levels) {
  ISTER_REQUIRE(log_levels.size() <= most_levels);
  const core::BlockLayout layout(m_context.decomposition);
  m_levels = static_cast<int>(log_levels.size());
  std::copy(log_levels.begin(), log_levels.end(), m_log_levels.begin());
  m_lowest = *std::min_element(log_levels.begin(), log_levels.end());
  m_before = core::FieldBundle(m_context.pool, layout, 2);
  m_rows = core::RowTable(m_context.pool, layout, m_levels);
}

void HotEnergy::before(const core::FieldBundle& primitives) {
  static const std::string label = "hot energy before";
  m_context.fluid.visit([&](const auto& fluid) {
    visit_stress(m_context.fluid.stress(), [&](auto tag) {
      using Functor = Before<decltype(tag), std::decay_t<decltype(fluid)>>;
      core::for_each_row(label, primitives.layout(),
                         Functor{fluid, primitives.data(), primitives.layout().component, m_lowest,
                                 m_before.component(0), m_before.component(1)});
    });
  });
}

void HotEnergy::after(const core::FieldBundle& primitives, double density, Changes& changes) {
  static const std::string label = "hot energy after";
  m_context.fluid.visit([&](const auto& fluid) {
    visit_stress(m_context.fluid.stress(), [&](auto tag) {
      using Functor = After<decltype(tag), std::decay_t<decltype(fluid)>>;
      core::for_each_row(label, primitives.layout(),
                         Functor{fluid, primitives.data(), primitives.layout().component, m_lowest,
                                 m_before.component(0), m_before.component(1), m_log_levels, m_levels, m_rows.data()});
    });
  });
  m_rows.fetch();
  Changes sums{};
  for (int l = 0; l < m_levels; ++l) sums[l] = density * m_rows.sum(l);
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), m_levels, MPI_DOUBLE, MPI_SUM, m_context.comm);
  for (int l = 0; l < m_levels; ++l) changes[l] += sums[l];
}

}  // namespace ister::solvers
