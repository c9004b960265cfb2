#pragma once
#include <array>
#include <vector>

#include "core/grid/rows.hpp"
#include "solvers/equations.hpp"

namespace ister::solvers {

/// The energy of matter above some levels of ln e, before and after something is done to a state: what that adds. Which
/// matter counts is decided before. Costs nothing without levels.
class HotEnergy {
 public:
  static constexpr int most_levels = 16;
  using Changes = std::array<double, most_levels>;

  explicit HotEnergy(const EquationContext& context) : m_context(context) {}
  /// Takes memory.
  void watch(const std::vector<double>& log_levels);
  [[nodiscard]] bool active() const { return m_levels > 0; }

  void before(const core::FieldBundle& primitives);
  /// Adds to each level what became of the sum of T^{00} over the points of all ranks, times `density`. Collective.
  void after(const core::FieldBundle& primitives, double density, Changes& changes);

 private:
  EquationContext m_context;
  int m_levels = 0;
  Changes m_log_levels{};
  double m_lowest = 0.0;
  core::FieldBundle m_before;  ///< ln e, and T^{00} where that is above the lowest level
  core::RowTable m_rows;
};

}  // namespace ister::solvers
