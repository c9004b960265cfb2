#pragma once
#include "physics/stress_tensor.hpp"

namespace ister::physics {

/// What is conserved at a point, with the stresses it holds (any units, all the same).
struct ConservedPoint {
  double energy = 0;  ///< T^{00}
  Vec3 momentum;      ///< T^{0i}
  Sym3 pi;            ///< pi^{ij} without zz
  double bulk = 0;    ///< Pi
};

struct RecoveredPoint {
  double log_e = 0;
  Vec3 u;
  double residual = 0;  ///< of the equations, in units of T^{00}
};

/// One Newton step for e and u from T^{0m} at given pi^{ij} and Pi, with the exact Jacobian (pi^{zz} follows from the
/// trace and depends on u). `state` is replaced by the improved one; its residual is that of the old one.
template <class Stress, class Fluid>
ISTER_INLINE void recovery_step(const Fluid& fluid, const ConservedPoint& c, RecoveredPoint& state) {
  const EosPoint eos = fluid.eos(state.log_e);
  const double e = simd_exp(state.log_e), p = e * eos.pressure_over_energy, cs2 = eos.sound_speed_squared;
  const Vec3& u = state.u;
  const Kinematics k = kinematics(u);
  const double h = e + p + (Stress::bulk ? c.bulk : 0.0), isotropic = p + (Stress::bulk ? c.bulk : 0.0);
  double f0 = h * k.g2 - isotropic - c.energy;
  Vec3 f = (h * k.g) * u - c.momentum;
  double j00 = e * ((1.0 + cs2) * k.g2 - cs2);
  Vec3 j0 = 2.0 * h * u;
  const Vec3 ji = (e * (1.0 + cs2) * k.g) * u;
  const Sym3 uu = (h * k.ig) * square(u);
  Mat3 j = {h * k.g + uu.xx, uu.xy, uu.xz, uu.xy, h * k.g + uu.yy, uu.yz, uu.xz, uu.yz, h * k.g + uu.zz};
  if constexpr (Stress::shear) {
    Sym3 pi = c.pi;
    const double longitudinal = longitudinal_factor(k, u);
    pi.zz = traceless_zz(pi, k.v, longitudinal);
    const ShearProjections s = project(pi, k.v);
    f0 += s.m0;
    f = f + s.m;
    // dv = (du - v (v.du))/g: d(pi^{0i}) = (pi - m v^T) du/g + v_z e_z d(pi^{zz}), d(pi^{00}) = 2 n.du/g + v_z^2
    // d(pi^{zz})
    const Vec3 zz = (2.0 * longitudinal * k.ig) * s.n;
    j0 = j0 + (2.0 * k.ig) * s.n + (k.v.z * k.v.z) * zz;
    const Vec3 &m = s.m, &v = k.v;
    const double ig = k.ig;
    j.xx += ig * (pi.xx - m.x * v.x);
    j.xy += ig * (pi.xy - m.x * v.y);
    j.xz += ig * (pi.xz - m.x * v.z);
    j.yx += ig * (pi.xy - m.y * v.x);
    j.yy += ig * (pi.yy - m.y * v.y);
    j.yz += ig * (pi.yz - m.y * v.z);
    j.zx += ig * (pi.xz - m.z * v.x) + v.z * zz.x;
    j.zy += ig * (pi.yz - m.z * v.y) + v.z * zz.y;
    j.zz += ig * (pi.zz - m.z * v.z) + v.z * zz.z;
  }
  // d ln e eliminated with the energy equation.
  const double i00 = 1.0 / j00;
  const Vec3 q = i00 * ji;
  const Mat3 reduced = {j.xx - q.x * j0.x, j.xy - q.x * j0.y, j.xz - q.x * j0.z, j.yx - q.y * j0.x, j.yy - q.y * j0.y,
                        j.yz - q.y * j0.z, j.zx - q.z * j0.x, j.zy - q.z * j0.y, j.zz - q.z * j0.z};
  const Vec3 du = solve(reduced, f0 * q - f);
  const double dlog = -i00 * (f0 + dot(j0, du));
  const double size = std::fabs(f.x) + std::fabs(f.y) + std::fabs(f.z) + std::fabs(f0);
  state.residual = size / c.energy;
  state.log_e += dlog;
  state.u = u + du;
}

/// Damped Newton steps, none of which changes ln e and u by more than one half, until the residual before one is below
/// `accepted` or there were `most_steps`.
template <class Stress, class Fluid>
ISTER_INLINE void damped_recovery(const Fluid& fluid, const ConservedPoint& c, int most_steps, double accepted,
                                  RecoveredPoint& state) {
  for (int step = 0; step < most_steps; ++step) {
    const RecoveredPoint old = state;
    recovery_step<Stress>(fluid, c, state);
    const double change = std::fabs(state.log_e - old.log_e) + std::sqrt(dot(state.u - old.u, state.u - old.u));
    if (change > 0.5) {
      state.log_e = old.log_e + 0.5 / change * (state.log_e - old.log_e);
      state.u = old.u + (0.5 / change) * (state.u - old.u);
    }
    if (state.residual < accepted) return;
  }
}

/// A state in the neighbourhood of the ideal fluid's, where nothing better is known to start from.
ISTER_INLINE RecoveredPoint recovery_guess(const ConservedPoint& c) {
  const double mass2 = c.energy * c.energy - dot(c.momentum, c.momentum);
  const double mass = std::sqrt(mass2 > 1e-8 * c.energy * c.energy ? mass2 : 1e-8 * c.energy * c.energy);
  RecoveredPoint state;
  state.log_e = std::log(0.8 * mass);
  state.u = (0.9 / mass) * c.momentum;
  return state;
}

}  // namespace ister::physics
