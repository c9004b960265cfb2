#pragma once
#include "core/base/inline.hpp"

/// Small tensors of space as plain structs: after inlining each component is a register, which is what lets a row
/// loop over points vectorise (a local array in the loop body would not).
namespace ister {

struct Vec3 {
  double x = 0, y = 0, z = 0;
};

/// Symmetric 3x3 tensor.
struct Sym3 {
  double xx = 0, xy = 0, xz = 0, yy = 0, yz = 0, zz = 0;
};

/// General 3x3 matrix, rows x, y, z: m.xy is row x, column y.
struct Mat3 {
  double xx = 0, xy = 0, xz = 0, yx = 0, yy = 0, yz = 0, zx = 0, zy = 0, zz = 0;
};

ISTER_INLINE Vec3 operator+(const Vec3& a, const Vec3& b) { return {a.x + b.x, a.y + b.y, a.z + b.z}; }
ISTER_INLINE Vec3 operator-(const Vec3& a, const Vec3& b) { return {a.x - b.x, a.y - b.y, a.z - b.z}; }
ISTER_INLINE Vec3 operator-(const Vec3& a) { return {-a.x, -a.y, -a.z}; }
ISTER_INLINE Vec3 operator*(double s, const Vec3& a) { return {s * a.x, s * a.y, s * a.z}; }
ISTER_INLINE double dot(const Vec3& a, const Vec3& b) { return a.x * b.x + a.y * b.y + a.z * b.z; }

ISTER_INLINE Sym3 operator+(const Sym3& a, const Sym3& b) {
  return {a.xx + b.xx, a.xy + b.xy, a.xz + b.xz, a.yy + b.yy, a.yz + b.yz, a.zz + b.zz};
}
ISTER_INLINE Sym3 operator-(const Sym3& a, const Sym3& b) {
  return {a.xx - b.xx, a.xy - b.xy, a.xz - b.xz, a.yy - b.yy, a.yz - b.yz, a.zz - b.zz};
}
ISTER_INLINE Sym3 operator*(double s, const Sym3& a) {
  return {s * a.xx, s * a.xy, s * a.xz, s * a.yy, s * a.yz, s * a.zz};
}
ISTER_INLINE Vec3 operator*(const Sym3& s, const Vec3& a) {
  return {s.xx * a.x + s.xy * a.y + s.xz * a.z, s.xy * a.x + s.yy * a.y + s.yz * a.z,
          s.xz * a.x + s.yz * a.y + s.zz * a.z};
}
ISTER_INLINE double contract(const Sym3& a, const Sym3& b) {
  return a.xx * b.xx + a.yy * b.yy + a.zz * b.zz + 2.0 * (a.xy * b.xy + a.xz * b.xz + a.yz * b.yz);
}
ISTER_INLINE double trace(const Sym3& a) { return a.xx + a.yy + a.zz; }

/// a b^T + b a^T
ISTER_INLINE Sym3 symmetric_product(const Vec3& a, const Vec3& b) {
  return {2.0 * a.x * b.x, a.x * b.y + a.y * b.x, a.x * b.z + a.z * b.x,
          2.0 * a.y * b.y, a.y * b.z + a.z * b.y, 2.0 * a.z * b.z};
}
/// a a^T
ISTER_INLINE Sym3 square(const Vec3& a) { return {a.x * a.x, a.x * a.y, a.x * a.z, a.y * a.y, a.y * a.z, a.z * a.z}; }

ISTER_INLINE Vec3 operator*(const Mat3& m, const Vec3& a) {
  return {m.xx * a.x + m.xy * a.y + m.xz * a.z, m.yx * a.x + m.yy * a.y + m.yz * a.z,
          m.zx * a.x + m.zy * a.y + m.zz * a.z};
}
/// m^T a
ISTER_INLINE Vec3 transposed_product(const Mat3& m, const Vec3& a) {
  return {m.xx * a.x + m.yx * a.y + m.zx * a.z, m.xy * a.x + m.yy * a.y + m.zy * a.z,
          m.xz * a.x + m.yz * a.y + m.zz * a.z};
}
ISTER_INLINE double trace(const Mat3& m) { return m.xx + m.yy + m.zz; }
/// m + m^T
ISTER_INLINE Sym3 twice_symmetric_part(const Mat3& m) {
  return {2.0 * m.xx, m.xy + m.yx, m.xz + m.zx, 2.0 * m.yy, m.yz + m.zy, 2.0 * m.zz};
}
/// s : m, the full contraction with a symmetric tensor
ISTER_INLINE double contract(const Sym3& s, const Mat3& m) {
  return s.xx * m.xx + s.yy * m.yy + s.zz * m.zz + s.xy * (m.xy + m.yx) + s.xz * (m.xz + m.zx) + s.yz * (m.yz + m.zy);
}

/// The solution of m a = b by Cramer's rule: one division, no branch.
ISTER_INLINE Vec3 solve(const Mat3& m, const Vec3& b) {
  const double c0 = m.yy * m.zz - m.yz * m.zy;
  const double c1 = m.yz * m.zx - m.yx * m.zz;
  const double c2 = m.yx * m.zy - m.yy * m.zx;
  const double inverse = 1.0 / (m.xx * c0 + m.xy * c1 + m.xz * c2);
  const double d0 = b.y * m.zz - m.yz * b.z;
  const double d1 = m.yx * b.z - b.y * m.zx;
  const double d2 = b.y * m.zy - m.yy * b.z;
  return {inverse * (b.x * c0 - m.xy * d0 + m.xz * d2), inverse * (m.xx * d0 + b.x * c1 + m.xz * d1),
          inverse * (b.x * c2 - m.xy * d1 - m.xx * d2)};
}

}  // namespace ister
