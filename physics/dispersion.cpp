#include "physics/dispersion.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

namespace ister::physics {
namespace {

using Complex = std::complex<double>;

/// d_t y + A d_x y + R y = 0 of one sector; omega are the eigenvalues of k A - i R.
class SectorWaves {
 public:
  SectorWaves(const WaveBackground& background, const WaveSector& sector)
      : m_flux(part(principal_symbol(background.equations, {background.u(), {}, 0.0}, {1, 0, 0}), sector)),
        m_damping(part(relaxation_matrix(background.equations, background.u()), sector)) {}

  [[nodiscard]] const SquareMatrix<double>& flux() const { return m_flux; }
  [[nodiscard]] int size() const { return m_flux.size; }

  [[nodiscard]] std::vector<Eigenmode> modes(double k) const {
    SquareMatrix<Complex> matrix(size());
    for (std::size_t i = 0; i < matrix.values.size(); ++i)
      matrix.values[i] = Complex(k * m_flux.values[i], -m_damping.values[i]);
    return eigenmodes(matrix);
  }

  /// d omega/dk = l^H A r/(l^H r).
  [[nodiscard]] Complex group_velocity(const Eigenmode& mode) const {
    Complex flux = 0, norm = 0;
    for (int i = 0; i < size(); ++i) {
      norm += std::conj(mode.left[i]) * mode.right[i];
      for (int j = 0; j < size(); ++j) flux += std::conj(mode.left[i]) * m_flux(i, j) * mode.right[j];
    }
    return flux / norm;
  }

 private:
  static SquareMatrix<double> part(const SquareMatrix<double>& whole, const WaveSector& sector) {
    SquareMatrix<double> result(static_cast<int>(sector.rows.size()));
    for (int i = 0; i < result.size; ++i)
      for (int j = 0; j < result.size; ++j) result(i, j) = whole(sector.rows[i], sector.rows[j]);
    return result;
  }

