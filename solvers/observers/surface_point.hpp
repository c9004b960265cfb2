#pragma once
#include <array>
#include <cmath>

#include "physics/fluid_model.hpp"
#include "physics/stress_tensor.hpp"
#include "solvers/equations.hpp"

namespace ister::solvers {

/// Matter of one energy density, in powers of 1/fm.
struct Thermodynamics {
  double log_e, energy_density, pressure, temperature;

  Thermodynamics(const physics::FluidModel& fluid, double log_energy_density)
      : log_e(log_energy_density), energy_density(std::exp(log_energy_density)) {
    const physics::EosPoint point = fluid.eos(log_e);
    pressure = point.pressure_over_energy * energy_density;
    temperature = point.temperature;
  }
  [[nodiscard]] double enthalpy_density() const { return energy_density + pressure; }
  [[nodiscard]] double entropy_density() const { return enthalpy_density() / temperature; }
};

/// A four-current or a covariant normal, time first; z components of currents carry tau in Milne coordinates.
using FourVector = std::array<double, 4>;

/// Flow and stresses at a point, from the primitive variables but the first one; components that the fluid does not
/// evolve are zero.
class SurfacePoint {
 public:
  SurfacePoint(StressKind stress, const double* components) {
    m_state.u = {components[0], components[1], components[2]};
    const double* next = components + 3;
    if (stress == StressKind::shear || stress == StressKind::shear_bulk) {
      m_state.pi = {next[0], next[1], next[2], next[3], next[4], 0.0};
      next += 5;
    }
    if (stress == StressKind::bulk || stress == StressKind::shear_bulk) m_state.bulk = *next;
    m_k = physics::kinematics(m_state.u);
    physics::complete_trace<physics::ShearBulkStress>(m_k, m_state);
  }

  /// u, pi/w and Pi/w
  [[nodiscard]] const physics::FlowState& state() const { return m_state; }
  [[nodiscard]] FourVector velocity() const { return {m_k.g, m_state.u.x, m_state.u.y, m_state.u.z}; }
  /// T^{0 m}
  [[nodiscard]] FourVector energy_current(const Thermodynamics& matter) const {
    const double w = matter.enthalpy_density();
    const physics::StressTensor t = tensor(matter);
    return {w * t.energy, w * t.momentum.x, w * t.momentum.y, w * t.momentum.z};
  }
  /// T^{zz}: what the expansion of Milne space works against.
  [[nodiscard]] double longitudinal_pressure(const Thermodynamics& matter) const {
    return matter.enthalpy_density() * tensor(matter).stress.zz;
  }

 private:
  [[nodiscard]] physics::StressTensor tensor(const Thermodynamics& matter) const {
    return physics::stress_tensor<physics::ShearBulkStress>(matter.pressure / matter.enthalpy_density(), m_state, m_k);
  }

  physics::FlowState m_state;
  physics::Kinematics m_k{};
};

/// J^m d sigma_m of a covariant coordinate normal dS, sqrt(-g) = `volume_factor`: tau in Milne coordinates, where z
/// components of J carry the factor already.
inline double flux(const FourVector& current, const FourVector& normal, double volume_factor) {
  return volume_factor * (current[0] * normal[0] + current[1] * normal[1] + current[2] * normal[2]) +
         current[3] * normal[3];
}

}  // namespace ister::solvers
