#pragma once
#include <cmath>

#include "core/base/tensor.hpp"
#include "physics/israel_stewart.hpp"

// The shear stress as matter at rest sees it.
namespace ister::physics {

/// pi^{ij} in the frame of the fluid: Lambda pi Lambda^T of the boost to rest.
ISTER_INLINE Sym3 rest_frame_stress(const Sym3& pi, const Vec3& u, const Kinematics& k) {
  const ShearProjections s = project(pi, k.v);
  const double r = 1.0 / (1.0 + k.g);
  return pi - r * symmetric_product(s.m, u) + (r * r * s.m0) * square(u);
}

ISTER_INLINE double determinant(const Sym3& a) {
  return a.xx * (a.yy * a.zz - a.yz * a.yz) - a.xy * (a.xy * a.zz - a.yz * a.xz) + a.xz * (a.xy * a.yz - a.yy * a.xz);
}

/// Eigenvalues of the shear stress, low <= middle <= high; their sum is zero.
struct PrincipalStresses {
  double low = 0, middle = 0, high = 0;
};

/// Of a symmetric traceless tensor: 2 r cos of three angles, with 6 r^2 = pi:pi and cos(3 angle) = det(pi)/(2 r^3).
ISTER_INLINE PrincipalStresses principal_stresses(const Sym3& rest) {
  const double r = std::sqrt(contract(rest, rest) / 6.0);
  if (r == 0.0) return {};
  constexpr double third_of_circle = 2.0943951023931953;
  const double cosine = determinant(rest) / (2.0 * r * r * r);
  const double angle = std::acos(cosine > 1.0 ? 1.0 : cosine < -1.0 ? -1.0 : cosine) / 3.0;
  const double high = 2.0 * r * std::cos(angle), low = 2.0 * r * std::cos(angle + third_of_circle);
  return {low, -low - high, high};
}

}  // namespace ister::physics
