#pragma once
#include <functional>
#include <vector>

#include "physics/particle_moments.hpp"

namespace ister::physics {

/// Spectra of one spin state of particles of a mass [1/fm] and statistics (as in Hadron) as they leave the fluid, at
/// transverse momenta [1/fm]: harmonics_of of each.
using PrimarySpectra =
    std::function<std::vector<Harmonics>(double mass, int statistics, const std::vector<double>& pt)>;

/// The same of many masses from few: spectra are analytic in ln m, so that between the smallest and the largest mass
/// the polynomial through Chebyshev's points is theirs, to 1e-9 up to a ratio of 4. What it goes through is without
/// exp(-slope mT), the slope being that between these masses. Up to as many masses as points, there is no polynomial.
class SpectraByMass {
 public:
  SpectraByMass(const std::vector<double>& masses, int statistics, const std::vector<double>& pt,
                const PrimarySpectra& primary);

  /// Of one of the masses.
  [[nodiscard]] std::vector<Harmonics> at(double mass) const;

 private:
  [[nodiscard]] double slope(std::size_t momentum) const;

  std::vector<double> m_pt, m_masses;  ///< those of the points
  std::vector<std::vector<Harmonics>> m_spectra;
};

}  // namespace ister::physics
