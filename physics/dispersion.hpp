#pragma once
#include <complex>
#include <string>
#include <vector>

#include "physics/characteristics.hpp"

// Plane waves exp(-i omega t + i k x) about uniform matter without stresses, omega(k) branch by branch.
namespace ister::physics {

/// Waves run along x; matter moves with a velocity in the x-y plane, at an angle [rad] to x.
struct WaveBackground {
  PointEquations equations;
  double velocity = 0, angle = 0;

  [[nodiscard]] Vec3 u() const;
  /// Whether the waves have an axis of symmetry.
  [[nodiscard]] bool axial() const;
};

/// Unknowns that couple among themselves alone. With an axis of symmetry L holds those of helicity 0, T those odd under
/// y -> -y or z -> -z (every root twice); otherwise L and T are those even and odd under reflection at the plane of k
/// and the velocity.
struct WaveSector {
  char letter;
  std::vector<int> rows;  ///< of the matrices of characteristics.hpp
};
[[nodiscard]] std::vector<WaveSector> wave_sectors(const WaveBackground& background);

/// Frequencies [1/fm] and group velocities d omega/dk at each k.
struct WaveBranch {
  std::string name;  ///< L0, L1 ... T0 ...: by |omega| at the smallest k
  std::vector<std::complex<double>> omega, group;
};

struct Dispersion {
  std::vector<double> k;  ///< 1/fm
  std::vector<WaveBranch> branches;
};

/// The branches at positive wavenumbers in rising order, each followed with continuity. Where branches cross through
/// one point their names behind it are conventional.
[[nodiscard]] Dispersion dispersion(const WaveBackground& background, const std::vector<double>& k);

/// Speeds of fronts along k of one sector: the limits of omega/k at large k.
[[nodiscard]] std::vector<std::complex<double>> front_speeds(const WaveBackground& background,
                                                             const WaveSector& sector);

/// Where two branches of matter at rest meet and go on as others.
struct BranchPoint {
  char letter;                             ///< of the sector
  double k;                                ///< 1/fm
  int travelling_below, travelling_above;  ///< branches with Re omega != 0
};

/// All between two wavenumbers in which the number of travelling branches changes, to 1e-9 in k.
[[nodiscard]] std::vector<BranchPoint> branch_points(const PointEquations& equations, double k_min, double k_max);

/// Growing waves.
struct Instability {
  double rate = 0;       ///< largest Im omega [1/fm]; 0 where none grows
  double k_of_rate = 0;  ///< where it is that large
  double k_first = 0;    ///< the smallest k at which any grows
  std::string branch;    ///< of the largest
  [[nodiscard]] bool present() const { return rate > 0; }
};

[[nodiscard]] Instability instability(const WaveBackground& background, const Dispersion& dispersion);

}  // namespace ister::physics
