#include "physics/cooper_frye.hpp"

#include <array>
#include <cmath>

#include "core/base/simd_math.hpp"
#include "physics/scaled_bessel.hpp"

namespace ister::physics {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr double negligible = 29.0;  // exp(-29) = 3e-13

/// How many terms of the statistics count where no energy is below `energy` [T].
int terms(int statistics, double energy) {
  return statistics == 0 ? 1 : 1 + static_cast<int>(std::ceil(negligible / energy));
}

double sign(int statistics, int n) { return statistics == 1 && n % 2 == 0 ? -1.0 : 1.0; }

/// Integrals over eta of cosh^k(eta) exp(x - x cosh eta), k = 0 to 3: 2 K_0, 2 K_1, K_2 + K_0, (K_3 + 3 K_1)/2.
std::array<double, 4> eta_integrals(double x) {
  const auto [k0, k1] = scaled_bessel(x);
  const double k2 = k0 + 2.0 * k1 / x;
  return {2.0 * k0, 2.0 * k1, k2 + k0, 2.0 * (k1 + k2 / x)};
}

constexpr std::size_t lanes = 8;  ///< directions that are summed together
using Lanes = std::array<double, lanes>;

/// pi^{mn} p_m p_n = c0 + c1 cosh(eta) + c2 cosh^2(eta), with p_tau = -mT cosh(eta), and p.dS = m cosh(eta) + d.
struct Contractions {
  Lanes c0, c1, d;
  double c2, m;
};

/// The spectrum at one transverse momentum, element by element. With w = exp((pT.u - mT u^tau)/T) in each direction,
/// the integrals over eta of cosh^k(eta) f are S_k = sum s^{n-1} w^n A_k(n mT u^tau/T), those of f (1 + s f) are R_k
/// with n w^n; A_k are the scaled eta_integrals.
class Row {
 public:
  Row(double mass, int statistics, double pt, const Directions& directions, ShearCorrection shear)
      : m_mass(mass),
        m_mt(std::hypot(mass, pt)),
        m_pt(pt),
        m_statistics(statistics),
        m_shear(shear),
        m_count(directions.count()),
        m_px((m_count + lanes - 1) / lanes, Lanes{}),
        m_py(m_px),
        m_total(m_px) {
    for (std::size_t j = 0; j < m_count; ++j) {
      m_px[j / lanes][j % lanes] = pt * directions.cosine[j];
      m_py[j / lanes][j % lanes] = pt * directions.sine[j];
    }
  }

  void add(const FreezeOutElement& element) {
    expand(element);
    for (std::size_t block = 0; block < m_px.size(); ++block) add(element, block);
  }

  [[nodiscard]] std::vector<double> total() const {
    std::vector<double> all;
    for (std::size_t j = 0; j < m_count; ++j) all.push_back(m_total[j / lanes][j % lanes]);
    return all;
  }

 private:
  /// The terms s^{n-1} A_k.
  void expand(const FreezeOutElement& e) {
    const double u2 = e.ux * e.ux + e.uy * e.uy, ut = std::sqrt(1.0 + u2);
    // mT u^tau - pT |u| without its cancellation
    const double lowest = (m_mass * m_mass * ut * ut + m_pt * m_pt) / (m_mt * ut + m_pt * std::sqrt(u2));
    m_terms.resize(static_cast<std::size_t>(terms(m_statistics, lowest / e.temperature)));
    for (std::size_t i = 0; i < m_terms.size(); ++i) {
      const int n = static_cast<int>(i) + 1;
      m_terms[i] = eta_integrals(n * m_mt * ut / e.temperature);
      for (double& value : m_terms[i]) value *= sign(m_statistics, n);
    }
  }

  [[nodiscard]] Lanes decays(const FreezeOutElement& e, std::size_t block) const {
    const double ut = std::sqrt(1.0 + e.ux * e.ux + e.uy * e.uy), beta = 1.0 / e.temperature;
    Lanes w;
#pragma omp simd
    for (std::size_t j = 0; j < lanes; ++j)
      w[j] = simd_exp((m_px[block][j] * e.ux + m_py[block][j] * e.uy - m_mt * ut) * beta);
    return w;
  }

