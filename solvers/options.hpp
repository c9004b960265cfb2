#pragma once
#include <array>
#include <optional>
#include <string>

#include "physics/options.hpp"
#include "physics/units.hpp"

namespace ister::solvers {

enum class Formulation { primitive, conservative };

struct TimeOptions {
  double start = 0.0;
  double end = 1.0;
  std::optional<double> step;  ///< exactly one of step, cfl and tolerance
  std::optional<double> cfl;
  std::optional<double> tolerance;
  std::string integrator = "rk4";
};

/// Low-pass filter, the product of one factor per direction, once per step on every evolved field.
struct FilterOptions {
  enum class Type { none, two_thirds, exponential } type = Type::exponential;
  double order = 36.0;
  double strength = 36.0;
};

/// Relaxation to the floor within `width` of the rim of the box, at rate * smoothstep.
struct SpongeOptions {
  double width = 0.0;           ///< fm; 0: off
  double rate = 5.0;            ///< 1/fm
  double energy_density = 0.0;  ///< 1/fm^4, what e relaxes to at the start time; 0: the initial minimum
};

/// 1/tau_pi -> 1/tau_pi + rate (rho/rho0)^4, rho = sqrt(pi:pi)/(e+p).
struct RegulatorOptions {
  double rho0 = 0.0;   ///< 0: off
  double rate = 10.0;  ///< 1/fm
};

struct FloorOptions {
  double energy_density = 0.0;  ///< 1/fm^4; 0: off. e below it is raised to it after each step
};

/// One oscillating force: f^axis = amplitude cos(k.(x - lower) - omega t + phase), k = 2 pi mode/L.
struct DriveTone {
  int axis = 0;  ///< x y z
  std::array<int, 3> mode{0, 0, 0};
  double omega = 0.0;      ///< 1/fm
  double amplitude = 0.0;  ///< 1/fm^5
  double phase = 0.0;      ///< rad
};

struct DriveOptions {
  std::vector<DriveTone> tones;
};

/// The observer of Fourier modes; off without wavevectors.
struct ModesOptions {
  std::vector<std::array<int, 3>> wavevectors;  ///< periods in the box along each direction
  std::vector<std::string> fields{"energy_density"};
  int every_steps = 1;
};

struct SolverOptions {
  physics::Geometry geometry = physics::Geometry::minkowski;
  Formulation formulation = Formulation::primitive;
  physics::EosOptions eos;
  physics::TransportOptions transport;
  TimeOptions time;
  FilterOptions filter;
  SpongeOptions sponge;
  RegulatorOptions regulator;
  FloorOptions floor;
  DriveOptions drive;
  /// Derivatives as whole fields (core::StoredSweep) also on a host: no key of a deck, the result is the same.
  bool stored_derivatives = false;
  double verdict_cut = physics::units::gev_per_fm3_to_natural(0.1);  ///< 1/fm^4; matter with e above it is judged
};

/// An initial state (`solvers/initial/`) with those of its keys that are not left at their defaults: lengths in fm,
/// energy densities in 1/fm^4.
struct InitialOptions {
  std::string type;
  core::OptionValues values;
};

}  // namespace ister::solvers
