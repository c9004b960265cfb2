#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <vector>

#include "physics/cooper_frye.hpp"

namespace ister::physics {
namespace {

constexpr double pi = 3.14159265358979323846;

/// Directions that cover half of the sphere evenly: p and -p have the same delta f in the frame of the fluid.
constexpr int polar = 6, azimuthal = 8;
using Projections = std::array<double, static_cast<std::size_t>(polar) * azimuthal>;

/// n.pi.n in all directions n in the frame of the fluid.
Projections projections(const FreezeOutElement& e) {
  const double ut = e.ut(), u[3] = {e.ux, e.uy, e.uz}, time[3] = {e.pitx(), e.pity(), e.pitz()};
  const double pi_ij[3][3] = {{e.pixx, e.pixy, e.pixz}, {e.pixy, e.piyy, e.piyz}, {e.pixz, e.piyz, e.pizz}};
  double rest[3][3];
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      rest[i][j] = pi_ij[i][j] - (u[i] * time[j] + u[j] * time[i] - u[i] * u[j] * e.pitt() / (1.0 + ut)) / (1.0 + ut);
  Projections all{};
  for (int a = 0; a < polar; ++a)
    for (int b = 0; b < azimuthal; ++b) {
      const double z = (a + 0.5) / polar, rho = std::sqrt(1.0 - z * z), phi = 2.0 * pi * (b + 0.5) / azimuthal;
      const double n[3] = {rho * std::cos(phi), rho * std::sin(phi), z};
      double& sum = all[static_cast<std::size_t>(a * azimuthal + b)];
      for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j) sum += n[i] * rest[i][j] * n[j];
    }
  return all;
}

/// Particles in equilibrium at momenta p, evenly up to where there are none.
class Momenta {
 public:
  Momenta(double mass, int statistics, double temperature) : m_temperature(temperature), m_mass(mass), m_total(0.0) {
    constexpr int points = 192;
    constexpr double highest = 24.0;  // kinetic energy over T
    const double end = std::sqrt(highest * temperature * (highest * temperature + 2.0 * mass));
    for (int i = 0; i < points; ++i) {
      const double p = (i + 0.5) / points * end, energy = std::hypot(p, mass);
      const double f = 1.0 / (std::exp(energy / temperature) + statistics);
      m_points.push_back({p * p, energy, 1.0 - statistics * f, end * p * p * f});
      m_total += m_points.back().number;
    }
  }

  [[nodiscard]] double temperature() const { return m_temperature; }
  /// Per volume, without a factor.
  [[nodiscard]] double all() const { return m_total; }

  [[nodiscard]] double beyond(const FreezeOutElement& e) const {
    const Projections q = projections(e);
    const auto [least, most] = std::minmax_element(q.begin(), q.end());
    double sum = 0.0;
    for (const Point& at : m_points) {
      const double a = at.blocked * at.p2 * (e.delta.stress + e.delta.stress_over_energy / at.energy);
      const double b = at.blocked * (e.delta.energy * at.energy + e.delta.inverse_energy * m_mass * m_mass / at.energy);
      const auto within = [&](double value) { return std::abs(a * value + b) <= 1.0; };
      if (within(*least) && within(*most)) continue;  // and so all between
      const auto inside = static_cast<double>(std::count_if(q.begin(), q.end(), within));
      sum += at.number * (1.0 - inside / static_cast<double>(q.size()));
    }
    return sum;
  }

 private:
  struct Point {
    double p2, energy, blocked, number;  ///< blocked: 1 - s f
  };
  double m_temperature, m_mass, m_total;
  std::vector<Point> m_points;
};

}  // namespace

double share_beyond_equilibrium(const std::vector<FreezeOutElement>& elements, double mass, int statistics) {
  double all = 0.0, beyond = 0.0;
  std::optional<Momenta> momenta;  // one temperature, but for elements of a corona
  for (const FreezeOutElement& e : elements) {
    if (!momenta || momenta->temperature() != e.temperature) momenta.emplace(mass, statistics, e.temperature);
    const double volume = std::abs(e.volume());
    all += volume * momenta->all();
    if (e.delta.any()) beyond += volume * momenta->beyond(e);
  }
  return all > 0.0 ? beyond / all : 0.0;
}

}  // namespace ister::physics
