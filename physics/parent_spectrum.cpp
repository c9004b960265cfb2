#include "physics/parent_spectrum.hpp"

#include <cmath>

namespace ister::physics {

double logarithmic_slope(double x0, double f0, double x1, double f1) {
  const double slope = std::log(std::abs(f0 / f1)) / (x1 - x0);
  return std::isfinite(slope) ? slope : 0.0;
}

std::vector<double> lagrange_polynomials(const std::vector<double>& points, double x) {
  std::vector<double> values;
  for (std::size_t j = 0; j < points.size(); ++j) {
    double product = 1.0;
    for (std::size_t m = 0; m < points.size(); ++m)
      if (m != j) product *= (x - points[m]) / (points[j] - points[m]);
    values.push_back(product);
  }
  return values;
}

ParentMomenta::ParentMomenta(double largest_pt, int points) : largest(largest_pt), grid(largest_pt, points) {
  std::vector<double> roots;
  for (const double momentum : grid.pt) roots.push_back(std::sqrt(momentum));
  for (std::size_t k = 0; k <= intervals; ++k) polynomials.push_back(lagrange_polynomials(roots, std::sqrt(pt(k))));
}

double ParentMomenta::pt(std::size_t k) const {
  const double root = static_cast<double>(k) / intervals;
  return largest * root * root;
}

ParentSpectrum::ParentSpectrum(const std::vector<Harmonics>& spectrum, double mass, const ParentMomenta& momenta)
    : m_real(ParentMomenta::intervals + 1, Values{}), m_imaginary(m_real) {
  const std::vector<double>& pt = momenta.grid.pt;
  const double slope = logarithmic_slope(std::hypot(mass, pt.front()), spectrum.front()[0].real(),
                                         std::hypot(mass, pt.back()), spectrum.back()[0].real());
  const auto scale = [&](double momentum) { return std::exp(slope * (std::hypot(mass, momentum) - mass)); };
  std::vector<double> scales;
  for (const double momentum : pt) scales.push_back(scale(momentum));
  for (std::size_t k = 0; k < m_real.size(); ++k) {
    const double at_k = scale(momenta.pt(k));
    for (std::size_t j = 0; j < pt.size(); ++j) {
      const double share = momenta.polynomials[k][j] * scales[j] / at_k;
      for (std::size_t n = 0; n <= harmonics; ++n) {
        m_real[k][n] += share * spectrum[j][n].real();
        m_imaginary[k][n] += share * spectrum[j][n].imag();
      }
    }
  }
}

}  // namespace ister::physics
