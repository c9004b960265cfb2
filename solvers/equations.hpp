#pragma once
#include <memory>

#include "physics/fluid_model.hpp"
#include "solvers/flow_kernels.hpp"
#include "solvers/options.hpp"
#include "solvers/source_term.hpp"
#include "solvers/time/runge_kutta.hpp"

namespace ister::solvers {

/// Which stresses a run evolves.
enum class StressKind { ideal, bulk, shear, shear_bulk };

/// Calls f with the tag type of a StressKind.
template <class F>
decltype(auto) visit_stress(StressKind kind, F&& f) {
  switch (kind) {
    case StressKind::ideal:
      return f(physics::IdealStress{});
    case StressKind::bulk:
      return f(physics::BulkStress{});
    case StressKind::shear:
      return f(physics::ShearStress{});
    default:
      return f(physics::ShearBulkStress{});
  }
}

/// The fluid on the device where kernels run: the model and its tables there.
class DeviceFluid {
 public:
  explicit DeviceFluid(physics::FluidModel model);
  [[nodiscard]] const physics::FluidModel& model() const { return m_model; }
  [[nodiscard]] StressKind stress() const;

  template <class F>
  decltype(auto) visit(F&& f) const {
    return m_model.visit(f, m_table.data());
  }

 private:
  physics::FluidModel m_model;
  core::DeviceArray m_table;
};

/// Everything both formulations need.
struct EquationContext {
  MPI_Comm comm;
  const core::Decomposition& decomposition;
  core::ArrayPool& pool;
  const DeviceFluid& fluid;
  const SolverOptions& options;
  core::Profiler* profiler = nullptr;

  [[nodiscard]] bool milne() const { return options.geometry == physics::Geometry::milne; }
  [[nodiscard]] FlowParameters parameters(double time) const;
};

/// A formulation of the equations of motion: what is evolved, its time derivative, and the primitive variables
/// (ln e, u^i, pi^{ij}/w, Pi/w; see Variables), in which everything else of the solver speaks.
class Equations : public TimeDependentSystem {
 public:
  [[nodiscard]] virtual int components() const = 0;
  /// The primitive variables of a state, valid until the next call of any member; may be the state itself.
  virtual const core::FieldBundle& primitives(double time, const core::FieldBundle& state) = 0;
  /// The same, to be changed and then given to from_primitives.
  virtual core::FieldBundle& primitives(double time, core::FieldBundle& state) = 0;
  /// The state that has these primitive variables.
  virtual void from_primitives(double time, const core::FieldBundle& primitives, core::FieldBundle& state) = 0;
  /// Fields beside the state that a restart needs to go on bitwise.
  [[nodiscard]] virtual core::FieldBundle* memory() { return nullptr; }
  /// State and memory have been set as they were when saved.
  virtual void restored() {}
  /// Points where the primitive variables could not be found since the last call, on this rank.
  virtual std::int64_t take_failures() { return 0; }

  /// The time derivatives of the primitive variables of a state. Collective.
  virtual void primitive_rates(double time, const core::FieldBundle& state, core::FieldBundle& rates) = 0;

  /// Applies one symbol per direction to the components 0, 1, ... of a bundle, no more than a state has. Collective.
  virtual void filter(core::FieldBundle& bundle, const std::array<core::LineSymbol, 3>& symbols,
                      const std::vector<int>& components) = 0;
  /// A line operator along one direction on a field, a bundle of one component. Collective.
  virtual void apply(int direction, const core::LineSymbol& symbol, core::FieldBundle& field) = 0;
  /// The state was changed behind the back of primitives(), or the next one that it is asked about is another.
  virtual void forget() {}
  [[nodiscard]] virtual core::TransformStatistics transforms() const = 0;

  void relaxation_rates(double time, const core::FieldBundle& state, core::FieldBundle& rates) final;
  [[nodiscard]] RelaxationGroups relaxation_groups() const final { return m_groups; }

 protected:
  explicit Equations(const EquationContext& context);
  EquationContext m_context;
  SourceTerms m_sources;

 private:
  RelaxationGroups m_groups;
};

std::unique_ptr<Equations> make_primitive_equations(const EquationContext& context);
std::unique_ptr<Equations> make_conservative_equations(const EquationContext& context);

/// The rows of the table of fields that a StressKind evolves, in the order of the components.
[[nodiscard]] std::vector<StateField> evolved_fields(StressKind stress);

/// Evaluates the right-hand side, as the Kernel of a formulation has it for every point, over a sweep of a state.
/// Compiled per fluid in right_hand_side_*.cpp.
template <template <int, class, class> class Kernel, class Fluid>
void sweep_right_hand_side(core::AnySweep& sweep, int dimensions, StressKind stress, const core::FieldBundle& state,
                           const Fluid& fluid, const FlowParameters& parameters, const StageUpdate& update,
                           double* work_sums);

}  // namespace ister::solvers
