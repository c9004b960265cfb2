#pragma once
#include <cstdint>

#include "core/spectral/line_transform.hpp"

namespace ister::core {

/// Discrete Fourier transforms of real lines of n points, X[k] = sum_j x[j] exp(-2 pi i j k / n), k = 0 .. n/2, and
/// back (without the 1/n). Real and imaginary parts alternate. On the host; thread-safe.
class RealDft {
 public:
  /// `planning`: FFTW_MEASURE for transforms made often, FFTW_ESTIMATE for single ones.
  RealDft(std::int64_t points, unsigned planning);

  [[nodiscard]] std::int64_t points() const { return m_points; }
  [[nodiscard]] std::int64_t modes() const { return m_points / 2 + 1; }
  /// 64-byte aligned arrays of points and 2 modes doubles; x is kept.
  void forward(const double* x, double* spectrum) const;
  /// The same; the spectrum is overwritten.
  void backward(double* spectrum, double* x) const;

 private:
  std::int64_t m_points;
  Plan m_forward, m_backward;
};

}  // namespace ister::core
