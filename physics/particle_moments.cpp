#include "physics/particle_moments.hpp"

#include <utility>

#include "physics/gauss_legendre.hpp"

namespace ister::physics {
namespace {

constexpr double pi = 3.14159265358979323846;

}  // namespace

MomentumGrid::MomentumGrid(double largest, int points) {
  const QuadratureRule rule = gauss_legendre(points);
  for (std::size_t i = 0; i < rule.points.size(); ++i) {
    const double root = rule.points[i];
    pt.push_back(largest * root * root);
    weight.push_back(2.0 * largest * root * rule.weights[i]);
  }
}

Harmonics harmonics_of(const std::vector<double>& spectrum) {
  Harmonics sums{};
  const double step = 2.0 * pi / static_cast<double>(spectrum.size());
  for (std::size_t j = 0; j < spectrum.size(); ++j)
    for (int n = 0; n <= harmonics; ++n) sums[n] += std::polar(1.0, n * step * static_cast<double>(j)) * spectrum[j];
  for (auto& sum : sums) sum /= static_cast<double>(spectrum.size());
  return sums;
}

ParticleMoments::ParticleMoments(std::vector<Harmonics> at_momenta, const MomentumGrid& grid)
    : at(std::move(at_momenta)), total{}, mean_pt(0.0) {
  for (std::size_t i = 0; i < at.size(); ++i) {
    const double measure = 2.0 * pi * grid.pt[i] * grid.weight[i];
    for (int n = 0; n <= harmonics; ++n) total[n] += measure * at[i][n];
    mean_pt += measure * grid.pt[i] * at[i][0].real();
  }
  mean_pt /= number();
}

double ParticleMoments::flow_at(std::size_t momentum, int n, double plane) const {
  return (at[momentum][n] * std::polar(1.0, -n * plane)).real() / at[momentum][0].real();
}

}  // namespace ister::physics
