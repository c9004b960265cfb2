#pragma once
#include <vector>

#include "physics/freeze_out_element.hpp"

/// Cooper and Frye (Phys. Rev. D 10 (1974) 186): what leaves through a surface,
///     dN/(dy d^2pT) = (2 pi)^{-3} int p.dsigma (f + delta f),
/// for one spin state in fm^2, in each direction at a transverse momentum. Parts with p.dsigma < 0 count, and so do
/// those where f + delta f < 0. `mass` and `pt` in 1/fm; `statistics` as in Hadron (1: Fermi, -1: Bose, 0: Boltzmann).
namespace ister::physics {

/// Directions of transverse momentum, phi_j = 2 pi j/count.
struct Directions {
  std::vector<double> cosine, sine;

  explicit Directions(int count);
  [[nodiscard]] std::size_t count() const { return cosine.size(); }
};

/// Through a boost-invariant surface, at any rapidity. With f = sum over n of (-s)^{n-1} exp(-n E/T) the integral over
/// eta of each term is a Bessel function; what has a factor 1/E goes back to one integral, which is summed by the
/// midpoint rule. Exact to 1e-11.
[[nodiscard]] std::vector<double> cooper_frye(const std::vector<FreezeOutElement>& elements, double mass,
                                              int statistics, double pt, const Directions& directions);

/// Through elements at their eta, at a rapidity.
[[nodiscard]] std::vector<double> cooper_frye_at(double rapidity, const std::vector<FreezeOutElement>& elements,
                                                 double mass, int statistics, double pt, const Directions& directions);

/// Particles of one spin state in equilibrium per volume [1/fm^3]: sum over n of (-s)^{n-1} m^2 T K_2(n m/T)/(2 pi^2
/// n).
[[nodiscard]] double number_density(double mass, int statistics, double temperature);

/// Particles of one spin state that leave through a surface, all momenta (per unit of rapidity where it is
/// boost-invariant): of shear there are none.
[[nodiscard]] double number_through(const std::vector<FreezeOutElement>& elements, double mass, int statistics);

/// The share of the particles (in equilibrium, by the size of u.dsigma) that have momenta where |delta f| > f, to a few
/// per cent of it: there the distribution means little.
[[nodiscard]] double share_beyond_equilibrium(const std::vector<FreezeOutElement>& elements, double mass,
                                              int statistics);

}  // namespace ister::physics
