#include "core/spectrum.hpp"

#include <cmath>

namespace ister::core {
namespace {

void sum_over_ranks(std::vector<double>& values, MPI_Comm comm) {
  MPI_Allreduce(MPI_IN_PLACE, values.data(), static_cast<int>(values.size()), MPI_DOUBLE, MPI_SUM, comm);
}

}  // namespace

ShellSpectrum shell_spectrum(Fft3d& fft, const std::vector<const double*>& components) {
  const Grid& grid = fft.grid();
  ShellSpectrum result;
  double largest_squared = 0, volume = 1;
  for (int d = 0; d < grid.dimensions; ++d) {
    const double length = grid.upper[d] - grid.lower[d], largest = M_PI * grid.points[d] / length;
    result.dk = std::fmax(result.dk, 2.0 * M_PI / length);
    largest_squared += largest * largest;
    volume *= length;
  }
  const auto shell_of = [&](double k) { return static_cast<std::size_t>(std::floor(k / result.dk + 0.5)); };
  const std::size_t shells = shell_of(std::sqrt(largest_squared) * (1 + 1e-12)) + 1;
  for (std::size_t n = 0; n < shells; ++n) result.k.push_back(static_cast<double>(n) * result.dk);
  result.energy.assign(shells, 0.0);
  result.modes.assign(shells, 0.0);

  fft.for_each_mode([&](const FourierMode& mode, std::int64_t) {
    result.modes[shell_of(std::sqrt(dot(mode.k, mode.k)))] += mode.weight;
  });
  std::vector<Fft3d::Complex> spectrum(static_cast<std::size_t>(fft.spectrum_size()));
  for (const double* component : components) {
    fft.forward(component, spectrum.data());
    fft.for_each_mode([&](const FourierMode& mode, std::int64_t position) {
      result.energy[shell_of(std::sqrt(dot(mode.k, mode.k)))] += 0.5 * mode.weight * std::norm(spectrum[position]);
    });
  }
  sum_over_ranks(result.modes, fft.comm());
  sum_over_ranks(result.energy, fft.comm());
  for (std::size_t n = 0; n < shells; ++n) {
    result.structure_factor.push_back(result.modes[n] > 0 ? volume * 2.0 * result.energy[n] / result.modes[n] : 0.0);
  }
  return result;
}

}  // namespace ister::core
