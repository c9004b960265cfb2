#pragma once
#include <array>
#include <complex>
#include <vector>

#include "core/base/tensor.hpp"
#include "physics/fluid_model.hpp"

namespace ister::physics {

/// What a linear wave about a uniform equilibrium feels; w = e + p.
struct LinearFluid {
  double cs2 = 1.0 / 3.0;
  double shear_rate = 0;       ///< 1/tau_pi
  double shear_stiffness = 0;  ///< eta/(w tau_pi); 0: pi is not evolved
  double bulk_rate = 0;        ///< 1/tau_Pi
  double bulk_stiffness = 0;   ///< zeta/(w tau_Pi); 0: Pi is not evolved
};

/// That of the configured fluid at an energy density.
LinearFluid linear_fluid(const FluidModel& fluid, double log_e);

/// A wave exp(-i omega t + i k.x), amplitudes in the lab frame, stresses contravariant.
struct LinearMode {
  using Complex = std::complex<double>;
  Complex omega;
  Complex energy;             ///< delta e / w
  std::array<Complex, 3> u;   ///< delta u^x, u^y, u^z
  std::array<Complex, 6> pi;  ///< delta pi^{xx xy xz yy yz zz} / w
  Complex bulk;               ///< delta Pi / w
};

/// All modes (10, less 5 without shear stress and 1 without bulk pressure) of a wavevector k != 0 about a fluid that
/// moves with four-velocity u, ordered by Re omega, then Im omega. Amplitudes have unit norm in the variables that
/// make the rest-frame system symmetric. Modes of one frequency come in an arbitrary basis.
std::vector<LinearMode> linear_modes(const LinearFluid& fluid, const Vec3& u, const Vec3& k);

/// The sound wave that travels along k (largest Re omega, then the least damped), scaled to delta e / w = 1.
LinearMode sound_mode(const LinearFluid& fluid, const Vec3& u, const Vec3& k);

/// The shear wave of largest Re omega (of the diffusive pair, the slower one). Its velocity lies, in the frame of the
/// fluid, along the part of `polarisation` that is orthogonal to k; scaled to |delta u| = 1, its largest part real.
/// Throws InputError if the polarisation is parallel to k.
LinearMode shear_mode(const LinearFluid& fluid, const Vec3& u, const Vec3& k, const Vec3& polarisation);

}  // namespace ister::physics
