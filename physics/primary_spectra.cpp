#include "physics/primary_spectra.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "physics/parent_spectrum.hpp"

namespace ister::physics {
namespace {

constexpr std::size_t points = 16;
constexpr double pi = 3.14159265358979323846;

/// All of a few masses, else Chebyshev's points between the smallest and the largest, with both.
std::vector<double> points_among(const std::vector<double>& masses) {
  const std::set<double> all(masses.begin(), masses.end());
  if (all.size() <= points) return {all.begin(), all.end()};
  std::vector<double> chosen;
  const double middle = 0.5 * std::log(*all.begin() * *all.rbegin()),
               half = 0.5 * std::log(*all.rbegin() / *all.begin());
  for (std::size_t i = 0; i < points; ++i)
    chosen.push_back(std::exp(middle - half * std::cos(pi * static_cast<double>(i) / (points - 1))));
  return chosen;
}

}  // namespace

SpectraByMass::SpectraByMass(const std::vector<double>& masses, int statistics, const std::vector<double>& pt,
                             const PrimarySpectra& primary)
    : m_pt(pt), m_masses(points_among(masses)) {
  for (const double mass : m_masses) m_spectra.push_back(primary(mass, statistics, pt));
}

double SpectraByMass::slope(std::size_t i) const {
  return logarithmic_slope(std::hypot(m_masses.front(), m_pt[i]), m_spectra.front()[i][0].real(),
                           std::hypot(m_masses.back(), m_pt[i]), m_spectra.back()[i][0].real());
}

std::vector<Harmonics> SpectraByMass::at(double mass) const {
  const auto known = std::find(m_masses.begin(), m_masses.end(), mass);
  if (known != m_masses.end()) return m_spectra[static_cast<std::size_t>(known - m_masses.begin())];
  std::vector<double> logarithms;
  for (const double of : m_masses) logarithms.push_back(std::log(of));
  const std::vector<double> shares = lagrange_polynomials(logarithms, std::log(mass));
  std::vector<Harmonics> spectrum(m_pt.size(), Harmonics{});
  for (std::size_t i = 0; i < m_pt.size(); ++i)
    for (std::size_t j = 0; j < m_masses.size(); ++j) {
      const double scale = std::exp(slope(i) * (std::hypot(m_masses[j], m_pt[i]) - std::hypot(mass, m_pt[i])));
      for (std::size_t n = 0; n <= harmonics; ++n) spectrum[i][n] += shares[j] * scale * m_spectra[j][i][n];
    }
  return spectrum;
}

}  // namespace ister::physics