  SquareMatrix<double> m_flux, m_damping;
};

struct Root {
  Complex omega, group;
};

std::vector<Root> roots(const SectorWaves& waves, double k) {
  std::vector<Root> result;
  for (const Eigenmode& mode : waves.modes(k)) result.push_back({mode.value, waves.group_velocity(mode)});
  return result;
}

/// Slowest first; of a pair the one that travels along k.
void sort_by_size(std::vector<Root>& roots) {
  const auto size = [](const Root& root) { return std::abs(root.omega) - 1e-9 * root.omega.real(); };
  std::sort(roots.begin(), roots.end(), [&](const Root& a, const Root& b) { return size(a) < size(b); });
}

/// The roots in the order in which they are nearest, all together, to what was expected.
std::vector<Root> assigned(const std::vector<Complex>& expected, const std::vector<Root>& roots) {
  std::vector<int> order(roots.size()), best;
  std::iota(order.begin(), order.end(), 0);
  double least = std::numeric_limits<double>::infinity();
  do {
    double distance = 0;
    for (std::size_t i = 0; i < order.size() && distance < least; ++i)
      distance += std::norm(roots[order[i]].omega - expected[i]);
    if (distance >= least) continue;
    least = distance;
    best = order;
  } while (std::next_permutation(order.begin(), order.end()));
  std::vector<Root> result;
  std::transform(best.begin(), best.end(), std::back_inserter(result), [&](int i) { return roots[i]; });
  return result;
}

/// The roots at `to`, in the order of those at `from`, in steps short enough to follow them.
std::vector<Root> followed(const SectorWaves& waves, std::vector<Root> here, double from, double to) {
  constexpr double longest = 0.02;  // of ln k
  const int steps = static_cast<int>(std::ceil(std::log(to / from) / longest));
  double k = from;
  for (int step = 1; step <= steps; ++step) {
    const double next = step == steps ? to : from * std::exp(std::log(to / from) * step / steps);
    std::vector<Complex> expected;
    expected.reserve(here.size());
    // Next to a branch point group velocities are infinite.
    for (const Root& root : here)
      expected.push_back(root.omega + (std::abs(root.group) < 10.0 ? (next - k) * root.group : 0.0));
    here = assigned(expected, roots(waves, next));
    k = next;
  }
  return here;
}

void add_branches(const SectorWaves& waves, char letter, Dispersion& result) {
  const std::size_t first = result.branches.size();
  for (int i = 0; i < waves.size(); ++i) result.branches.push_back({letter + std::to_string(i), {}, {}});
  std::vector<Root> here;
  for (std::size_t row = 0; row < result.k.size(); ++row) {
    if (row == 0) {
      here = roots(waves, result.k[0]);
      sort_by_size(here);
    } else {
      here = followed(waves, here, result.k[row - 1], result.k[row]);
    }
    for (int i = 0; i < waves.size(); ++i) {
      result.branches[first + i].omega.push_back(here[i].omega);
      result.branches[first + i].group.push_back(here[i].group);
    }
  }
}

int travelling(const SectorWaves& waves, double k) {
  int count = 0;
  for (const Eigenmode& mode : waves.modes(k)) count += std::abs(mode.value.real()) > 1e-6 * std::abs(mode.value);
  return count;
}

double largest_growth(const SectorWaves& waves, double k) {
  double largest = -std::numeric_limits<double>::infinity();
  for (const Eigenmode& mode : waves.modes(k)) largest = std::max(largest, mode.value.imag());
  return largest;
}

/// Where a property begins to hold that does at `high` but not at `low`.
template <class Holds>
double onset(double low, double high, const Holds& holds) {
  while (high - low > 1e-10 * high) {
    const double middle = 0.5 * (low + high);
    (holds(middle) ? high : low) = middle;
  }
  return 0.5 * (low + high);
}

}  // namespace

Vec3 WaveBackground::u() const {
  const double gamma = 1.0 / std::sqrt(1.0 - velocity * velocity);
  return {gamma * velocity * std::cos(angle), axial() ? 0.0 : gamma * velocity * std::sin(angle), 0.0};
}

bool WaveBackground::axial() const { return std::abs(velocity * std::sin(angle)) < 1e-14; }

std::vector<WaveSector> wave_sectors(const WaveBackground& background) {
  WaveSector longitudinal{'L', {}}, transverse{'T', {}};
  const std::vector<Unknown> all = unknowns(background.equations);
  for (int row = 0; row < static_cast<int>(all.size()); ++row) switch (all[row]) {
      case Unknown::uz:
      case Unknown::pixz:
      case Unknown::piyz:
        transverse.rows.push_back(row);
        break;
      case Unknown::uy:
      case Unknown::pixy:
      case Unknown::pi_difference:
        if (!background.axial()) longitudinal.rows.push_back(row);
        break;
      default:
        longitudinal.rows.push_back(row);
    }
  return {longitudinal, transverse};
}

Dispersion dispersion(const WaveBackground& background, const std::vector<double>& k) {
  Dispersion result{k, {}};
  for (const WaveSector& sector : wave_sectors(background))
    add_branches(SectorWaves(background, sector), sector.letter, result);
  return result;
}

std::vector<Complex> front_speeds(const WaveBackground& background, const WaveSector& sector) {
  return eigenvalues(SectorWaves(background, sector).flux());
}

std::vector<BranchPoint> branch_points(const PointEquations& equations, double k_min, double k_max) {
  constexpr double spacing = 0.01;  // of ln k
  const WaveBackground rest{equations, 0, 0};
  const int intervals = static_cast<int>(std::ceil(std::log(k_max / k_min) / spacing));
  std::vector<BranchPoint> points;
  for (const WaveSector& sector : wave_sectors(rest)) {
    const SectorWaves waves(rest, sector);
    double left = k_min;
    int below = travelling(waves, left);
    for (int i = 1; i <= intervals; ++i) {
      const double right = k_min * std::exp(std::log(k_max / k_min) * i / intervals);
      const int above = travelling(waves, right);
      if (above != below) {
        const double k = onset(left, right, [&](double middle) { return travelling(waves, middle) != below; });
        points.push_back({sector.letter, k, below, above});
      }
      left = right;
      below = above;
    }
  }
  return points;
}

Instability instability(const WaveBackground& background, const Dispersion& dispersion) {
  constexpr double rounding = 1e-12;
  Instability found;
  for (const WaveBranch& branch : dispersion.branches)
    for (std::size_t row = 0; row < dispersion.k.size(); ++row) {
      const Complex omega = branch.omega[row];
      if (omega.imag() <= std::max(found.rate, rounding * std::abs(omega))) continue;
      found.rate = omega.imag();
      found.k_of_rate = dispersion.k[row];
      found.branch = branch.name;
    }
  if (!found.present()) return found;
  found.k_first = std::numeric_limits<double>::infinity();
  for (const WaveSector& sector : wave_sectors(background)) {
    const SectorWaves waves(background, sector);
    const auto grows = [&](double k) { return largest_growth(waves, k) > rounding * k; };
    const auto first = std::find_if(dispersion.k.begin(), dispersion.k.end(), grows);
    if (first == dispersion.k.end()) continue;
    const double k = first == dispersion.k.begin() ? *first : onset(*(first - 1), *first, grows);
    found.k_first = std::min(found.k_first, k);
  }
  return found;
}

}  // namespace ister::physics
