#pragma once
#include <array>
#include <utility>
#include <vector>

#include "core/spectral/gradient_sweep.hpp"
#include "solvers/time/stage_update.hpp"
#include "solvers/time/tableau.hpp"

namespace ister::solvers {

/// A tableau turned into what each stage adds to which register, so that a derivative is used where it is computed
/// and never stored. Pure data, tested without fields. Register 0 is the state at the start of the step.
struct RungeKuttaProgram {
  struct Target {
    int target = 0;
    int source = 0;                                      ///< register, or `nothing`
    double weight = 0, relaxed_weight = 0, divisor = 0;  ///< in units of dt
  };
  struct Stage {
    int input = 0;  ///< register of the stage's state
    double c = 0;
    double b = 0;  ///< weight of the stage in the solution
    std::vector<Target> targets;
  };
  static constexpr int nothing = -1;

  std::vector<Stage> stages;
  int registers = 1;
  int solution = 0;     ///< register that holds the result
  int error = nothing;  ///< register that holds the error estimate

  RungeKuttaProgram(const Tableau& tableau, bool with_error);
};

/// Rates of what is integrated along with a state, this rank's part; the amounts after a step.
struct Bookings {
  double work = 0;                  ///< of the expansion
  std::array<double, 4> impulse{};  ///< of source terms: energy and momentum

  void add(double weight, const Bookings& rates) {
    work += weight * rates.work;
    for (int m = 0; m < 4; ++m) impulse[m] += weight * rates.impulse[m];
  }
};

/// What a time stepper asks of a system of equations.
class TimeDependentSystem {
 public:
  virtual ~TimeDependentSystem() = default;
  /// Evaluates d/dt of `state` and applies `update` to it.
  virtual Bookings evaluate(double time, const core::FieldBundle& state, const StageUpdate& update) = 0;
  /// Rates of the stiff relaxation terms, -rate * y, held for a step; a component for every group.
  virtual void relaxation_rates(double time, const core::FieldBundle& state, core::FieldBundle& rates) = 0;
  [[nodiscard]] virtual RelaxationGroups relaxation_groups() const = 0;
};

/// Advances a state by explicit or implicit-explicit Runge-Kutta steps. Owns the registers.
class RungeKutta {
 public:
  RungeKutta(const Tableau& tableau, bool adaptive, core::ArrayPool& pool, const core::BlockLayout& layout,
             int components);

  [[nodiscard]] core::FieldBundle& state() { return m_registers[m_state]; }
  [[nodiscard]] const core::FieldBundle& state() const { return m_registers[m_state]; }

  /// One step from the state, left beside it until accept(); returns what it books.
  Bookings attempt(TimeDependentSystem& system, double time, double dt);
  /// The attempted step becomes the state, and the state what accept() would return to, until the next attempt.
  void accept() { std::swap(m_state, m_solution); }
  /// The state before the one that was accepted, until the next attempt.
  [[nodiscard]] const core::FieldBundle& previous() const { return m_registers[m_solution]; }
  /// A register that holds nothing before the first attempt.
  [[nodiscard]] core::FieldBundle& spare() { return m_registers[m_solution]; }
  /// Order of the solution that the error estimate compares with.
  [[nodiscard]] int embedded_order() const { return m_embedded_order; }
  /// Result and error estimate of the attempt.
  [[nodiscard]] const core::FieldBundle& attempted() const { return m_registers[m_solution]; }
  [[nodiscard]] const core::FieldBundle& error() const { return m_registers[m_program.error]; }

 private:
  [[nodiscard]] double* data(int program_register);

  RungeKuttaProgram m_program;
  bool m_relaxes;
  int m_embedded_order;
  std::vector<core::FieldBundle> m_registers;
  core::FieldBundle m_rates;
  int m_state = 0, m_solution = 0;  ///< exchanged by accept()
};

}  // namespace ister::solvers
