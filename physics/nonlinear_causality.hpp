#pragma once
#include "physics/principal_stresses.hpp"

// Whether fronts in matter far from equilibrium are slower than light: conditions that are cheap at every point.
namespace ister::physics {

/// Squared speeds of fronts along the principal axes of the shear stress, in the frame of the fluid: with Lambda_d
/// along and Lambda_a across the direction, h = eta/tau_pi + lambda_piPi Pi/2 (everything in units of w, tau_pi or
/// tau_Pi),
///     across: [h + tau_pipi (Lambda_a + Lambda_d)/4]/(1 + Pi + Lambda_a)
///     along:  c_s^2 + [4 h/3 + (delta_pipi + tau_pipi/3) Lambda_d + zeta/tau_Pi + delta_PiPi Pi + lambda_Pipi
///     Lambda_d]
///                     /(1 + Pi + Lambda_d)
/// These are the eigenvalues of the principal symbol there, without the pi-omega term, so all must lie from 0 to 1:
/// (4c) to (4f) of Bemfica, Disconzi, Hoang, Noronha, Radosz, arXiv:2005.11632, in units of w.
class AxisFronts {
 public:
  template <class Stress>
  ISTER_INLINE AxisFronts(Stress, const FluidPoint& f, double bulk)
      : m_inertia(Stress::bulk ? 1.0 + bulk : 1.0),
        m_shear(Stress::shear ? f.shear_stiffness + (Stress::bulk ? 0.5 * f.lambda_pibulk * bulk : 0.0) : 0.0),
        m_bulk(Stress::bulk ? f.bulk_stiffness + f.delta_bulkbulk * bulk : 0.0),
        m_per_stress(f.delta_pipi + f.tau_pipi / 3.0 + (Stress::bulk ? f.lambda_bulkpi : 0.0)),
        m_tau_pipi(f.tau_pipi),
        m_sound(f.sound_speed_squared) {}

  /// Whether the conditions hold for every shear stress with this pi:pi. They are linear in the stresses and symmetric
  /// in the axes, and all such stresses lie in the triangle whose corners are one stress with its axes exchanged.
  [[nodiscard]] ISTER_INLINE bool causal_up_to(double shear_square) const {
    const double a = 2.0 * std::sqrt(shear_square / 6.0);
    return causal({-a, -a, 2.0 * a});
  }

  [[nodiscard]] ISTER_INLINE bool causal(const PrincipalStresses& p) const {
    return along(p.low) && along(p.middle) && along(p.high) && across(p.low, p.middle) && across(p.middle, p.low) &&
           across(p.low, p.high) && across(p.high, p.low) && across(p.middle, p.high) && across(p.high, p.middle);
  }

 private:
  /// Whether force/inertia is the square of a speed from 0 to 1.
  static ISTER_INLINE bool is_speed(double force, double inertia) {
    constexpr double rounding = 1e-9;
    return force > -rounding && force < inertia + rounding;
  }
  [[nodiscard]] ISTER_INLINE bool along(double d) const {
    const double inertia = m_inertia + d;
    return is_speed(m_sound * inertia + 4.0 / 3.0 * m_shear + m_bulk + m_per_stress * d, inertia);
  }
  [[nodiscard]] ISTER_INLINE bool across(double a, double d) const {
    return is_speed(m_shear + 0.25 * m_tau_pipi * (a + d), m_inertia + a);
  }

  double m_inertia, m_shear, m_bulk, m_per_stress, m_tau_pipi, m_sound;
};

/// Whether matter in a state fulfils the conditions.
template <class Stress>
ISTER_INLINE bool causal_on_axes(const FluidPoint& fluid, const FlowState& state, const Kinematics& k) {
  const AxisFronts fronts(Stress{}, fluid, state.bulk);
  if constexpr (!Stress::shear) return fronts.causal({});
  if (fronts.causal_up_to(shear_square(state.pi, project(state.pi, k.v)))) return true;
  return fronts.causal(principal_stresses(rest_frame_stress(state.pi, state.u, k)));
}

}  // namespace ister::physics
