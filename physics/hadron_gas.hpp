#pragma once
#include <string>
#include <vector>

#include "physics/hadron_list.hpp"
#include "physics/scaled_pressure.hpp"

namespace ister::physics {

/// Ideal gas of hadrons in equilibrium without chemical potentials, each kind with its mass and without its width.
class HadronGas {
 public:
  explicit HadronGas(const std::vector<Hadron>& hadrons);

  /// At a temperature [1/fm], exact to rounding: with z = m/T, summed over hadrons and n = 1, 2, ... (n = 1 alone with
  /// Boltzmann's statistics),
  ///     p/T^4 = g/(2 pi^2) sum (+-1)^{n+1} z^2 K_2(n z)/n^2,     + Bose, - Fermi
  [[nodiscard]] ScaledPressure at(double temperature) const;

  /// beta_pi = eta/tau and beta_Pi = zeta/tau of a gas whose hadrons have one relaxation time tau [1/fm^4]:
  ///     beta_pi = 1/(15 T) sum g int d^3p/(2 pi)^3 p^4/E^2 f (1 - s f),   beta_Pi = 5/3 beta_pi - c_s^2 (e + p).
  struct Stiffness {
    double shear, bulk, sound_speed_squared;
  };
  [[nodiscard]] Stiffness stiffness(double temperature) const;

  /// 1/15 sum g int d^3p/(2 pi)^3 p^4/E f (1 - s f) [1/fm^6]: (e + p) T^2 with Boltzmann's statistics.
  [[nodiscard]] double fourteen_moments(double temperature) const;

 private:
  struct Level {
    double mass;        ///< 1/fm
    double degeneracy;  ///< of all hadrons of this mass and statistics
    int statistics;
  };
  std::vector<Level> m_levels;
};

/// Throws InputError (`source`, hadron, charges) unless each hadron with charges comes with its antiparticle, of the
/// same mass, degeneracy and statistics: without chemical potentials there are as many of the one as of the other.
void require_neutral(const std::vector<Hadron>& hadrons, const std::string& source);

}  // namespace ister::physics
