#include "physics/decay_kernel.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "physics/gauss_legendre.hpp"

namespace ister::physics {
namespace {

constexpr double pi = 3.14159265358979323846;
using Values = ParentSpectrum::Values;
constexpr std::size_t neighbours = 6;

double square(double x) { return x * x; }

/// Lagrange's polynomials of the points 0 to 5 at x.
std::array<double, neighbours> lagrange(double x) {
  constexpr std::array<double, neighbours> scale{-1.0 / 120.0, 1.0 / 24.0,  -1.0 / 12.0,
                                                 1.0 / 12.0,   -1.0 / 24.0, 1.0 / 120.0};
  std::array<double, neighbours> before, weights;
  double product = 1.0;
  for (std::size_t j = 0; j < neighbours; ++j) {
    before[j] = product;
    product *= x - static_cast<double>(j);
  }
  product = 1.0;
  for (std::size_t j = neighbours; j-- > 0;) {
    weights[j] = scale[j] * before[j] * product;
    product *= x - static_cast<double>(j);
  }
  return weights;
}

/// Fills one row of a kernel: what a daughter of transverse momentum pT has of its parents.
class Row {
 public:
  Row(const DecayMasses& masses, double pt, double largest, std::vector<Values>& row)
      : m_mass(masses.parent),
        m_daughter(masses.daughter),
        m_pt(pt),
        m_largest(largest),
        m_largest_mt(std::hypot(masses.parent, largest)),
        m_row(row) {}

  /// With mT sinh Y = m sinh v, v from 0 to its end stands for both signs of Y.
  void add(const RestMass& rest) {
    m_momentum = decay_momentum(m_mass, m_daughter, rest.mass);
    m_energy = std::hypot(m_daughter, m_momentum);
    const double end = std::asinh(m_momentum / m_daughter);
    for (std::size_t i = 0; i < rapidities().points.size(); ++i)
      add_slice(end * rapidities().points[i], rest.share * end * rapidities().weights[i]);
  }

 private:
  static const QuadratureRule& rapidities() {
    static const QuadratureRule rule = gauss_legendre(16);
    return rule;
  }
  static const QuadratureRule& angles() {
    static const QuadratureRule rule = gauss_legendre(24);
    return rule;
  }

  /// mT_R without the cancellation in its lowest value; zeta ends where pT_R is `largest`.
  void add_slice(double v, double weight) {
    const double along = m_daughter * std::sinh(v), a = square(m_daughter) + square(along);
    const double energy = std::sqrt(a + square(m_pt));  // mT cosh Y
    const double transverse = m_pt * std::sqrt((m_momentum - along) * (m_momentum + along));
    const double lowest = m_mass * (square(m_energy) + square(m_pt)) / (m_energy * energy + transverse);
    const double range = 2.0 * m_mass * transverse / a;  // highest - lowest
    if (lowest >= m_largest_mt) return;
    const double share = (m_largest_mt - lowest) / range;
    const double end = share < 1.0 ? 2.0 * std::asin(std::sqrt(share)) : pi;
    weight *= m_mass / (pi * m_momentum * energy) * end;
    for (std::size_t i = 0; i < angles().points.size(); ++i) {
      const double mt = lowest + range * square(std::sin(0.5 * end * angles().points[i]));
      const double pt = std::sqrt(std::max(0.0, (mt - m_mass) * (mt + m_mass)));
      const double cosine = (mt * energy - m_mass * m_energy) / (pt * m_pt);
      add_point(pt, std::clamp(cosine, -1.0, 1.0), weight * angles().weights[i] * mt);
    }
  }

  void add_point(double pt, double cosine, double weight) {
    constexpr double intervals = ParentMomenta::intervals;
    const double position = std::sqrt(pt / m_largest) * intervals;
    const double first = std::clamp(std::floor(position) - 2.0, 0.0, intervals - (neighbours - 1));
    Values terms{};  // weight cos(n delta), by Chebyshev's recurrence
    terms[0] = weight;
    terms[1] = weight * cosine;
    for (std::size_t n = 2; n <= harmonics; ++n) terms[n] = 2.0 * cosine * terms[n - 1] - terms[n - 2];
    const auto shares = lagrange(position - first);
    for (std::size_t j = 0; j < neighbours; ++j) {
      Values& at = m_row[static_cast<std::size_t>(first) + j];
#pragma omp simd
      for (std::size_t n = 0; n < ParentSpectrum::padded; ++n) at[n] += shares[j] * terms[n];
    }
  }

  double m_mass, m_daughter, m_pt, m_largest, m_largest_mt;
  double m_momentum = 0.0, m_energy = 0.0;  ///< p*, E* of the daughter
  std::vector<Values>& m_row;
};

void add_product(const std::vector<Values>& row, const DecayFlow& flow, Harmonics& daughters) {
  Values real{}, imaginary{};
  for (std::size_t k = 0; k < row.size(); ++k)
#pragma omp simd
    for (std::size_t n = 0; n < ParentSpectrum::padded; ++n) {
      real[n] += row[k][n] * flow.parents->real()[k][n];
      imaginary[n] += row[k][n] * flow.parents->imaginary()[k][n];
    }
  for (std::size_t n = 0; n <= harmonics; ++n)
    daughters[n] += flow.factor * std::complex<double>(real[n], imaginary[n]);
}

}  // namespace

bool DecayMasses::operator<(const DecayMasses& other) const {
  return std::tie(parent, daughter, others) < std::tie(other.parent, other.daughter, other.others);
}

double decay_momentum(double mass, double a, double b) {
  return std::sqrt((mass - a - b) * (mass + a + b) * (mass - a + b) * (mass + a - b)) / (2.0 * mass);
}

std::vector<RestMass> rest_masses(const DecayMasses& masses) {
  if (masses.others.size() == 1) return {{masses.others[0], 1.0}};
  static const QuadratureRule rule = gauss_legendre(16);
  const double a = masses.others[0], b = masses.others[1];
  const double range = masses.parent - masses.daughter - a - b;
  std::vector<RestMass> result;
  double sum = 0.0;
  for (std::size_t i = 0; i < rule.points.size(); ++i) {
    const double mass = a + b + range * square(std::sin(0.5 * pi * rule.points[i]));
    result.push_back({mass, rule.weights[i] * std::sin(pi * rule.points[i]) *
                                decay_momentum(masses.parent, masses.daughter, mass) * decay_momentum(mass, a, b)});
    sum += result.back().share;
  }
  for (RestMass& rest : result) rest.share /= sum;
  return result;
}

void add_daughters(const DecayMasses& masses, const std::vector<double>& pt, double largest,
                   const std::vector<DecayFlow>& flows) {
  const std::vector<RestMass> rests = rest_masses(masses);
  std::vector<Values> numbers(ParentMomenta::intervals + 1);
  for (std::size_t i = 0; i < pt.size(); ++i) {
    std::fill(numbers.begin(), numbers.end(), Values{});
    Row row(masses, pt[i], largest, numbers);
    for (const RestMass& rest : rests) row.add(rest);
    for (const DecayFlow& flow : flows) add_product(numbers, flow, (*flow.daughters)[i]);
  }
}

}  // namespace ister::physics
