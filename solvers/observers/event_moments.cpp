#include "solvers/observers/event_moments.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <limits>
#include <string>
#include <vector>

namespace ister::solvers {
namespace {

using Complex = std::complex<double>;

constexpr int lowest = 2, highest = 5;  ///< n

core::Attributes attributes_of(double energy, double entropy, const std::array<Complex, highest + 1>& eps) {
  core::Attributes moments{{"energy", energy}, {"entropy", entropy}};
  for (int n = lowest; n <= highest; ++n) {
    moments["eps_" + std::to_string(n)] = std::abs(eps[n]);
    moments["psi_" + std::to_string(n)] = std::arg(eps[n]) / n;
  }
  return moments;
}

template <std::size_t Size>
void sum_over_ranks(std::array<double, Size>& sums, MPI_Comm comm) {
  MPI_Allreduce(MPI_IN_PLACE, sums.data(), static_cast<int>(Size), MPI_DOUBLE, MPI_SUM, comm);
}

/// The layer of a grid that is nearest to z = 0.
std::int64_t middle_layer(const core::Grid& grid) {
  std::int64_t nearest = 0;
  for (std::int64_t k = 1; k < grid.points[2]; ++k)
    if (std::fabs(grid.coordinate(2, k)) < std::fabs(grid.coordinate(2, nearest))) nearest = k;
  return nearest;
}

/// The weights of a plane and their places, of this rank's block.
struct Plane {
  std::vector<double> weight;
  std::vector<Complex> place;

  Plane(const core::Grid& grid, const core::Box& box, const std::vector<double>& values) {
    const std::int64_t layer = middle_layer(grid) - box.offset[2];
    if (layer < 0 || layer >= box.count[2]) return;
    for (std::int64_t j = 0; j < box.count[1]; ++j)
      for (std::int64_t i = 0; i < box.count[0]; ++i) {
        weight.push_back(values[static_cast<std::size_t>((layer * box.count[1] + j) * box.count[0] + i)]);
        place.emplace_back(grid.coordinate(0, box.offset[0] + i), grid.coordinate(1, box.offset[1] + j));
      }
  }

  [[nodiscard]] Complex centre(MPI_Comm comm) const {
    std::array<double, 3> sums{};
    for (std::size_t i = 0; i < weight.size(); ++i) {
      sums[0] += weight[i];
      sums[1] += weight[i] * place[i].real();
      sums[2] += weight[i] * place[i].imag();
    }
    sum_over_ranks(sums, comm);
    return {sums[1] / sums[0], sums[2] / sums[0]};
  }

  /// eps_n exp(i n psi_n)
  [[nodiscard]] std::array<Complex, highest + 1> eccentricities(MPI_Comm comm) const {
    const Complex middle = centre(comm);
    std::array<double, 3 * (highest + 1)> sums{};
    for (std::size_t i = 0; i < weight.size(); ++i) {
      const Complex z = place[i] - middle;
      Complex power = z;
      for (int n = lowest; n <= highest; ++n) {
        power *= z;
        sums[3 * n] += weight[i] * power.real();
        sums[3 * n + 1] += weight[i] * power.imag();
        sums[3 * n + 2] += weight[i] * std::abs(power);
      }
    }
    sum_over_ranks(sums, comm);
    std::array<Complex, highest + 1> eps{};
    for (int n = lowest; n <= highest; ++n) eps[n] = -Complex(sums[3 * n], sums[3 * n + 1]) / sums[3 * n + 2];
    return eps;
  }
};

/// A field of state files on this rank's block.
std::vector<double> block_of(HydroSystem& system, const std::string& name) {
  std::vector<double> values(static_cast<std::size_t>(system.context().decomposition.box().points()));
  for (const core::NamedField& field : system.state_fields())
    if (field.name == name) field.copy_out(values.data());
  return values;
}

/// Integral of tau s u^0.
double total_entropy(HydroSystem& system) {
  const EquationContext& context = system.context();
  const std::vector<double> s = block_of(system, "entropy_density"), ux = block_of(system, "ux"),
                            uy = block_of(system, "uy"), uz = block_of(system, "uz");
  std::array<double, 1> sum{};
  for (std::size_t i = 0; i < s.size(); ++i)
    sum[0] += s[i] * std::sqrt(1.0 + ux[i] * ux[i] + uy[i] * uy[i] + uz[i] * uz[i]);
  sum_over_ranks(sum, context.comm);
  return sum[0] * context.decomposition.grid().cell_volume() * context.parameters(system.time()).volume_factor;
}

}  // namespace

core::Attributes event_moments(HydroSystem& system) {
  const EquationContext& context = system.context();
  const core::Grid& grid = context.decomposition.grid();
  const Plane plane(grid, context.decomposition.box(), block_of(system, "energy_density"));
  std::array<Complex, highest + 1> eps = plane.eccentricities(context.comm);
  if (grid.dimensions < 2) eps.fill(std::numeric_limits<double>::quiet_NaN());
  return attributes_of(system.diagnostics().energy, total_entropy(system), eps);
}

core::Attributes unknown_event_moments() {
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  std::array<Complex, highest + 1> eps;
  eps.fill(Complex(unknown, unknown));
  return attributes_of(unknown, unknown, eps);
}

}  // namespace ister::solvers
