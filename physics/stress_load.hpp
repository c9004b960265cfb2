#pragma once
#include "physics/israel_stewart.hpp"

/// How close the stresses are to making the fluid's inertia vanish along some direction. (1 + Pi) 1 + P, with
/// P = pi - m v^T, all in units of w = e + p, multiplies the acceleration in the equations of motion; where its
/// smallest eigenvalue approaches zero, accelerations grow without bound.
namespace ister::physics {

/// The determinant of P.
ISTER_INLINE double shear_determinant(const Sym3& pi, const ShearProjections& s, const Vec3& v) {
  const Vec3& m = s.m;
  const Mat3 P = {pi.xx - m.x * v.x, pi.xy - m.x * v.y, pi.xz - m.x * v.z, pi.xy - m.y * v.x, pi.yy - m.y * v.y,
                  pi.yz - m.y * v.z, pi.xz - m.z * v.x, pi.yz - m.z * v.y, pi.zz - m.z * v.z};
  return P.xx * (P.yy * P.zz - P.yz * P.zy) - P.xy * (P.yx * P.zz - P.yz * P.zx) + P.xz * (P.yx * P.zy - P.yy * P.zx);
}

/// The smallest eigenvalue of P, which is traceless: the roots of l^3 - (pi:pi/2) l - det P = 0 are real.
ISTER_INLINE double smallest_shear_eigenvalue(double pi_pi, double determinant) {
  const double radius = std::sqrt(pi_pi / 6.0);
  if (!(radius > 0.0)) return 0.0;
  const double cosine = determinant / (2.0 * radius * radius * radius);
  const double angle = std::acos(cosine > 1.0 ? 1.0 : (cosine < -1.0 ? -1.0 : cosine)) / 3.0;
  return 2.0 * radius * std::cos(angle + 2.0943951023931953);
}

/// What the stresses take off the inertia at most, in units of w: -(smallest eigenvalue of P) - min(Pi, 0).
template <class Stress>
ISTER_INLINE double stress_load(const FlowState& state, const Kinematics& k) {
  double load = Stress::bulk && state.bulk < 0.0 ? -state.bulk : 0.0;
  if constexpr (Stress::shear) {
    const ShearProjections s = project(state.pi, k.v);
    load -= smallest_shear_eigenvalue(shear_square(state.pi, s), shear_determinant(state.pi, s, k.v));
  }
  return load;
}

/// Not above zero only where the load is within a limit, found without a root: the smallest eigenvalue is not below
/// -sqrt(2 pi:pi/3).
template <class Stress>
ISTER_INLINE double possible_excess(double limit, const FlowState& state, const Kinematics& k) {
  const double bulk = Stress::bulk ? state.bulk : 0.0;
  const double room = bulk < 0.0 ? limit + bulk : limit;
  if constexpr (!Stress::shear) return -room;
  const double pi_pi = shear_square(state.pi, project(state.pi, k.v));
  return room > 0.0 ? pi_pi * (2.0 / 3.0) - room * room : 1.0;
}

}  // namespace ister::physics
