#include "physics/cooper_frye.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "core/base/simd_math.hpp"
#include "physics/momenta_by_lanes.hpp"
#include "physics/scaled_bessel.hpp"
#include "physics/thermal_integral.hpp"

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
  const double per_x = 1.0 / x, k2 = k0 + 2.0 * per_x * k1;
  return {2.0 * k0, 2.0 * k1, k2 + k0, 2.0 * (k1 + per_x * k2)};
}

/// pi^{mn} p_m p_n = c0 + c1 cosh(eta) + c2 cosh^2(eta), with p_tau = -mT cosh(eta); p.dsigma = m cosh(eta) + d.
struct Contractions {
  Lanes c0, c1, d;
  double c2, m;
};

/// Integrals over eta of cosh^k(eta) f and of cosh^k(eta) f (1 - s f).
template <class Value>
struct Sums {
  std::array<Value, 2> f;
  std::array<Value, 4> r;
};

/// The spectrum at one transverse momentum, element by element. With w = exp((pT.u - mT u^tau)/T) in each direction,
/// the integrals over eta of cosh^k(eta) f are sum (-s)^{n-1} w^n A_k(n mT u^tau/T), those of f (1 - s f) are R_k with
/// n w^n; A_k are the scaled eta_integrals. S_k are those of f (1 - s f)/E: since E = mT u^tau cosh(eta) - pT.u,
///     S_{k+1} = (R_k + pT.u S_k)/(mT u^tau).
class Row {
 public:
  Row(double mass, int statistics, double pt, const Directions& directions)
      : m_mass(mass),
        m_mt(std::hypot(mass, pt)),
        m_pt(pt),
        m_statistics(statistics),
        m_momenta(pt, directions),
        m_total(m_momenta.x.size()) {}

  void add(const FreezeOutElement& element) {
    // A copy cannot lie in the total: what is the same in all directions is calculated once, and loops are vectors.
    const FreezeOutElement e = element;
    expand(e);
    if (e.delta.needs_inverse_energy()) place_nodes(e);
    for (std::size_t block = 0; block < m_total.size(); ++block) add(e, block);
  }

  [[nodiscard]] std::vector<double> total() const { return m_momenta.in_order(m_total); }

 private:
  void expand(const FreezeOutElement& e) {
    const double ut = e.ut(), across = std::sqrt(e.ux * e.ux + e.uy * e.uy);
    // mT u^tau - pT |u| without its cancellation
    const double lowest = (m_mass * m_mass * ut * ut + m_pt * m_pt) / (m_mt * ut + m_pt * across);
    m_terms.resize(static_cast<std::size_t>(terms(m_statistics, lowest / e.temperature)));
    for (std::size_t i = 0; i < m_terms.size(); ++i) {
      const int n = static_cast<int>(i) + 1;
      const double of_f = sign(m_statistics, n), of_r = n * of_f;
      const auto [a0, a1, a2, a3] = eta_integrals(n * m_mt * ut / e.temperature);
      m_terms[i] = {{of_f * a0, of_f * a1}, {of_r * a0, of_r * a1, of_r * a2, of_r * a3}};
    }
  }

  /// The midpoint rule with step h misses exp(-2 pi d/h) of what the integrand is on the line Im eta = d, where it is
  /// larger by exp(x (1 - cos d)), x = mT u^tau/T. Its first pole, E = 0, is at Im eta = acos(pT |u|/(mT u^tau)).
  void place_nodes(const FreezeOutElement& e) {
    constexpr double exponent = 34.0, widest = 1.3;
    const double ut = e.ut(), x = m_mt * ut / e.temperature;
    const double pole = std::acos(m_pt * std::sqrt(e.ux * e.ux + e.uy * e.uy) / (m_mt * ut));
    const double d = std::min({0.9 * pole, std::sqrt(2.0 * exponent / x), widest});
    const double step = 2.0 * pi * d / (exponent + x * (1.0 - std::cos(d)));
    const double quarter = std::sinh(0.25 * step), first = 2.0 * quarter * quarter;  // cosh(step/2) - 1
    const double bend = 4.0 * first * (2.0 + first);                                 // 2 (cosh(step) - 1)
    m_above.clear();
    for (double above = x * first, slope = 0.0; above < negligible; slope += bend * (x + above), above += slope)
      m_above.push_back(above);
    m_decay.resize(m_above.size());
    const double* above = m_above.data();
    double* decay = m_decay.data();
#pragma omp simd
    for (std::size_t i = 0; i < m_above.size(); ++i) decay[i] = simd_exp(-above[i]);
    m_weight = 2.0 * step / e.temperature;
  }

