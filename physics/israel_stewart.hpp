#pragma once
#include <cmath>

#include "core/base/tensor.hpp"
#include "physics/fluid.hpp"

/// The second-order equations at one point, in an orthonormal frame of Minkowski or Milne space.
///
/// In Milne coordinates the frame is e_0 = d_tau, e_z = (1/tau) d_eta: z components carry the factor tau, d_z means
/// (1/tau) d_eta, and the only connection is nabla_z e_0 = H e_z, nabla_z e_z = H e_0 with H = 1/tau. Minkowski space
/// is H = 0. All stresses and all derivatives of e, pi and Pi are in units of the enthalpy density w = e + p.
namespace ister::physics {

/// Which stresses are evolved; what is not evolved is zero and costs nothing.
struct IdealStress {
  static constexpr bool shear = false, bulk = false;
};
struct BulkStress {
  static constexpr bool shear = false, bulk = true;
};
struct ShearStress {
  static constexpr bool shear = true, bulk = false;
};
struct ShearBulkStress {
  static constexpr bool shear = true, bulk = true;
};

/// Velocity and stresses at a point.
struct FlowState {
  Vec3 u;           ///< u^x u^y u^z
  Sym3 pi;          ///< pi^{ij}/w; zz as it follows from the trace, see complete_trace
  double bulk = 0;  ///< Pi/w
};

/// Frame derivatives d_k at a point; row k of u holds d_k u^x, d_k u^y, d_k u^z.
struct FlowGradients {
  Vec3 energy;  ///< d_k e / w
  Mat3 u;
  Sym3 pi_x, pi_y, pi_z;  ///< d_k pi^{ij} / w
  Vec3 bulk;              ///< d_k Pi / w
};

/// Frame time derivatives.
struct FlowRates {
  double energy = 0;  ///< d_t e / w
  Vec3 u;
  Sym3 pi;          ///< d_t pi^{ij} / w; zz is not computed
  double bulk = 0;  ///< d_t Pi / w
};

/// The force density f^m on the right of nabla_n T^{nm} = f^m, in units of w.
struct FlowForce {
  double energy = 0;  ///< f^0/w
  Vec3 momentum;      ///< f^i/w
};

/// Terms that a run can switch.
struct EquationTerms {
  double expansion = 0;  ///< H: 1/tau in Milne, 0 in Minkowski space
  double vorticity = 0;  ///< 1 with the pi-omega term, else 0
};

/// Lorentz factor, velocity and the time components of the shear stress.
struct Kinematics {
  double g2, g, ig;  ///< squared Lorentz factor, the factor, its inverse
  Vec3 v;
};

ISTER_INLINE Kinematics kinematics(const Vec3& u) {
  Kinematics k;
  k.g2 = 1.0 + dot(u, u);
  k.ig = 1.0 / std::sqrt(k.g2);
  k.g = k.g2 * k.ig;
  k.v = k.ig * u;
  return k;
}

/// pi^{zz} from tracelessness, pi^{xx}+pi^{yy}+pi^{zz} = v.pi.v, given the other five components (zz ignored).
/// `longitudinal` is 1/(1 - v_z^2).
ISTER_INLINE double traceless_zz(const Sym3& pi, const Vec3& v, double longitudinal) {
  const double others =
      v.x * (v.x * pi.xx + 2.0 * (v.y * pi.xy + v.z * pi.xz)) + v.y * (v.y * pi.yy + 2.0 * v.z * pi.yz);
  return longitudinal * (others - pi.xx - pi.yy);
}

ISTER_INLINE double longitudinal_factor(const Kinematics& k, const Vec3& u) { return k.g2 / (k.g2 - u.z * u.z); }

/// Fills in pi^{zz}.
template <class Stress>
ISTER_INLINE void complete_trace(const Kinematics& k, FlowState& state) {
  if constexpr (Stress::shear) state.pi.zz = traceless_zz(state.pi, k.v, longitudinal_factor(k, state.u));
}

/// The components of the shear stress that orthogonality fixes, with n = m - m0 v the combination in which pi meets
/// a change of velocity: pi^{ij} dv_j = n.du/g when contracted with v.
struct ShearProjections {
  Vec3 m;     ///< pi^{0i}/w = pi^{ij} v_j
  double m0;  ///< pi^{00}/w
  Vec3 n;
};

ISTER_INLINE ShearProjections project(const Sym3& pi, const Vec3& v) {
  ShearProjections s;
  s.m = pi * v;
  s.m0 = dot(s.m, v);
  s.n = s.m - s.m0 * v;
  return s;
}

/// d pi^{zz} given the other five components of the derivative and that of u: the derivative of the trace condition.
ISTER_INLINE double traceless_zz_gradient(const Sym3& dpi, const Vec3& du, const Kinematics& k, const Vec3& n,
                                          double longitudinal) {
  return traceless_zz(dpi, k.v, longitudinal) + 2.0 * longitudinal * k.ig * dot(n, du);
}

/// pi:pi = pi^{mn} pi_{mn} in units of w^2.
ISTER_INLINE double shear_square(const Sym3& pi, const ShearProjections& s) {
  return contract(pi, pi) - 2.0 * dot(s.m, s.m) + s.m0 * s.m0;
}

/// P x with P = pi - m v^T, which meets time components when an index pair is contracted.
ISTER_INLINE Vec3 apply_P(const Sym3& pi, const Vec3& m, const Vec3& v, const Vec3& x) {
  return pi * x - dot(v, x) * m;
}

/// (a b + b a)/2 of symmetric matrices.
ISTER_INLINE Sym3 symmetric_matrix_product(const Sym3& a, const Sym3& b) {
  return {a.xx * b.xx + a.xy * b.xy + a.xz * b.xz,
          0.5 * (a.xx * b.xy + a.xy * b.yy + a.xz * b.yz + b.xx * a.xy + b.xy * a.yy + b.xz * a.yz),
          0.5 * (a.xx * b.xz + a.xy * b.yz + a.xz * b.zz + b.xx * a.xz + b.xy * a.yz + b.xz * a.zz),
          a.xy * b.xy + a.yy * b.yy + a.yz * b.yz,
          0.5 * (a.xy * b.xz + a.yy * b.yz + a.yz * b.zz + b.xy * a.xz + b.yy * a.yz + b.yz * a.zz),
          a.xz * b.xz + a.yz * b.yz + a.zz * b.zz};
}

/// Delta^{ij} = delta^{ij} + u^i u^j
ISTER_INLINE Sym3 projector(const Vec3& u) {
  return {1.0 + u.x * u.x, u.x * u.y, u.x * u.z, 1.0 + u.y * u.y, u.y * u.z, 1.0 + u.z * u.z};
}

/// 2 pi_l^{<i} omega^{j>l} = omega P^T - P omega with omega = (G + u a^T - transpose)/2, antisymmetric.
ISTER_INLINE Sym3 gyration_term(const Sym3& pi, const Vec3& m, const Mat3& G, const Vec3& u, const Vec3& a,
                                const Vec3& v) {
  const double xy = 0.5 * (G.xy - G.yx + u.x * a.y - u.y * a.x);
  const double xz = 0.5 * (G.xz - G.zx + u.x * a.z - u.z * a.x);
  const double yz = 0.5 * (G.yz - G.zy + u.y * a.z - u.z * a.y);
  const Vec3 omega_v = {xy * v.y + xz * v.z, yz * v.z - xy * v.x, -xz * v.x - yz * v.y};
  // -(pi omega) - (pi omega)^T
  const Sym3 pi_omega = {2.0 * (pi.xy * xy + pi.xz * xz),
                         pi.yy * xy + pi.yz * xz - pi.xx * xy + pi.xz * yz,
                         pi.yz * xy + pi.zz * xz - pi.xx * xz - pi.xy * yz,
                         2.0 * (pi.yz * yz - pi.xy * xy),
                         pi.zz * yz - pi.xz * xy - pi.xy * xz - pi.yy * yz,
                         -2.0 * (pi.xz * xz + pi.yz * yz)};
  return pi_omega - symmetric_product(m, omega_v);
}

/// Exact frame time derivatives of e, u, pi and Pi from their values and space derivatives.
///
/// Everything is affine in the acceleration a^i = D u^i, so the projected conservation laws
///   w (1 + Pi) a^i + d_i (p + Pi) + u^i D (p + Pi) + nabla_m pi^{mi} - u^i pi:sigma = f^i + u^i u.f,
///   D e = -w (1 + Pi) theta - pi:sigma - u.f
/// with the relaxation equations inserted for D pi and D Pi are a 3 x 3 linear system M a = b. With v = u/g,
/// m = pi v, m0 = m.v, n = m - m0 v and P = pi - m v^T (all stresses in units of w):
///   theta = theta_0 + v.a/g,   pi:sigma = X_0 + n.a/g,
///   sigma = (G + G^T + u a^T + a u^T)/2 - (1 + u u^T) theta/3,   G_ki = D_k u^i (covariant, space only).
/// Index pairs meet through time components as well: pi^{ib} S_b^j = (P S)^{ij} for any S orthogonal to u.
template <class Stress>
ISTER_INLINE FlowRates israel_stewart_rates(const FluidPoint& fluid, const FlowState& state,
                                            const FlowGradients& gradient, const EquationTerms& terms,
                                            const FlowForce& f = {}) {
  constexpr double third = 1.0 / 3.0, sixth = 1.0 / 6.0, twelfth = 1.0 / 12.0;
  const Vec3& u = state.u;
  const Kinematics k = kinematics(u);
  const Vec3& v = k.v;
  const double ig = k.ig, ig2 = ig * ig, h = terms.expansion;
  const double cs2 = fluid.sound_speed_squared;
  const Sym3& pi = state.pi;
  const double inertia = Stress::bulk ? 1.0 + state.bulk : 1.0;
  const double uf = dot(u, f.momentum) - k.g * f.energy;  // u.f, minus the heating

  Mat3 G = gradient.u;
  G.zz += h * k.g;
  const Vec3 c = transposed_product(G, u);  // u^k D_k u^i
  const Vec3 Gv = G * v;                    // D_k u^0
  const double theta0 = trace(G) - ig * dot(v, c);

  // Bulk and energy rates are -(pressure_response theta + shear_response pi:sigma + relaxation of Pi).
  const double bulk_relaxation = Stress::bulk ? fluid.bulk_rate * state.bulk : 0.0;
  const double bulk_response = Stress::bulk ? fluid.bulk_stiffness + fluid.delta_bulkbulk * state.bulk : 0.0;
  const double pressure_response = cs2 * inertia + bulk_response;

  FlowRates rates;
  Vec3 a;
  double theta, work = 0.0;  // work = pi:sigma
  if constexpr (!Stress::shear) {
    const double force = pressure_response * theta0 + bulk_relaxation + (1.0 + cs2) * uf;
    Vec3 b = -(cs2 * gradient.energy) + force * u;
    if constexpr (Stress::bulk) b = b - gradient.bulk;
    b = b + f.momentum;
    // (inertia - u v^T pressure_response/g) a = b has the inverse of Sherman and Morrison.
    const double q = pressure_response * ig;
    const double i1 = 1.0 / inertia;
    const double uv = k.g - ig;
    a = i1 * (b + (q * dot(v, b) / (inertia - q * uv)) * u);
    theta = theta0 + ig * dot(v, a);
  } else {
    const ShearProjections s = project(pi, v);
    const Vec3 &m = s.m, &n = s.n;
    const double m0 = s.m0;
    const double uv = k.g - ig;  // u.v
    const double lambda_bulkpi = Stress::bulk ? fluid.lambda_bulkpi : 0.0;
    const double shear_response = cs2 + lambda_bulkpi;

    const double square = shear_square(pi, s);
    const double relaxation = fluid.shear_rate;
    const double stiffness = 2.0 * fluid.shear_stiffness + (Stress::bulk ? fluid.lambda_pibulk * state.bulk : 0.0);
    const double delta = fluid.delta_pipi, tpp = fluid.tau_pipi;
    const double vorticity = terms.vorticity;

    const double work0 = contract(pi, G) - dot(m, Gv) - ig * dot(n, c);

    // u^k D_k pi^{ij} and the space divergence D_k pi^{ki} + H pi^{0i}, connection included.
    Sym3 advection = u.x * gradient.pi_x + u.y * gradient.pi_y + u.z * gradient.pi_z;
    const double hu = h * u.z;
    advection.xz += hu * m.x;
    advection.yz += hu * m.y;
    advection.zz += 2.0 * hu * m.z;
    const Vec3 divergence = {gradient.pi_x.xx + gradient.pi_y.xy + gradient.pi_z.xz + h * m.x,
                             gradient.pi_x.xy + gradient.pi_y.yy + gradient.pi_z.yz + h * m.y,
                             gradient.pi_x.xz + gradient.pi_y.yz + gradient.pi_z.zz + 2.0 * h * m.z};

    // The relaxation equation contracted with v at a = 0.
    const Vec3 gv = ig * c;  // G^T v
    const Vec3 sigma_v = 0.5 * (Gv + gv) - (third * theta0) * (k.g * u);
    const Vec3 Gn = G * n, gn = transposed_product(G, n);
    const Vec3 sigma_n = 0.5 * (Gn + gn) - (third * theta0) * (n + (m0 * ig) * u);
    const Vec3 omega_v = 0.5 * (Gv - gv);
    const Vec3 omega_n = 0.5 * (Gn - gn);
    const Vec3 source_v = -(relaxation + delta * theta0) * m - stiffness * sigma_v -
                          (0.5 * tpp) * (apply_P(pi, m, v, sigma_v) + sigma_n) - fluid.phi7 * apply_P(pi, m, v, m) +
                          (third * k.g * (tpp * work0 + fluid.phi7 * square)) * u +
                          vorticity * (omega_n - apply_P(pi, m, v, omega_v));

    const double force =
        pressure_response * theta0 + (shear_response + 1.0) * work0 + bulk_relaxation + (1.0 + cs2) * uf;
    Vec3 b =
        force * u - cs2 * gradient.energy - ig * (source_v - advection * v) + ig2 * apply_P(pi, m, v, c) - divergence;
    if constexpr (Stress::bulk) b = b - gradient.bulk;
    b = b + f.momentum;

    // M = alpha 1 + beta pi + u A^T + B v^T
    const double alpha = inertia - 0.5 * ig * (stiffness * uv + ig * m0 * (0.5 * tpp + vorticity));
    const double beta = 1.0 + ig * uv * (0.5 * vorticity - 0.25 * tpp);
    const Vec3 A = (ig * (sixth * (tpp * m0 * ig2 - stiffness) - pressure_response)) * v +
                   (ig * (twelfth * tpp - shear_response + 0.5 * vorticity)) * n;
    const Vec3 B = -(beta + ig2 * (delta + twelfth * tpp + 0.5 * vorticity)) * m + (sixth * tpp * ig2) * n;
    const Mat3 M = {alpha + beta * pi.xx + u.x * A.x + B.x * v.x, beta * pi.xy + u.x * A.y + B.x * v.y,
                    beta * pi.xz + u.x * A.z + B.x * v.z,         beta * pi.xy + u.y * A.x + B.y * v.x,
                    alpha + beta * pi.yy + u.y * A.y + B.y * v.y, beta * pi.yz + u.y * A.z + B.y * v.z,
                    beta * pi.xz + u.z * A.x + B.z * v.x,         beta * pi.yz + u.z * A.y + B.z * v.y,
                    alpha + beta * pi.zz + u.z * A.z + B.z * v.z};
    a = solve(M, b);

    theta = theta0 + ig * dot(v, a);
    work = work0 + ig * dot(n, a);
    const Sym3 delta_ij = projector(u);
    const Sym3 sigma = 0.5 * (twice_symmetric_part(G) + symmetric_product(u, a)) - (third * theta) * delta_ij;
    // <pi sigma>: P sigma = pi sigma - m (sigma v)^T, symmetrised.
    const Vec3 q = apply_P(pi, m, v, a);
    const Sym3 D_pi = symmetric_product(u, q) - (relaxation + delta * theta) * pi - stiffness * sigma -
                      tpp * (symmetric_matrix_product(pi, sigma) - 0.5 * symmetric_product(m, sigma * v)) -
                      fluid.phi7 * (symmetric_matrix_product(pi, pi) - ister::square(m)) +
                      (third * (tpp * work + fluid.phi7 * square)) * delta_ij +
                      vorticity * gyration_term(pi, m, G, u, a, v);
    rates.pi = ig * (D_pi - advection);
  }

  const double D_energy = -inertia * theta - work - uf;
  rates.energy = ig * (D_energy - dot(u, gradient.energy));
  rates.u = ig * (a - c);
  if constexpr (Stress::bulk) {
    const double D_bulk = -bulk_relaxation - bulk_response * theta - (Stress::shear ? fluid.lambda_bulkpi * work : 0.0);
    rates.bulk = ig * (D_bulk - dot(u, gradient.bulk));
  }
  return rates;
}

}  // namespace ister::physics
