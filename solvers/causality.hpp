#pragma once
#include <string>
#include <vector>

#include "core/grid/rows.hpp"
#include "physics/causality.hpp"
#include "solvers/equations.hpp"

namespace ister::solvers {

/// What is wrong with the most acausal matter among the energy densities [1/fm^4] of a box, in (z, y, x) order, and
/// where it is; empty where all that counts is causal.
[[nodiscard]] std::string acausal_matter(const std::vector<double>& energy_density, const physics::Causality& causality,
                                         const core::Grid& grid, const core::Box& box);

/// The same of all ranks' blocks together. Collective; the same on every rank.
[[nodiscard]] std::string acausal_matter(const std::vector<double>& energy_density, const physics::Causality& causality,
                                         const core::Decomposition& decomposition, MPI_Comm comm);

/// Watches whether matter becomes acausal. Looks at points only where the range of e leaves a doubt.
class CausalityWatch {
 public:
  explicit CausalityWatch(const EquationContext& context);

  [[nodiscard]] const physics::Causality& causality() const { return m_causality; }
  /// Whether any matter that counts is acausal in a state that reaches from e_min to e_max [1/fm^4]. Collective.
  [[nodiscard]] bool alarmed(const core::FieldBundle& primitives, double e_min, double e_max) const;

 private:
  EquationContext m_context;
  physics::Causality m_causality;
  core::RowTable m_rows;  ///< the largest squared signal speed of each row; empty where the fluid is always causal
};

}  // namespace ister::solvers
