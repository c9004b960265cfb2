#pragma once
#include <array>
#include <cmath>
#include <vector>

#include "physics/fluid_model.hpp"
#include "physics/stress_tensor.hpp"
#include "solvers/equations.hpp"

namespace ister::solvers {

/// Matter of one energy density, in powers of 1/fm.
struct Thermodynamics {
  double log_e, energy_density, pressure, temperature;

  Thermodynamics(double log_energy_density, const physics::EosPoint& point)
      : log_e(log_energy_density),
        energy_density(std::exp(log_energy_density)),
        pressure(point.pressure_over_energy * energy_density),
        temperature(point.temperature) {}
  Thermodynamics(const physics::FluidModel& fluid, double log_energy_density)
      : Thermodynamics(log_energy_density, fluid.eos(log_energy_density)) {}
  [[nodiscard]] double enthalpy_density() const { return energy_density + pressure; }
  [[nodiscard]] double entropy_density() const { return enthalpy_density() / temperature; }
};

/// A four-current or a covariant normal, time first; z components of currents carry tau in Milne coordinates.
using FourVector = std::array<double, 4>;

/// The primitive variables of a fluid that has all stresses: what others evolve has the same places among them, and
/// what they do not evolve is zero.
using AllStresses = physics::ShearBulkStress;
constexpr int all_variables = Variables<AllStresses>::count;

/// The places of the evolved components among these.
inline std::vector<int> places_of_components(StressKind stress) {
  return visit_stress(stress, [](auto tag) {
    using V = Variables<decltype(tag)>;
    std::vector<int> places;
    places.reserve(V::count);
    for (int c = 0; c < V::count; ++c) places.push_back(c < V::bulk ? c : Variables<AllStresses>::bulk);
    return places;
  });
}

/// Flow and stresses at a point, from an array of all variables, of which the first is not looked at.
class SurfacePoint {
 public:
  explicit SurfacePoint(const double* variables) { load_flow<AllStresses>(variables, 1, 0, m_state, m_k); }

  /// u, pi/w and Pi/w
  [[nodiscard]] const physics::FlowState& state() const { return m_state; }
  [[nodiscard]] FourVector velocity() const { return {m_k.g, m_state.u.x, m_state.u.y, m_state.u.z}; }
  /// T^{0 m}
  [[nodiscard]] FourVector energy_current(const Thermodynamics& matter) const {
    const double w = matter.enthalpy_density();
    const physics::StressTensor t = physics::stress_tensor<AllStresses>(matter.pressure / w, m_state, m_k);
    return {w * t.energy, w * t.momentum.x, w * t.momentum.y, w * t.momentum.z};
  }

 private:
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
