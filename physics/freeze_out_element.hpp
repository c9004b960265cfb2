#pragma once
#include <cmath>

#include "physics/delta_f.hpp"

namespace ister::physics {

/// An element of a surface where particles leave the fluid, in powers of 1/fm; of a boost-invariant surface per unit of
/// eta, without flow, normal and stress along it. Components are those of the orthonormal frame of an observer at rest
/// at eta in Milne coordinates (u^z = tau u^eta and so on), or of Minkowski space with eta = 0.
struct FreezeOutElement {
  double eta;
  /// Covariant d sigma_mu from hot to cold, so that p.dsigma = p^t normal_t + p^x normal_x + p^y normal_y + p^z
  /// normal_z: in Milne coordinates tau dS_tau, tau dS_x, tau dS_y, dS_eta.
  double normal_t, normal_x, normal_y, normal_z;
  double ux, uy, uz;
  double temperature;
  double pixx, pixy, pixz, piyy, piyz, pizz;  ///< contravariant shear stress
  DeltaF delta;                               ///< what it and bulk pressure do to the distributions

  [[nodiscard]] double ut() const { return std::sqrt(1.0 + ux * ux + uy * uy + uz * uz); }
  /// u.dsigma, the volume in the frame of the fluid.
  [[nodiscard]] double volume() const { return ut() * normal_t + ux * normal_x + uy * normal_y + uz * normal_z; }
  /// What pi.u = 0 and a vanishing trace say of the components with time.
  [[nodiscard]] double pitt() const { return pixx + piyy + pizz; }
  [[nodiscard]] double pitx() const { return (pixx * ux + pixy * uy + pixz * uz) / ut(); }
  [[nodiscard]] double pity() const { return (pixy * ux + piyy * uy + piyz * uz) / ut(); }
  [[nodiscard]] double pitz() const { return (pixz * ux + piyz * uy + pizz * uz) / ut(); }
};

}  // namespace ister::physics
