#include "physics/landau_matching.hpp"

#include <cmath>
#include <limits>

namespace ister::physics {
namespace {

struct Eigenvector {
  double energy_density = 0;
  Vec3 velocity;
};

/// a^{-1} b by a = L D L^T; none where a is not positive definite.
std::optional<Vec3> solve_positive(const Sym3& a, const Vec3& b) {
  const double l_yx = a.xy / a.xx, l_zx = a.xz / a.xx;
  const double d_y = a.yy - l_yx * a.xy, yz = a.yz - l_yx * a.xz, l_zy = yz / d_y;
  const double d_z = a.zz - l_zx * a.xz - l_zy * yz;
  if (!(a.xx > 0 && d_y > 0 && d_z > 0)) return std::nullopt;
  const double r_y = b.y - l_yx * b.x, r_z = b.z - l_zx * b.x - l_zy * r_y;
  const double z = r_z / d_z, y = r_y / d_y - l_zy * z;
  return Vec3{b.x / a.xx - l_yx * y - l_zx * z, y, z};
}

/// With M^i = T^{0i} and S^{ij} = T^{ij} the eigenvector is (1, v) with v = (S + e)^{-1} M, and e is a root of
///     f(e) = T^{00} - e - M.v,   f' = v.v - 1.
/// Where S + e is positive definite f is concave: at most one root has f' < 0, that is v.v < 1, and Newton's method
/// comes down to it from e = T^{00} without ever passing it. So a step upwards is rounding, and the end.
std::optional<Eigenvector> timelike_eigenvector(const StressTensor& t) {
  double e = t.energy;
  while (true) {
    const std::optional<Vec3> v = solve_positive(t.stress + Sym3{e, 0, 0, e, 0, e}, t.momentum);
    if (!v) return std::nullopt;
    const double slope = 1.0 - dot(*v, *v);
    // Rounding of T moves f by some units in the last place of T^{00}, e by that over the slope.
    if (!(e > 0 && e * slope > 8.0 * std::numeric_limits<double>::epsilon() * t.energy)) return std::nullopt;
    const double next = e + (t.energy - e - dot(t.momentum, *v)) / slope;
    if (!(next < e)) return Eigenvector{e, *v};
    e = next;
  }
}

}  // namespace

std::optional<LandauFluid> landau_matching(const StressTensor& t) {
  const double spatial = trace(t.stress);
  if (!std::isfinite(spatial)) return std::nullopt;
  const std::optional<Eigenvector> found = timelike_eigenvector(t);
  if (!found) return std::nullopt;
  const double e = found->energy_density, pressure = (spatial - t.energy + e) / 3.0;
  const Vec3& v = found->velocity;
  const Vec3 u = (1.0 / std::sqrt(1.0 - dot(v, v))) * v;
  return LandauFluid{e, u, pressure,
                     t.stress - (e + pressure) * square(u) - Sym3{pressure, 0, 0, pressure, 0, pressure}};
}

StressTensor above_floor(const StressTensor& t, double floor) {
  const double root = std::hypot(t.energy, 2.0 * floor);
  const double added = t.energy > 0 ? 2.0 * floor * (floor / (root + t.energy)) : 0.5 * (root - t.energy);
  const double third = added / 3.0;
  return {t.energy + added, t.momentum, t.stress + Sym3{third, 0, 0, third, 0, third}};
}

}  // namespace ister::physics
