#pragma once
#include <array>
#include <cstddef>
#include <vector>

#include "core/surface/element_table.hpp"

/// An element of a freeze-out surface in Milne coordinates as a row of numbers, as other codes have it. In tables pi is
/// given without what u.u = -1 and pi.u = 0 imply; rows have it all. No charges.
namespace ister::drivers {

using SurfaceRow = std::vector<double>;

/// Where an element of a table stands and how wide it is along eta: 1 at 0 unless the surface is repeated in slices.
struct EtaSlice {
  double middle, width;
};

/// An element with all of its components; those along eta carry tau, normals do not. Powers of 1/fm.
class SurfaceElement {
 public:
  /// As the table has it.
  SurfaceElement(const core::surface::ElementTable& table, std::size_t row);
  /// Part of a boost-invariant one.
  SurfaceElement(const core::surface::ElementTable& table, std::size_t row, const EtaSlice& slice);

  /// MUSIC, 29 numbers in powers of 1/fm: tau x y eta; dS without tau; u; e; T; muB muS muQ; (e + p)/T;
  /// W = pi as tt tx ty te xx xy xe yy ye ee; Pi.
  [[nodiscard]] SurfaceRow music() const;
  /// iS3D, mode 1 (gpu-vh), 20 numbers in powers of 1/fm: tau x y eta; tau dS; ux uy and u^eta without tau; e T p;
  /// pi xx xy xe yy ye without tau; Pi.
  [[nodiscard]] SurfaceRow is3d() const;
  /// vHLLE, 27 numbers in GeV and fm: tau x y eta; d sigma_m, u^m as t x y z; T muB muQ muS;
  /// pi tt tx xx ty xy yy tz xz yz zz; Pi.
  [[nodiscard]] SurfaceRow vhlle() const;
  /// ParticlizationHypersurfaceElement of Thermal-FIST, 30 numbers: those of vHLLE up to muS; e rhoB; pi; Pi p.
  [[nodiscard]] SurfaceRow fist() const;
  /// osu-hydro and frzout in 2+1-D, 16 numbers: tau x y; dS_tau dS_x dS_y without tau; vx vy;
  /// pi tt tx ty xx xy yy zz and Pi in GeV/fm^3.
  [[nodiscard]] SurfaceRow frzout_flat() const;
  /// The same in 3+1-D, 22 numbers: t x y z; d sigma_m; vx vy vz; pi tt tx ty tz xx xy xz yy yz zz, Pi.
  [[nodiscard]] SurfaceRow frzout() const;

 private:
  using Vector = std::array<double, 4>;
  using Tensor = std::array<Vector, 4>;

  /// Cartesian components t x y z of contravariant ones.
  [[nodiscard]] Vector cartesian(const Vector& v) const;
  /// d sigma_m, covariant and with sqrt(-g).
  [[nodiscard]] Vector cartesian_normal() const;
  /// pi in GeV/fm^3.
  [[nodiscard]] Tensor cartesian_shear() const;

  Vector m_at, m_dS, m_u;
  double m_e, m_T, m_p, m_s, m_bulk;
  Tensor m_pi;
};

}  // namespace ister::drivers
