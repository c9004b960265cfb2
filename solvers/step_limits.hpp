#pragma once
#include "core/grid/rows.hpp"
#include "solvers/equations.hpp"

namespace ister::solvers {

/// Energy that limits added, of this rank.
struct EnergyBudget {
  double sponge_energy = 0, floor_energy = 0;
};

/// What is done to a state between steps and is not part of the equations, in the order sponge, floor; the energy
/// (integral of tau T^{00}) that each adds is booked.
class StepLimits {
 public:
  explicit StepLimits(const EquationContext& context);
  [[nodiscard]] bool active() const { return m_sponge || m_floor; }
  /// Changes the primitive variables in place, for a step of length dt that ended at `time`. `background`:
  /// the energy density that the sponge relaxes to at the start time.
  EnergyBudget apply(double time, double dt, double background, core::FieldBundle& primitives);

 private:
  EquationContext m_context;
  bool m_sponge, m_floor;
  core::RowTable m_rows;
};

}  // namespace ister::solvers
