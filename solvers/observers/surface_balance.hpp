#pragma once
#include <vector>

#include "core/grid/rows.hpp"
#include "solvers/observers/surface_finder.hpp"

namespace ister::solvers {

/// What becomes of the energy between two observations, where a slab has points: sqrt(-g) T^{00} at its end, and what
/// it loses from the first time on, the integral of T^{zz} in Milne coordinates less that of sqrt(-g) f^0 where there
/// is a drive, by Lobatto's rule on cubics of the primitive variables, in Milne coordinates in ln tau.
class SurfaceBalance {
 public:
  /// For slabs of this layout.
  SurfaceBalance(const EquationContext& context, const core::BlockLayout& layout);
  /// Completes a slab that has all of its primitive variables; it refers to arrays of this object.
  void complete(SurfaceSlab& slab);

 private:
  enum Component { nothing, integral, first, last, energy, components };

  [[nodiscard]] double volume_factor(double time) const;
  template <class Stress, class Fluid>
  void losses(const Fluid& fluid, const SurfaceSlab& slab, std::int64_t y, std::int64_t z, double time,
              const double* primitives, std::int64_t stride, double* row) const;
  template <class Stress, class Fluid>
  void complete_row(const Fluid& fluid, const SurfaceSlab& slab, std::int64_t y, std::int64_t z);

  EquationContext m_context;
  core::FieldBundle m_fields;
  core::HostArray m_values;       ///< the same memory where kernels run on the host
  std::vector<double> m_between;  ///< a row of the primitive variables at a time between the ends, then results
  std::int64_t m_stride;
};

/// The boxes of points around all that is above a level.
class HotRegion {
 public:
  explicit HotRegion(const EquationContext& context);
  /// The cells of the grid, lower corners of this rank's block, that have a corner above `level` in either state.
  /// Collective.
  [[nodiscard]] core::Box cells(double level, const core::FieldBundle& one, const core::FieldBundle& other) const;

 private:
  EquationContext m_context;
  core::RowTable m_rows;
};

}  // namespace ister::solvers
