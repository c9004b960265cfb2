#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "core/grid/named_field.hpp"
#include "solvers/causality.hpp"
#include "solvers/hot_energy.hpp"
#include "solvers/initial/initial.hpp"
#include "solvers/observers/diagnostics.hpp"
#include "solvers/stabilizer.hpp"
#include "solvers/state_watch.hpp"
#include "solvers/step_filter.hpp"
#include "solvers/step_limits.hpp"

namespace ister::solvers {

/// A fluid in a box: its state, and how a step advances it. Knows nothing of files, output or when to stop.
/// Its parts refer to each other, so it stays where it was made.
class HydroSystem {
 public:
  HydroSystem(MPI_Comm comm, const core::Decomposition& decomposition, core::ArrayPool& pool, physics::FluidModel fluid,
              const SolverOptions& options, double energy_cut, core::Profiler* profiler = nullptr);
  HydroSystem(const HydroSystem&) = delete;
  HydroSystem& operator=(const HydroSystem&) = delete;

  /// Starts from primitive fields at a time, those of this rank's block or piece by piece. Collective.
  void set_state(double time, const InitialState& initial);
  void set_state(double time, const InitialSource& initial);

  /// What conditioning did to rough initial data: the energy (integral of tau T^{00}) before and after, and how many
  /// points changed.
  struct Conditioning {
    double energy_before = 0, energy_after = 0, points = 0;
  };
  [[nodiscard]] const std::optional<Conditioning>& conditioning() const { return m_conditioning; }

  /// One step that does not pass `target`, and meets it exactly when it comes near. The step size follows from the
  /// options: fixed, from the grid, or from the error estimate (rejected attempts are repeated shorter). Throws
  /// BreakdownError where the state that results cannot be used, or holds acausal matter that counts.
  void step(double target);

  /// The time that the next step will come to if nothing stands in its way.
  [[nodiscard]] double next_time() const { return m_clock.time + proposed_step(); }
  /// Calls look() with the system in the state of `time`, which lies within the next step, by a step of its own from
  /// this state; what follows never knows of it. False, without a look, where that step does not meet time.tolerance.
  /// The number of the step is still that of this state. Collective.
  bool visit(double time, const std::function<void()>& look);

  [[nodiscard]] double time() const { return m_clock.time; }
  [[nodiscard]] std::int64_t step_count() const { return m_clock.step; }
  [[nodiscard]] double last_dt() const { return m_clock.dt; }
  /// The range of the energy density of the state.
  [[nodiscard]] const StateRange& range() const { return m_range; }
  /// Measured when first asked for after a step. Collective.
  const Diagnostics& diagnostics();
  [[nodiscard]] const physics::Causality& causality() const { return m_causality.causality(); }

  /// Energy that went missing, relative to the energy at the start: E - E_start - work - sources. Collective.
  [[nodiscard]] double balance();
  [[nodiscard]] double start_energy() const { return m_clock.start_energy; }
  [[nodiscard]] double sponge_energy() const { return m_clock.sponge_energy; }
  [[nodiscard]] double floor_energy() const { return m_clock.floor_energy; }
  /// What the stabilizer added to the energy so far, and at how many points its diffusion acted when it last did.
  [[nodiscard]] double stabilizer_energy() const { return m_clock.stabilizer_energy; }
  [[nodiscard]] double stabilizer_points() const { return m_clock.diffused_points; }
  /// The share of these in the points with e > verdict_cut.
  [[nodiscard]] double stabilizer_share() const { return m_clock.diffused_share; }
  /// The share of all points where the cap acted after the last step.
  [[nodiscard]] double capped_share() const { return m_clock.capped_share; }
  /// The highest temperature of the state [GeV].
  [[nodiscard]] double highest_temperature() const;
  /// Integral over time and space of tau f^0 of the source terms.
  [[nodiscard]] double drive_energy() const { return m_clock.drive[0]; }

  /// From now on keeps account of the energy of matter above levels of ln e. Takes memory.
  void watch_hot_energy(const std::vector<double>& log_levels) { m_hot_energy.watch(log_levels); }
  /// What filter, stabilizer, sponge and floor have added to it since the start, by level.
  [[nodiscard]] const HotEnergy::Changes& hot_energy_changes() const { return m_clock.hot_changes; }

