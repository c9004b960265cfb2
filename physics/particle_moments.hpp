#pragma once
#include <array>
#include <complex>
#include <vector>

namespace ister::physics {

/// Transverse momenta between 0 and a largest one, with the weights of integrals over them: Gauss and Legendre's points
/// in sqrt(pT), denser towards 0.
struct MomentumGrid {
  std::vector<double> pt, weight;

  MomentumGrid(double largest, int points);
};

/// Harmonics n = 0 to 6 of a spectrum over the angle.
inline constexpr int harmonics = 6;
using Harmonics = std::array<std::complex<double>, harmonics + 1>;

/// Mean of exp(i n phi) S(phi) over angles phi_j = 2 pi j/count; that of n = 0 is dN/(2 pi pT dpT dy).
[[nodiscard]] Harmonics harmonics_of(const std::vector<double>& spectrum);

/// Of one kind of particle, in a unit of rapidity.
struct ParticleMoments {
  std::vector<Harmonics> at;  ///< harmonics_of the spectrum at each momentum of the grid
  Harmonics total;            ///< int pT dpT dphi exp(i n phi) S; that of n = 0 is dN/dy
  double mean_pt;

  ParticleMoments(std::vector<Harmonics> at_momenta, const MomentumGrid& grid);
  [[nodiscard]] double number() const { return total[0].real(); }
  /// v_n, its plane psi_n between -pi/n and pi/n, and v_n(pT) relative to a given plane, n = 1 to 6.
  [[nodiscard]] double flow(int n) const { return std::abs(total[n]) / number(); }
  [[nodiscard]] double plane(int n) const { return std::arg(total[n]) / n; }
  [[nodiscard]] double flow_at(std::size_t momentum, int n, double plane) const;
};

}  // namespace ister::physics
