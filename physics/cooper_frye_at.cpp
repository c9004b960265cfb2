#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/simd_math.hpp"
#include "physics/cooper_frye.hpp"
#include "physics/momenta_by_lanes.hpp"

namespace ister::physics {
namespace {

constexpr double pi = 3.14159265358979323846;

/// The spectrum at one transverse momentum and rapidity, element by element.
class RapidityRow {
 public:
  RapidityRow(double rapidity, double mass, int statistics, double pt, const Directions& directions)
      : m_rapidity(rapidity),
        m_mass2(mass * mass),
        m_mt(std::hypot(mass, pt)),
        m_pt(pt),
        m_statistics(statistics),
        m_momenta(pt, directions),
        m_total(m_momenta.x.size()) {}

  /// The least E/T of any direction.
  [[nodiscard]] double lowest(const FreezeOutElement& e) const {
    return (in_time(e) * e.ut() - along(e) * e.uz - m_pt * std::hypot(e.ux, e.uy)) / e.temperature;
  }

  void add(const FreezeOutElement& e) {
    const Longitudinal p(e, in_time(e), along(e));
    for (std::size_t block = 0; block < m_total.size(); ++block) add(e, p, block);
  }

  [[nodiscard]] std::vector<double> total() const { return m_momenta.in_order(m_total); }

 private:
  /// What does not depend on the direction: parts of E, of p.dsigma and of pi.p.p.
  struct Longitudinal {
    double energy, normal, stress, stress_x, stress_y;

    Longitudinal(const FreezeOutElement& e, double t, double z)
        : energy(t * e.ut() - z * e.uz),
          normal(t * e.normal_t + z * e.normal_z),
          stress(t * t * e.pitt() - 2.0 * t * z * e.pitz() + z * z * e.pizz),
          stress_x(2.0 * (z * e.pixz - t * e.pitx())),
          stress_y(2.0 * (z * e.piyz - t * e.pity())) {}
  };

  [[nodiscard]] double in_time(const FreezeOutElement& e) const { return m_mt * std::cosh(m_rapidity - e.eta); }
  [[nodiscard]] double along(const FreezeOutElement& e) const { return m_mt * std::sinh(m_rapidity - e.eta); }

  void add(const FreezeOutElement& e, const Longitudinal& p, std::size_t block) {
    const double beta = 1.0 / e.temperature, s = m_statistics;
    const DeltaF delta = e.delta;
    const Lanes &px = m_momenta.x[block], &py = m_momenta.y[block];
    Lanes& total = m_total[block];
#pragma omp simd
    for (std::size_t j = 0; j < lanes; ++j) {
      const double x = px[j], y = py[j], energy = p.energy - x * e.ux - y * e.uy;
      const double decay = simd_exp(-energy * beta), f = decay / (1.0 + s * decay), per_energy = 1.0 / energy;
      const double stress =
          p.stress + x * p.stress_x + y * p.stress_y + x * x * e.pixx + 2.0 * x * y * e.pixy + y * y * e.piyy;
      const double change = (delta.stress + delta.stress_over_energy * per_energy) * stress + delta.energy * energy +
                            delta.inverse_energy * m_mass2 * per_energy;
      total[j] += (p.normal + x * e.normal_x + y * e.normal_y) * f * (1.0 + (1.0 - s * f) * change);
    }
  }

  double m_rapidity, m_mass2, m_mt, m_pt;
  int m_statistics;
  MomentaByLanes m_momenta;
  std::vector<Lanes> m_total;
};

}  // namespace

std::vector<double> cooper_frye_at(double rapidity, const std::vector<FreezeOutElement>& elements, double mass,
                                   int statistics, double pt, const Directions& directions) {
  constexpr double negligible = 45.0;  // exp(-45) = 3e-20 of what the others give
  RapidityRow row(rapidity, mass, statistics, pt, directions);
  std::vector<double> energies;
  energies.reserve(elements.size());
  for (const FreezeOutElement& element : elements) energies.push_back(row.lowest(element));
  const double most = negligible + (energies.empty() ? 0.0 : *std::min_element(energies.begin(), energies.end()));
  for (std::size_t i = 0; i < elements.size(); ++i)
    if (energies[i] < most) row.add(elements[i]);
  std::vector<double> spectrum = row.total();
  for (double& value : spectrum) value /= 8.0 * pi * pi * pi;
  return spectrum;
}

}  // namespace ister::physics