  /// The primitive variables (see Variables) of the state, valid until it changes.
  [[nodiscard]] const core::FieldBundle& primitives() {
    return m_equations->primitives(m_clock.time, std::as_const(m_integrator).state());
  }
  /// Their time derivatives, into a bundle that make_bundle() made. Where the primitive variables are evolved the next
  /// step takes them as its first stage, so that the bundle must be left as it is until then; else they cost a stage.
  /// Collective.
  void primitive_rates(core::FieldBundle& rates);
  /// A bundle for the primitive variables.
  [[nodiscard]] core::FieldBundle make_bundle() const;
  [[nodiscard]] const EquationContext& context() const { return m_context; }

  /// Fields under the names of state files, temperature included; read-only.
  [[nodiscard]] std::vector<core::NamedField> state_fields();
  /// What a restart needs, arrays and numbers; after restoring them call restored().
  [[nodiscard]] std::vector<core::NamedField> checkpoint_fields();
  [[nodiscard]] core::Attributes checkpoint_numbers() const;
  void restored(const core::Attributes& numbers);

  [[nodiscard]] core::TransformStatistics transforms() const { return m_equations->transforms(); }

 private:
  /// Everything about progress that is a number, so that a restart can save it as a whole.
  struct Clock {
    double time = 0, dt = 0, next_dt = 0;
    std::int64_t step = 0;
    double start_energy = 0, work = 0, sponge_energy = 0, floor_energy = 0;
    double background = 0;          ///< energy density that the sponge relaxes to at the start time
    std::array<double, 4> drive{};  ///< energy and momentum that source terms brought
    double diffusion_time = 0;  ///< for which the stabilizer's diffusion has yet to act; below zero: has acted ahead
    double stabilizer_energy = 0, diffused_points = 0, diffused_share = 0, capped_share = 0;
    HotEnergy::Changes hot_changes{};
  };

  [[nodiscard]] double finest_spacing() const;
  [[nodiscard]] double proposed_step() const;
  [[nodiscard]] double error_norm();
  bool attempt(double dt, Bookings& booked);
  [[nodiscard]] double step_factor() const;
  [[noreturn]] void fail_to_step(double dt);
  void keep_memory();
  void recall_memory();
  void finish_step(double time, const Bookings& local);
  void filter();
  EnergyBudget limit();
  void diffuse(Stabilization& sums);
  void cap(Stabilization& sums);
  /// Where a state comes from.
  enum class Origin { start, step };
  void examine(Origin origin);
  void require_causal();
  [[nodiscard]] std::string describe_not_finite();
  [[noreturn]] void fail(const std::string& what, Origin origin);
  void copy_field(int which, double* values);
  /// Takes over primitive fields in a box of this rank.
  void take(const core::Box& box, const InitialState& piece);
  void start(double time, bool rough);
  void condition(core::FieldBundle& primitives);
  [[nodiscard]] double count_differences(const core::FieldBundle& a, const core::FieldBundle& b);

  const SolverOptions m_options;
  const core::Decomposition m_decomposition;
  const DeviceFluid m_fluid;
  EquationContext m_context;  ///< refers to the three above
  std::unique_ptr<Equations> m_equations;
  RungeKutta m_integrator;
  StepFilter m_filter;
  Stabilizer m_stabilizer;
  StepLimits m_limits;
  HotEnergy m_hot_energy;
  StateWatch m_watch;
  DiagnosticsMeter m_meter;
  CausalityWatch m_causality;
  const std::vector<StateField> m_fields;  ///< evolved
  std::vector<int> m_components;           ///< their numbers
  core::RowTable m_error_rows;
  std::vector<double> m_largest;  ///< errors and scales
  double m_error = 0.0;           ///< of the last attempt, in units of the tolerance
  core::FieldBundle m_output;
  core::FieldBundle m_memory;  ///< of the equations, kept while a side step uses it; none where they have none
  Clock m_clock;
  StateRange m_range;
  std::optional<Conditioning> m_conditioning;
  std::optional<Diagnostics> m_diagnostics;  ///< of the state, once measured
};

}  // namespace ister::solvers
