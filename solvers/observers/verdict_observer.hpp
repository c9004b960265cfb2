#pragma once
#include "solvers/observers/causality_observer.hpp"
#include "solvers/verdict.hpp"

namespace ister::solvers {

/// Measures what verdicts are made of where a row of the history is due, in the first and in the last state, and adds
/// it to the history. What passes the seam is integrated over time by the trapezoidal rule between these states.
class VerdictObserver final : public Observer {
 public:
  /// `every_steps`: the rows of the history; 0: none. `causality` must stay.
  VerdictObserver(HydroSystem& system, CausalityObserver& causality, int every_steps)
      : m_system(system), m_causality(causality), m_every_steps(every_steps) {}

  [[nodiscard]] std::string name() const override { return "verdict"; }
  [[nodiscard]] bool due(const Moment& moment) const override;
  void observe(const Observation& observation) override;
  [[nodiscard]] std::vector<std::string> columns() const override;
  void add_values(std::vector<double>& row) override;
  [[nodiscard]] core::Attributes checkpoint_numbers() const override;
  void restored(const core::Attributes& numbers) override;

  /// At the start: the resolution of the initial data as given, which conditioning hides.
  void note_given_resolution(double share) { m_verdicts.note(Measured::resolution, share, m_system.time()); }
  /// After each step: what is known without a look at the state. `before` is the range of e before the step.
  void note_step(const StateRange& before);
  /// How many cells at the seam of an empty rim surfaces (see SurfaceObserver) have cut so far.
  void note_surface_at_seam(double cells) { m_verdicts.note(Measured::surface_at_seam, cells, m_system.time()); }
  [[nodiscard]] const Verdicts& verdicts() const { return m_verdicts; }

 private:
  void note_seam(const Diagnostics& d, double time);
  void note_causality(const Diagnostics& d, double time);

  HydroSystem& m_system;
  CausalityObserver& m_causality;
  int m_every_steps;
  Verdicts m_verdicts;
  /// Where the rim is empty at the start, by direction: only there a seam can be told from a periodic flow.
  std::array<bool, 3> m_empty_rim{};
  bool m_started = false;
  double m_seam_energy = 0;                 ///< that passed the seam until m_time
  double m_seam_rate = 0, m_seam_time = 0;  ///< at the last observation
};

}  // namespace ister::solvers