  /// Energies E/T at eta = 0.
  [[nodiscard]] Lanes energies(const FreezeOutElement& e, std::size_t block) const {
    const double in_time = m_mt * e.ut(), beta = 1.0 / e.temperature;
    Lanes energy;
#pragma omp simd
    for (std::size_t j = 0; j < lanes; ++j)
      energy[j] = (in_time - m_momenta.x[block][j] * e.ux - m_momenta.y[block][j] * e.uy) * beta;
    return energy;
  }

  /// By Horner's rule from the last term.
  [[nodiscard]] Sums<Lanes> sums(const Lanes& w) const {
    Sums<Lanes> sum{};
    for (std::size_t i = m_terms.size(); i-- > 0;) {
      add_term(sum.f, w, m_terms[i].f);
      add_term(sum.r, w, m_terms[i].r);
    }
    for (Lanes& f : sum.f) multiply(f, w);
    for (Lanes& r : sum.r) multiply(r, w);
    return sum;
  }

  template <std::size_t count>
  static void add_term(std::array<Lanes, count>& sum, const Lanes& w, const std::array<double, count>& term) {
    for (std::size_t k = 0; k < count; ++k)
#pragma omp simd
      for (std::size_t j = 0; j < lanes; ++j) sum[k][j] = sum[k][j] * w[j] + term[k];
  }

  static void multiply(Lanes& values, const Lanes& w) {
#pragma omp simd
    for (std::size_t j = 0; j < lanes; ++j) values[j] *= w[j];
  }

  /// S_0.
  [[nodiscard]] Lanes inverse_energy(const Lanes& energy, const Lanes& w) const {
    const double s = m_statistics, weight = m_weight;
    Lanes sum{};
    for (std::size_t i = 0; i < m_above.size(); ++i) {
      const double above = m_above[i], at_node = m_decay[i];
#pragma omp simd
      for (std::size_t j = 0; j < lanes; ++j) {
        const double decay = w[j] * at_node, blocked = 1.0 + s * decay;
        sum[j] += decay / (blocked * blocked * (energy[j] + above));
      }
    }
#pragma omp simd
    for (std::size_t j = 0; j < lanes; ++j) sum[j] *= weight;
    return sum;
  }

  [[nodiscard]] Contractions contractions(const FreezeOutElement& e, std::size_t block) const {
    const double mt2 = m_mt * m_mt, tx = e.pitx(), ty = e.pity();
    Contractions c;
    c.c2 = mt2 * (e.pitt() + e.pizz);
    c.m = m_mt * e.normal_t;
#pragma omp simd
    for (std::size_t j = 0; j < lanes; ++j) {
      const double x = m_momenta.x[block][j], y = m_momenta.y[block][j];
      c.c0[j] = x * x * e.pixx + 2.0 * x * y * e.pixy + y * y * e.piyy - mt2 * e.pizz;
      c.c1[j] = -2.0 * m_mt * (x * tx + y * ty);
      c.d[j] = x * e.normal_x + y * e.normal_y;
    }
    return c;
  }

  void add(const FreezeOutElement& e, std::size_t block) {
    const Lanes energy = energies(e, block);
    Lanes w;
#pragma omp simd
    for (std::size_t j = 0; j < lanes; ++j) w[j] = simd_exp(-energy[j]);
    const Contractions c = contractions(e, block);
    const Sums<Lanes> sum = sums(w);
    Lanes& total = m_total[block];
#pragma omp simd
    for (std::size_t j = 0; j < lanes; ++j) total[j] += c.m * sum.f[1][j] + c.d[j] * sum.f[0][j];
    if (!e.delta.any()) return;
    add_polynomial(e, energy, c, sum.r, total);
    if (e.delta.needs_inverse_energy()) add_inverse(e, energy, c, inverse_energy(energy, w), sum.r, total);
  }

