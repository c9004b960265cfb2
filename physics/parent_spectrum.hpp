#pragma once
#include <array>
#include <vector>

#include "physics/particle_moments.hpp"

namespace ister::physics {

/// Where spectra of particles that decay are known and looked up, up to a largest transverse momentum: on a
/// MomentumGrid, and from there by the polynomial in sqrt(pT) through its points, at pT = largest (k/intervals)^2.
struct ParentMomenta {
  static constexpr std::size_t intervals = 400;

  double largest;
  MomentumGrid grid;
  std::vector<std::vector<double>> polynomials;  ///< [k][point of the grid]

  ParentMomenta(double largest_pt, int points);
  [[nodiscard]] double pt(std::size_t k) const;
};

/// Harmonics of the spectrum of a particle that decays at each ParentMomenta::pt. The polynomial goes through what is
/// left of the spectrum without exp(-slope mT), the slope being that between the first and the last point of the grid.
class ParentSpectrum {
 public:
  static constexpr std::size_t padded = 8;
  using Values = std::array<double, padded>;  ///< of each harmonic, and 0

  ParentSpectrum(const std::vector<Harmonics>& spectrum, double mass, const ParentMomenta& momenta);

  [[nodiscard]] const std::vector<Values>& real() const { return m_real; }
  [[nodiscard]] const std::vector<Values>& imaginary() const { return m_imaginary; }

 private:
  std::vector<Values> m_real, m_imaginary;
};

/// The slope -d ln |f|/dx between two points, 0 where it is none: f exp(slope x) is what polynomials approximate well.
[[nodiscard]] double logarithmic_slope(double x0, double f0, double x1, double f1);

/// Lagrange's polynomials of some points at x.
[[nodiscard]] std::vector<double> lagrange_polynomials(const std::vector<double>& points, double x);

}  // namespace ister::physics
