#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <optional>
#include <vector>

#include "physics/cooper_frye.hpp"

namespace ister::physics {
namespace {

constexpr double pi = 3.14159265358979323846;

/// Directions n that cover half of the sphere evenly (p and -p have the same delta f in the frame of the fluid): n_i
/// n_j for ij = xx, xy, xz, yy, yz, zz, where pairs of different axes count twice.
constexpr int polar = 6, azimuthal = 8;
using Squares = std::array<double, 6>;
using Projections = std::array<double, static_cast<std::size_t>(polar) * azimuthal>;

std::vector<Squares> half_sphere() {
  std::vector<Squares> all;
  for (int a = 0; a < polar; ++a)
    for (int b = 0; b < azimuthal; ++b) {
      const double z = (a + 0.5) / polar, rho = std::sqrt(1.0 - z * z), phi = 2.0 * pi * (b + 0.5) / azimuthal;
      const double x = rho * std::cos(phi), y = rho * std::sin(phi);
      all.push_back({x * x, 2.0 * x * y, 2.0 * x * z, y * y, 2.0 * y * z, z * z});
    }
  return all;
}

/// n.pi.n in all directions n in the frame of the fluid.
Projections projections(const FreezeOutElement& e) {
  const double ut = e.ut(), u[3] = {e.ux, e.uy, e.uz}, time[3] = {e.pitx(), e.pity(), e.pitz()};
  const double pi_ij[3][3] = {{e.pixx, e.pixy, e.pixz}, {e.pixy, e.piyy, e.piyz}, {e.pixz, e.piyz, e.pizz}};
  const auto at_rest = [&](int i, int j) {
    return pi_ij[i][j] - (u[i] * time[j] + u[j] * time[i] - u[i] * u[j] * e.pitt() / (1.0 + ut)) / (1.0 + ut);
  };
  const Squares rest{at_rest(0, 0), at_rest(0, 1), at_rest(0, 2), at_rest(1, 1), at_rest(1, 2), at_rest(2, 2)};
  static const std::vector<Squares> directions = half_sphere();
  Projections all{};
  for (std::size_t n = 0; n < all.size(); ++n)
    all[n] = std::inner_product(rest.begin(), rest.end(), directions[n].begin(), 0.0);
  return all;
}

/// Particles in equilibrium at momenta p, evenly up to where there are none.
class Momenta {
 public:
  Momenta(double mass, int statistics, double temperature) : m_temperature(temperature), m_mass(mass), m_total(0.0) {
    constexpr double highest = 24.0;  // kinetic energy over T
    const double end = std::sqrt(highest * temperature * (highest * temperature + 2.0 * mass));
    for (std::size_t i = 0; i < m_points.size(); ++i) {
      const double p = (static_cast<double>(i) + 0.5) / static_cast<double>(m_points.size()) * end,
                   energy = std::hypot(p, mass);
      const double f = 1.0 / (std::exp(energy / temperature) + statistics);
      m_points[i] = {p * p, energy, 1.0 - statistics * f, end * p * p * f};
      m_total += m_points[i].number;
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
  std::array<Point, 192> m_points;
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
