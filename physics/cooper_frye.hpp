#pragma once
#include <vector>

namespace ister::physics {

/// An element of a boost-invariant surface where particles leave the fluid, per unit of eta, in powers of 1/fm.
struct FreezeOutElement {
  double tau;
  double dS_tau, dS_x, dS_y;  ///< covariant normal from hot to cold, without the factor tau of the metric
  double ux, uy;
  double temperature;
  double enthalpy;                ///< e + p
  double pixx, pixy, piyy, pizz;  ///< shear stress; pizz = tau^2 pi^{eta eta}

  /// u.dsigma, the volume in the frame of the fluid.
  [[nodiscard]] double volume() const;
};

/// Directions of transverse momentum, phi_j = 2 pi j/count.
struct Directions {
  std::vector<double> cosine, sine;

  explicit Directions(int count);
  [[nodiscard]] std::size_t count() const { return cosine.size(); }
};

/// What shear adds to the equilibrium distribution f. `fourteen_moments`: f (1 + s f) pi^{mn} p_m p_n/(2 (e + p) T^2),
/// s = 1 for bosons, -1 for fermions, 0 with Boltzmann's statistics.
enum class ShearCorrection { none, fourteen_moments };

/// Cooper and Frye (Phys. Rev. D 10 (1974) 186): what leaves through a boost-invariant surface,
///     dN/(dy d^2pT) = (2 pi)^{-3} int p.dsigma (f + delta f),   f = sum over n of s^{n-1} exp(n p.u/T),
/// for one spin state in fm^2, in each direction at a transverse momentum. The integral over eta of each term is a
/// Bessel function, so the result is exact to 1e-11; parts with p.dsigma < 0 count. `mass` and `pt` in 1/fm;
/// `statistics` as in Hadron (1: Fermi, -1: Bose, 0: Boltzmann).
[[nodiscard]] std::vector<double> cooper_frye(const std::vector<FreezeOutElement>& elements, double mass,
                                              int statistics, double pt, const Directions& directions,
                                              ShearCorrection shear);

/// Particles of one spin state in equilibrium per volume [1/fm^3]: sum over n of s^{n-1} m^2 T K_2(n m/T)/(2 pi^2 n).
[[nodiscard]] double number_density(double mass, int statistics, double temperature);

}  // namespace ister::physics
