#include "physics/cooper_frye.hpp"

#include <gsl/gsl_sf_bessel.h>

#include <array>
#include <cmath>

#include "core/base/simd_math.hpp"

namespace ister::physics {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double negligible = 32.0;  // exp(-32) = 1e-14

/// How many terms of the statistics count where no energy is below `energy` [T].
int terms(int statistics, double energy) {
  return statistics == 0 ? 1 : 1 + static_cast<int>(std::ceil(negligible / energy));
}

double sign(int statistics, int n) { return statistics == 1 && n % 2 == 0 ? -1.0 : 1.0; }

/// Integrals over eta of cosh^k(eta) exp(x - x cosh eta), k = 0 to 3: 2 K_0, 2 K_1, K_2 + K_0, (K_3 + 3 K_1)/2.
std::array<double, 4> eta_integrals(double x) {
  const double k0 = gsl_sf_bessel_K0_scaled(x), k1 = gsl_sf_bessel_K1_scaled(x), k2 = k0 + 2.0 * k1 / x;
  return {2.0 * k0, 2.0 * k1, k2 + k0, 2.0 * (k1 + k2 / x)};
}

/// The spectrum at one transverse momentum, element by element. With w = exp((pT.u - mT u^tau)/T) in each direction,
/// the integrals over eta are S_k = sum s^{n-1} w^n A_k(n mT u^tau/T) for f, and R_k with n w^n for f (1 + s f); A_k
/// are the scaled eta_integrals.
class Row {
 public:
  Row(double mass, int statistics, double pt, const Directions& directions)
      : m_mass(mass),
        m_mt(std::hypot(mass, pt)),
        m_pt(pt),
        m_statistics(statistics),
        m_directions(directions),
        m_w(directions.count()),
        m_total(directions.count(), 0.0) {
    for (auto& sum : m_s) sum.resize(directions.count());
    for (auto& sum : m_r) sum.resize(directions.count());
  }

  void add(const FreezeOutElement& element, ShearCorrection shear) {
    expand(element, shear);
    add_equilibrium(element);
    if (shear == ShearCorrection::fourteen_moments) add_shear(element);
  }

  [[nodiscard]] std::vector<double> total() const { return m_total; }

 private:
  /// S_k and R_k in all directions, by Horner's rule from the last term.
  void expand(const FreezeOutElement& e, ShearCorrection shear) {
    const double u2 = e.ux * e.ux + e.uy * e.uy, ut = std::sqrt(1.0 + u2), z = m_mt * ut / e.temperature;
    for (std::size_t j = 0; j < m_w.size(); ++j) {
      const double along = e.ux * m_directions.cosine[j] + e.uy * m_directions.sine[j];
      m_w[j] = simd_exp(m_pt * along / e.temperature - z);
    }
    for (auto& sum : m_s) std::fill(sum.begin(), sum.end(), 0.0);
    for (auto& sum : m_r) std::fill(sum.begin(), sum.end(), 0.0);
    // mT u^tau - pT |u| without its cancellation
    const double lowest = (m_mass * m_mass * ut * ut + m_pt * m_pt) / (m_mt * ut + m_pt * std::sqrt(u2));
    for (int n = terms(m_statistics, lowest / e.temperature); n > 0; --n) {
      std::array<double, 4> a = eta_integrals(n * z);
      for (double& value : a) value *= sign(m_statistics, n);
      for (std::size_t k = 0; k < m_s.size(); ++k) step(m_s[k], a[k]);
      if (shear == ShearCorrection::none) continue;
      for (std::size_t k = 0; k < m_r.size(); ++k) step(m_r[k], n * a[k]);
    }
  }

  void step(std::vector<double>& sum, double coefficient) const {
    double* values = sum.data();
    const double* w = m_w.data();
#pragma omp simd
    for (std::size_t j = 0; j < m_w.size(); ++j) values[j] = (values[j] + coefficient) * w[j];
  }

  /// p.dS without the part along tau
  [[nodiscard]] double transverse(const FreezeOutElement& e, std::size_t j) const {
    return m_pt * (e.dS_x * m_directions.cosine[j] + e.dS_y * m_directions.sine[j]);
  }

  void add_equilibrium(const FreezeOutElement& e) {
    for (std::size_t j = 0; j < m_w.size(); ++j)
      m_total[j] += e.tau * (m_mt * e.dS_tau * m_s[1][j] + transverse(e, j) * m_s[0][j]);
  }

  /// With p_tau = -mT cosh(eta): pi^{mn} p_m p_n = c0 + c1 cosh(eta) + c2 cosh^2(eta).
  void add_shear(const FreezeOutElement& e) {
    const double ut = std::sqrt(1.0 + e.ux * e.ux + e.uy * e.uy);
    const double tx = (e.pixx * e.ux + e.pixy * e.uy) / ut, ty = (e.pixy * e.ux + e.piyy * e.uy) / ut;
    const double tt = e.pixx + e.piyy + e.pizz, c2 = m_mt * m_mt * (tt + e.pizz), mt_tau = m_mt * e.dS_tau;
    const double factor = e.tau / (2.0 * e.enthalpy * e.temperature * e.temperature);
    for (std::size_t j = 0; j < m_w.size(); ++j) {
      const double x = m_pt * m_directions.cosine[j], y = m_pt * m_directions.sine[j], p_dS = transverse(e, j);
      const double c0 = x * x * e.pixx + 2.0 * x * y * e.pixy + y * y * e.piyy - m_mt * m_mt * e.pizz;
      const double c1 = -2.0 * m_mt * (x * tx + y * ty);
      m_total[j] += factor * (mt_tau * (c0 * m_r[1][j] + c1 * m_r[2][j] + c2 * m_r[3][j]) +
                              p_dS * (c0 * m_r[0][j] + c1 * m_r[1][j] + c2 * m_r[2][j]));
    }
  }

  double m_mass, m_mt, m_pt;
  int m_statistics;
  const Directions& m_directions;
  std::vector<double> m_w, m_total;
  std::array<std::vector<double>, 2> m_s;
  std::array<std::vector<double>, 4> m_r;
};

}  // namespace

double FreezeOutElement::volume() const {
  return tau * (std::sqrt(1.0 + ux * ux + uy * uy) * dS_tau + ux * dS_x + uy * dS_y);
}

Directions::Directions(int count) {
  for (int j = 0; j < count; ++j) {
    cosine.push_back(std::cos(2.0 * pi * j / count));
    sine.push_back(std::sin(2.0 * pi * j / count));
  }
}

std::vector<double> cooper_frye(const std::vector<FreezeOutElement>& elements, double mass, int statistics, double pt,
                                const Directions& directions, ShearCorrection shear) {
  Row row(mass, statistics, pt, directions);
  for (const FreezeOutElement& element : elements) row.add(element, shear);
  std::vector<double> spectrum = row.total();
  for (double& value : spectrum) value /= 8.0 * pi * pi * pi;
  return spectrum;
}

double number_density(double mass, int statistics, double temperature) {
  const double z = mass / temperature;
  double sum = 0.0;
  for (int n = terms(statistics, z); n > 0; --n)
    sum += sign(statistics, n) / n * std::exp(-n * z) *
           (gsl_sf_bessel_K0_scaled(n * z) + 2.0 / (n * z) * gsl_sf_bessel_K1_scaled(n * z));
  return sum * mass * mass * temperature / (2.0 * pi * pi);
}

}  // namespace ister::physics
