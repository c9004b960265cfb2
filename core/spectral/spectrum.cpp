#include "core/spectral/spectrum.hpp"

#include <cmath>

namespace ister::core {
namespace {

void sum_over_ranks(std::vector<double>& values, MPI_Comm comm) {
  MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_DOUBLE, MPI_SUM, comm);
}

}  // namespace

Shells::Shells(const Grid& grid) {
  for (int d = 0; d < grid.dimensions; ++d) m_dk = std::fmax(m_dk, 2.0 * M_PI / (grid.upper[d] - grid.lower[d]));
}

std::size_t Shells::of(const Vec3& k) const { return of(std::sqrt(dot(k, k))); }

std::size_t Shells::of(double k) const { return static_cast<std::size_t>(std::floor(k / m_dk * (1 + 1e-12) + 0.5)); }

ShellSpectrum shell_spectrum(Fft3d& fft, const std::vector<const double*>& components) {
  const Grid& grid = fft.grid();
  const Shells shells(grid);
  ShellSpectrum result;
  result.dk = shells.dk();
  double largest_squared = 0, volume = 1;
  for (int d = 0; d < grid.dimensions; ++d) {
    const double length = grid.upper[d] - grid.lower[d], largest = M_PI * grid.points[d] / length;
    largest_squared += largest * largest;
    volume *= length;
  }
  const std::size_t count = shells.of(std::sqrt(largest_squared)) + 1;
  for (std::size_t n = 0; n < count; ++n) result.k.push_back(static_cast<double>(n) * result.dk);
  result.energy.assign(count, 0.0);
  result.modes.assign(count, 0.0);

  fft.for_each_mode([&](const FourierMode& mode, std::int64_t) { result.modes[shells.of(mode.k)] += mode.weight; });
  std::vector<Fft3d::Complex> spectrum(static_cast<std::size_t>(fft.spectrum_size()));
  for (const double* component : components) {
    fft.forward(component, spectrum.data());
    fft.for_each_mode([&](const FourierMode& mode, std::int64_t position) {
      result.energy[shells.of(mode.k)] += 0.5 * mode.weight * std::norm(spectrum[position]);
    });
  }
  sum_over_ranks(result.modes, fft.comm());
  sum_over_ranks(result.energy, fft.comm());
  for (std::size_t n = 0; n < count; ++n) {
    result.structure_factor.push_back(result.modes[n] > 0 ? volume * 2.0 * result.energy[n] / result.modes[n] : 0.0);
  }
  return result;
}

}  // namespace ister::core
