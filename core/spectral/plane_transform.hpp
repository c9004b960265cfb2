#pragma once
#include <complex>
#include <cstdint>
#include <vector>

#include "core/parallel/execution.hpp"
#include "core/spectral/line_transform.hpp"

namespace ister::core {

/// Real Fourier transform of one plane of ny x nx points, rows along x, by one rank alone. What it computes depends on
/// the numbers alone, bit for bit: its plans are estimated, by one thread and without what FFTW has learnt before.
class PlaneTransform {
 public:
  using Complex = std::complex<double>;

  PlaneTransform(int nx, int ny);

  /// Coefficients of a row: wavenumbers 0 to nx/2 along x. There are ny rows, in FFTW's order of wavenumbers along y.
  [[nodiscard]] int row_modes() const { return m_nx / 2 + 1; }
  [[nodiscard]] std::int64_t modes() const { return std::int64_t{m_ny} * row_modes(); }

  /// sum f exp(-i k.x), unnormalised; nx ny values to modes() coefficients.
  [[nodiscard]] std::vector<Complex> forward(const std::vector<double>& values);
  /// sum f_k exp(i k.x), so that backward(forward(f)) = nx ny f. Coefficients on the columns 0 and, of an even nx, nx/2
  /// must obey f_-k = conj(f_k).
  [[nodiscard]] std::vector<double> backward(const std::vector<Complex>& coefficients);

 private:
  int m_nx, m_ny;
  HostArray m_values, m_coefficients;
  Plan m_forward, m_backward;
};

}  // namespace ister::core
