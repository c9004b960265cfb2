#pragma once
#include "core/grid/rows.hpp"
#include "solvers/equations.hpp"

namespace ister::solvers {

/// Keeps the load of the stresses (physics::stress_load) below a limit: pi and Pi of a point above it are multiplied by
/// limit/load, which leaves the trace and the orthogonality of pi alone. A projection onto a set, so that what it does
/// converges as steps become shorter.
class StressCap {
 public:
  StressCap(const EquationContext& context, double limit);

  struct Result {
    double energy = 0, points = 0;  ///< added to the sum of T^{00} over points, and how many were changed; of this rank
  };
  Result apply(core::FieldBundle& primitives);

 private:
  EquationContext m_context;
  double m_limit;
  core::RowTable m_rows;
};

}  // namespace ister::solvers
