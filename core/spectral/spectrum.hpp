#pragma once
#include <vector>

#include "core/spectral/fft3d.hpp"

namespace ister::core {

/// Wavevectors of a grid in shells n: (n - 1/2) dk <= |k| < (n + 1/2) dk.
class Shells {
 public:
  explicit Shells(const Grid& grid);

  /// 2 pi/length of the shortest direction, so that no shell below is empty.
  [[nodiscard]] double dk() const { return m_dk; }
  /// The shell of k, or of all k of that length. In boxes of commensurable sides wavevectors stand exactly on edges;
  /// rounding must not decide where they belong, so a millionth of a millionth below an edge counts as on it.
  [[nodiscard]] std::size_t of(const Vec3& k) const;
  [[nodiscard]] std::size_t of(double k) const;

 private:
  double m_dk = 0;
};

/// A field in shells, with f_k = (1/N) sum f exp(-i k.x).
struct ShellSpectrum {
  double dk = 0;
  std::vector<double> k;                 ///< n dk
  std::vector<double> energy;            ///< E(k) = sum |f_k|^2/2; over all shells <f^2>/2 (Parseval)
  std::vector<double> modes;             ///< how many wavevectors the shell holds
  std::vector<double> structure_factor;  ///< S(k) = V <|f_k|^2>, V the volume of the box; 0 in empty shells
};

/// Spectrum of the field with the given components (sums over components; one for a scalar), each this rank's
/// (z, y, x) block. Collective; the same result on every rank.
ShellSpectrum shell_spectrum(Fft3d& fft, const std::vector<const double*>& components);

}  // namespace ister::core
