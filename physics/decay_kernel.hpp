#pragma once
#include <vector>

#include "physics/parent_spectrum.hpp"

namespace ister::physics {

/// Masses of a decay as one of its daughters sees them, in any unit.
struct DecayMasses {
  double parent, daughter;
  std::vector<double> others;  ///< of the one or two other daughters

  [[nodiscard]] bool operator<(const DecayMasses& other) const;
};

/// Momentum in the frame of a particle that decays into masses a and b: E* = (M^2 + a^2 - b^2)/(2 M).
[[nodiscard]] double decay_momentum(double mass, double a, double b);

/// What is beside a daughter: a mass and how often it is that one.
struct RestMass {
  double mass, share;
};

/// The other daughter, or, of a decay into three whose matrix element is constant, masses m of the pair of others
/// between the sum of theirs and M - m_d, distributed as p*(M; m_d, m) p*(m; m_2, m_3): points of Gauss and Legendre in
/// the angle that takes away the roots at both ends.
[[nodiscard]] std::vector<RestMass> rest_masses(const DecayMasses& masses);

/// Parents of one kind and the daughters of `factor` times as many, [pt].
struct DecayFlow {
  const ParentSpectrum* parents;
  double factor;
  std::vector<Harmonics>* daughters;
};

/// Adds to spectra of daughters at `pt` what comes from those of parents S_R = dN/(pT dpT dphi dy), boost-invariant and
/// known up to pT = largest, that decay without a preferred direction (Sollfrank, Koch and Heinz, Z. Phys. C 52 (1991)
/// 593; here with angles). In its frame the parent has p_R.p = M E*, so with delta = phi_R - phi and Y = y_R - y
///     S = M/(2 pi p*) int dY A^{-1/2} int_0^pi dzeta mT_R S_R(pT_R, phi + delta) over both signs of delta,
///     A = m^2 + mT^2 sinh^2 Y,   mT_R = (M/A) (E* mT cosh Y - pT sqrt(p*^2 - mT^2 sinh^2 Y) cos zeta),
///     cos delta = (mT_R mT cosh Y - M E*)/(pT_R pT),   |mT sinh Y| < p*.
/// Turns commute with decays, so each harmonic n of S is that of S_R times cos(n delta): a row of numbers for each pt,
/// by the points of ParentSpectrum, between which S_R is a polynomial of degree 5 in sqrt(pT_R). All flows are of the
/// same masses and share it.
void add_daughters(const DecayMasses& masses, const std::vector<double>& pt, double largest,
                   const std::vector<DecayFlow>& flows);

}  // namespace ister::physics
