#pragma once
#include "core/grid/rows.hpp"
#include "solvers/equations.hpp"

namespace ister::solvers {

/// What every step must know of the state it ends in, the same on all ranks.
struct StateRange {
  double e_min = 0, e_max = 0;  ///< 1/fm^4
  bool finite = true;           ///< all fields, everywhere
};

/// Looks at every state in one pass and one reduction.
class StateWatch {
 public:
  explicit StateWatch(const EquationContext& context);
  StateRange look(const core::FieldBundle& primitives);

 private:
  EquationContext m_context;
  int m_components;
  core::RowTable m_rows;
};

}  // namespace ister::solvers
