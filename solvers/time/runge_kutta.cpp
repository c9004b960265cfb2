#include "solvers/time/runge_kutta.hpp"

#include "core/base/error.hpp"
#include "solvers/evolved_fields.hpp"

namespace ister::solvers {
namespace {

/// A row of the tableau: the state of a later stage, the solution or the error estimate, and what adds up to it.
struct Row {
  std::vector<double> explicit_weights;
  std::vector<double> implicit_weights;  ///< of the same stages
  double divisor = 0;                    ///< diagonal of the implicit tableau
  int last = 0;                          ///< stage after which the row is complete
  bool starts_from_state = true;
  int reg = RungeKuttaProgram::nothing;
};

int needed_stages(const Tableau& t, bool with_error) {
  int stages = t.stages();
  if (!with_error && t.implicit.empty())
    while (stages > 1 && t.b[stages - 1] == 0.0) --stages;
  return stages;
}

}  // namespace

RungeKuttaProgram::RungeKuttaProgram(const Tableau& t, bool with_error) {
  const int count = needed_stages(t, with_error);
  const bool implicit = !t.implicit.empty();
  std::vector<Row> rows(static_cast<std::size_t>(count));  // row i: state of stage i; then the solution, the error
  for (int i = 1; i < count; ++i) rows[i].explicit_weights = t.a[i];
  rows.push_back({t.b, {}, 0, count - 1, true, nothing});
  if (with_error) {
    std::vector<double> difference;
    for (int i = 0; i < count; ++i) difference.push_back(t.b[i] - t.b_embedded[i]);
    rows.push_back({difference, {}, 0, count - 1, false, nothing});
  }
  for (int i = 1; i <= count; ++i) {
    if (i < count) rows[i].last = i - 1;
    if (implicit) {
      rows[i].implicit_weights = t.implicit[i];
      rows[i].divisor = t.implicit[i][i];
    }
  }

  std::vector<int> free;
  for (int j = 0; j < count; ++j) {
    Stage stage;
    stage.input = j == 0 ? 0 : rows[j].reg;
    stage.c = t.c[j];
    stage.b = t.b[j];
    // A stage's own register may be written again once its values are consumed, unless the relaxation needs them.
    if (j > 0 && !implicit) free.push_back(stage.input);
    for (std::size_t r = j + 1; r < rows.size(); ++r) {
      Row& row = rows[r];
      const double weight = j < static_cast<int>(row.explicit_weights.size()) ? row.explicit_weights[j] : 0.0;
      const double implicit_weight = row.implicit_weights.empty() ? 0.0 : row.implicit_weights[j];
      const bool completes = row.last == j && row.divisor != 0.0;
      const bool untouched = row.reg == nothing;
      const bool must_exist = row.last == j && untouched;
      if (weight == 0.0 && implicit_weight == 0.0 && !completes && !must_exist) continue;
      if (untouched) {
        if (free.empty()) free.push_back(registers++);
        row.reg = free.back();
        free.pop_back();
      }
      const int source = untouched ? (row.starts_from_state ? 0 : nothing) : row.reg;
      stage.targets.push_back({row.reg, source, weight, weight - implicit_weight, completes ? row.divisor : 0.0});
      if (!implicit) stage.targets.back().relaxed_weight = 0.0;
    }
    ISTER_REQUIRE(stage.targets.size() <= StageUpdate::capacity);
    stages.push_back(stage);
  }
  solution = rows[count].reg;
  if (with_error) error = rows[count + 1].reg;
}

RungeKutta::RungeKutta(const Tableau& tableau, bool adaptive, core::ArrayPool& pool, const core::BlockLayout& layout,
                       int components)
    : m_program(tableau, adaptive),
      m_relaxes(!tableau.implicit.empty()),
      m_embedded_order(tableau.embedded_order),
      m_solution(m_program.solution) {
  for (int r = 0; r < m_program.registers; ++r) m_registers.emplace_back(pool, layout, components);
  if (m_relaxes) m_rates = core::FieldBundle(pool, layout, static_cast<int>(Relaxation::count));
}

double* RungeKutta::data(int program_register) {
  if (program_register == RungeKuttaProgram::nothing) return nullptr;
  if (program_register == 0) return m_registers[m_state].data();
  if (program_register == m_program.solution) return m_registers[m_solution].data();
  return m_registers[program_register].data();
}

Bookings RungeKutta::attempt(TimeDependentSystem& system, double time, double dt) {
  if (m_relaxes) system.relaxation_rates(time, m_registers[m_state], m_rates);
  Bookings booked;
  for (const RungeKuttaProgram::Stage& stage : m_program.stages) {
    const int input = stage.input == 0 ? m_state : (stage.input == m_program.solution ? m_solution : stage.input);
    const core::FieldBundle& state = m_registers[input];
    StageUpdate update;
    update.components = state.components();
    update.component_stride = state.layout().component;
    update.streams = core::beyond_caches(state.components() * state.layout().component);
    update.state = state.data();
    if (m_relaxes) {
      update.relaxation = m_rates.data();
      update.groups = system.relaxation_groups();
    }
    for (const RungeKuttaProgram::Target& t : stage.targets)
      update.targets[update.count++] = {data(t.target), data(t.source), dt * t.weight, dt * t.relaxed_weight,
                                        dt * t.divisor};
    booked.add(dt * stage.b, system.evaluate(time + stage.c * dt, state, update));
  }
  return booked;
}

}  // namespace ister::solvers
