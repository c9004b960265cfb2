#include "drivers/run/start_review.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "solvers/verdict.hpp"

namespace ister::drivers {
namespace {

/// Products that the Fourier sums may take: lines along x are left out beyond.
constexpr double most_products = 1e8;
constexpr double empty_rim = 1e-2;  ///< of e_max: where it is fuller, a flow may be meant to be periodic

const char* direction_name(const Input& input, int d) {
  static constexpr const char* names[] = {"x", "y", "z"};
  return d == 2 && input.solver.geometry == physics::Geometry::milne ? "eta" : names[d];
}

/// How far light gets along a direction until the end, in its coordinate.
double light_path(const Input& input, int d) {
  const solvers::TimeOptions& time = input.solver.time;
  const bool rapidity = d == 2 && input.solver.geometry == physics::Geometry::milne;
  return rapidity ? std::log(time.end / time.start) : time.end - time.start;
}

/// When light has gone a distance along a direction.
double arrival(const Input& input, int d, double distance) {
  const double start = input.solver.time.start;
  const bool rapidity = d == 2 && input.solver.geometry == physics::Geometry::milne;
  return rapidity ? start * std::exp(distance) : start + distance;
}

}  // namespace

StartReview::StartReview(const Input& input) : m_input(input) {
  const core::Grid& grid = input.grid;
  const std::int64_t lines = grid.total_points() / grid.points[0];
  const double products = 0.25 * grid.points[0] * static_cast<double>(grid.points[0]);  // of a line
  m_line_stride = std::min(lines, static_cast<std::int64_t>(static_cast<double>(lines) * products / most_products) + 1);
  for (int i = 0; i < grid.points[0]; ++i) {
    m_cosines.push_back(std::cos(2.0 * M_PI * i / grid.points[0]));
    m_sines.push_back(std::sin(2.0 * M_PI * i / grid.points[0]));
  }
  m_found.near.fill(std::numeric_limits<double>::lowest());
}

void StartReview::watch(solvers::InitialSource& source) {
  source.make = [make = std::move(source.make), this](const core::Box& box) {
    solvers::InitialState state = make(box);
    look(box, state.energy_density);
    return state;
  };
}

void StartReview::look(const core::Box& box, const std::vector<double>& energy_density) {
  const core::Grid& grid = m_input.grid;
  for (std::size_t i = 0; i < energy_density.size(); ++i) {
    const double e = energy_density[i];
    m_found.e_max = std::max(m_found.e_max, e);
    auto rest = static_cast<std::int64_t>(i);
    for (int d = 0; d < grid.dimensions; ++d) {
      const std::int64_t index = box.offset[d] + rest % box.count[d];
      rest /= box.count[d];
      if (index == 0) m_found.rim[d] = std::max(m_found.rim[d], e);
      const double distance = grid.spacing(d) * static_cast<double>(std::min(index, grid.points[d] - index));
      if (e > m_input.solver.verdict_cut) m_found.near[d] = std::max(m_found.near[d], -distance);
    }
  }
  if (box.count[0] != grid.points[0]) return;
  for (std::int64_t line = 0; line < box.count[1] * box.count[2]; ++line) {
    const std::int64_t y = box.offset[1] + line % box.count[1], z = box.offset[2] + line / box.count[1];
    if ((y + z * grid.points[1]) % m_line_stride == m_line_stride / 2)
      look_at_line(&energy_density[line * box.count[0]]);
  }
}

/// The power of ln e, and that of |k| > 3/4 k_N by the sums of a Fourier transform.
void StartReview::look_at_line(const double* energy_density) {
  const auto n = static_cast<std::int64_t>(m_cosines.size());
  std::vector<double> log_e(energy_density, energy_density + n);
  for (double& value : log_e) {
    value = std::log(value);
    m_found.log_e += value;
    m_found.power += value * value;
  }
  m_found.points += static_cast<double>(n);
  for (std::int64_t k = 3 * n / 8 + 1; 2 * k <= n; ++k) {
    double real = 0.0, imaginary = 0.0;
    for (std::int64_t i = 0, phase = 0; i < n; ++i, phase = (phase + k) % n) {
      real += log_e[i] * m_cosines[phase];
      imaginary += log_e[i] * m_sines[phase];
    }
    const double both = 2 * k == n ? 1.0 : 2.0;  // k and -k
    m_found.fine_power += both * (real * real + imaginary * imaginary) / static_cast<double>(n);
  }
}

StartReview::Found StartReview::of_all_ranks(MPI_Comm comm) const {
  Found all = m_found;
  double sums[] = {all.points, all.log_e, all.power, all.fine_power};
  double most[] = {all.e_max, all.rim[0], all.rim[1], all.rim[2], all.near[0], all.near[1], all.near[2]};
  MPI_Allreduce(MPI_IN_PLACE, sums, 4, MPI_DOUBLE, MPI_SUM, comm);
  MPI_Allreduce(MPI_IN_PLACE, most, 7, MPI_DOUBLE, MPI_MAX, comm);
  return {sums[0], sums[1], sums[2], sums[3], most[0], {most[1], most[2], most[3]}, {most[4], most[5], most[6]}};
}

double StartReview::fine_share(MPI_Comm comm) const {
  const Found found = of_all_ranks(comm);
  const double power = found.power - found.log_e * found.log_e / found.points;
  return power > 1e-12 * found.power ? found.fine_power / power : 0.0;
}

std::vector<std::string> StartReview::warnings(MPI_Comm comm) const {
  const Found found = of_all_ranks(comm);
  std::vector<std::string> lines;
  const double share = fine_share(comm);
  if (solvers::grade(solvers::Measured::resolution, share) > solvers::Grade::good)
    lines.push_back(
        fmt::format("the initial state is not resolved: {:.2g} of the power of ln e lies in the finest quarter "
                    "of wavenumbers along x: more grid.points, or smoother data",
                    share));
  for (int d = 0; d < m_input.grid.dimensions; ++d) {
    if (found.rim[d] >= empty_rim * found.e_max || !(-found.near[d] < light_path(m_input, d))) continue;
    lines.push_back(
        fmt::format("matter with e > history.verdict_cut may reach the rim of the box along {} at {:.3g} fm "
                    "and meet its image before time.end = {:g}: a larger box (grid.lower, grid.upper) or an "
                    "earlier end",
                    direction_name(m_input, d), arrival(m_input, d, -found.near[d]), m_input.solver.time.end));
  }
  return lines;
}

}  // namespace ister::drivers