  /// (stress pi.p.p + energy E) p.dsigma.
  void add_polynomial(const FreezeOutElement& e, const Lanes& energy, const Contractions& c,
                      const std::array<Lanes, 4>& r, Lanes& total) const {
    const double stress = e.delta.stress, a = m_mt * e.ut();
#pragma omp simd
    for (std::size_t j = 0; j < lanes; ++j) {
      const double q0 = stress * c.c0[j] - e.delta.energy * (a - energy[j] * e.temperature);
      const double q1 = stress * c.c1[j] + e.delta.energy * a, q2 = stress * c.c2;
      total[j] +=
          c.m * (q0 * r[1][j] + q1 * r[2][j] + q2 * r[3][j]) + c.d[j] * (q0 * r[0][j] + q1 * r[1][j] + q2 * r[2][j]);
    }
  }

  /// (stress_over_energy pi.p.p + inverse_energy m^2) p.dsigma/E.
  void add_inverse(const FreezeOutElement& e, const Lanes& energy, const Contractions& c, const Lanes& s0,
                   const std::array<Lanes, 4>& r, Lanes& total) const {
    const double stress = e.delta.stress_over_energy, of_mass = e.delta.inverse_energy * m_mass * m_mass;
    const double a = m_mt * e.ut(), per_a = 1.0 / a;
#pragma omp simd
    for (std::size_t j = 0; j < lanes; ++j) {
      const double b = a - energy[j] * e.temperature;
      const double s1 = (r[0][j] + b * s0[j]) * per_a, s2 = (r[1][j] + b * s1) * per_a, s3 = (r[2][j] + b * s2) * per_a;
      const double q0 = stress * c.c0[j] + of_mass, q1 = stress * c.c1[j], q2 = stress * c.c2;
      total[j] += c.m * (q0 * s1 + q1 * s2 + q2 * s3) + c.d[j] * (q0 * s0[j] + q1 * s1 + q2 * s2);
    }
  }

  double m_mass, m_mt, m_pt;
  int m_statistics;
  MomentaByLanes m_momenta;
  std::vector<Lanes> m_total;
  std::vector<Sums<double>> m_terms;  ///< without w^n
  /// Points of the midpoint rule in eta: mT u^tau (cosh(eta) - 1)/T, exp of minus that; the weight of each over T.
  std::vector<double> m_above, m_decay;
  double m_weight = 0.0;
};

}  // namespace

Directions::Directions(int count) {
  for (int j = 0; j < count; ++j) {
    cosine.push_back(std::cos(2.0 * pi * j / count));
    sine.push_back(std::sin(2.0 * pi * j / count));
  }
}

std::vector<double> cooper_frye(const std::vector<FreezeOutElement>& elements, double mass, int statistics, double pt,
                                const Directions& directions) {
  Row row(mass, statistics, pt, directions);
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

double number_through(const std::vector<FreezeOutElement>& elements, double mass, int statistics) {
  struct Density {
    double equilibrium, energy, inverse_energy;
  };
  std::map<double, Density> known;
  double sum = 0.0;
  for (const FreezeOutElement& e : elements) {
    auto found = known.find(e.temperature);
    if (found == known.end()) {
      const auto of = [&](auto&& g) { return thermal_integral(mass, statistics, e.temperature, g); };
      const Density density = {number_density(mass, statistics, e.temperature),
                               of([](double energy, double) { return energy; }),
                               of([&](double energy, double) { return mass * mass / energy; })};
      found = known.emplace(e.temperature, density).first;
    }
    const Density& n = found->second;
    sum += e.volume() * (n.equilibrium + e.delta.energy * n.energy + e.delta.inverse_energy * n.inverse_energy);
  }
  return sum;
}

}  // namespace ister::physics