  /// S_k, or, with n, R_k, by Horner's rule from the last term.
  template <std::size_t Count, bool WithN>
  [[nodiscard]] std::array<Lanes, Count> sums(const Lanes& w) const {
    std::array<Lanes, Count> sum{};
    for (std::size_t i = m_terms.size(); i-- > 0;)
      for (std::size_t k = 0; k < Count; ++k) {
        const double term = m_terms[i][k] * (WithN ? static_cast<double>(i + 1) : 1.0);
#pragma omp simd
        for (std::size_t j = 0; j < lanes; ++j) sum[k][j] = sum[k][j] * w[j] + term;
      }
    for (auto& of_k : sum)
#pragma omp simd
      for (std::size_t j = 0; j < lanes; ++j) of_k[j] *= w[j];
    return sum;
  }

  [[nodiscard]] Contractions contractions(const FreezeOutElement& e, std::size_t block) const {
    const double ut = std::sqrt(1.0 + e.ux * e.ux + e.uy * e.uy), mt2 = m_mt * m_mt;
    const double tx = (e.pixx * e.ux + e.pixy * e.uy) / ut, ty = (e.pixy * e.ux + e.piyy * e.uy) / ut;
    Contractions c;
    c.c2 = mt2 * (e.pixx + e.piyy + 2.0 * e.pizz);
    c.m = m_mt * e.dS_tau;
#pragma omp simd
    for (std::size_t j = 0; j < lanes; ++j) {
      const double x = m_px[block][j], y = m_py[block][j];
      c.c0[j] = x * x * e.pixx + 2.0 * x * y * e.pixy + y * y * e.piyy - mt2 * e.pizz;
      c.c1[j] = -2.0 * m_mt * (x * tx + y * ty);
      c.d[j] = x * e.dS_x + y * e.dS_y;
    }
    return c;
  }

  void add(const FreezeOutElement& e, std::size_t block) {
    const Lanes w = decays(e, block);
    const Contractions c = contractions(e, block);
    const auto s = sums<2, false>(w);
    Lanes& total = m_total[block];
#pragma omp simd
    for (std::size_t j = 0; j < lanes; ++j) total[j] += e.tau * (c.m * s[1][j] + c.d[j] * s[0][j]);
    if (m_shear == ShearCorrection::none) return;
    const auto r = sums<4, true>(w);
    const double factor = e.tau / (2.0 * e.enthalpy * e.temperature * e.temperature);
#pragma omp simd
    for (std::size_t j = 0; j < lanes; ++j)
      total[j] += factor * (c.m * (c.c0[j] * r[1][j] + c.c1[j] * r[2][j] + c.c2 * r[3][j]) +
                            c.d[j] * (c.c0[j] * r[0][j] + c.c1[j] * r[1][j] + c.c2 * r[2][j]));
  }

  double m_mass, m_mt, m_pt;
  int m_statistics;
  ShearCorrection m_shear;
  std::size_t m_count;
  std::vector<Lanes> m_px, m_py, m_total;
  std::vector<std::array<double, 4>> m_terms;
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
  Row row(mass, statistics, pt, directions, shear);
  for (const FreezeOutElement& element : elements) row.add(element);
  std::vector<double> spectrum = row.total();
  for (double& value : spectrum) value /= 8.0 * pi * pi * pi;
  return spectrum;
}

double number_density(double mass, int statistics, double temperature) {
  const double z = mass / temperature;
  double sum = 0.0;
  for (int n = terms(statistics, z); n > 0; --n) {
    const auto [k0, k1] = scaled_bessel(n * z);
    sum += sign(statistics, n) / n * std::exp(-n * z) * (k0 + 2.0 / (n * z) * k1);
  }
  return sum * mass * mass * temperature / (2.0 * pi * pi);
}

}  // namespace ister::physics
