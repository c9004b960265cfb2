#pragma once
#include <array>
#include <memory>
#include <vector>

#include "core/grid/field_bundle.hpp"
#include "core/grid/rows.hpp"
#include "solvers/flow_kernels.hpp"

namespace ister::solvers {

struct EquationContext;

/// What acts on the fluid from outside: adds to f^m of nabla_n T^{nm} = f^m.
class SourceTerm {
 public:
  virtual ~SourceTerm() = default;
  /// Adds f^0, f^x, f^y, f^z [1/fm^5, frame components] at a time to the four components of `force`, given the
  /// primitive variables then. Allocates nothing.
  virtual void add(double time, const core::FieldBundle& primitives, core::FieldBundle& force) = 0;
};

/// The source terms of a run together, as the right-hand side needs them: before the 3 x 3 solve, at the stage's time.
class SourceTerms {
 public:
  explicit SourceTerms(const EquationContext& context);

  struct Force {
    ForceField field;                 ///< f^m/w, valid until the next call
    std::array<double, 4> density{};  ///< integral of tau f^m over this rank's block (tau = 1 in Minkowski space)
  };
  /// The force at a stage, given its primitive variables.
  Force at(double time, const core::FieldBundle& primitives);

 private:
  void divide_by_enthalpy(const core::FieldBundle& primitives);

  const EquationContext& m_context;
  std::vector<std::unique_ptr<SourceTerm>> m_terms;
  core::FieldBundle m_force;  ///< one row of zeros where there are no terms
  core::RowTable m_sums;
};

}  // namespace ister::solvers
