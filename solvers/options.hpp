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
  double expansion_fraction = 0.1;   ///< with cfl a step is at most this share of tau in Milne space
  double relaxation_fraction = 0.5;  ///< and of the shortest relaxation time, where the integrator is explicit in it
  double stop_temperature = 0.0;     ///< GeV; > 0: the end is where nothing is hotter
  std::string integrator = "rk4";
};

/// Low-pass filter after each step on every evolved field, the product of one factor per direction, as damping per unit
/// time: exp(-rate dt/dx (|k_i|/k_N,i)^order), k_N,i = pi/dx_i, dx the finest spacing. Steps of half the length then
/// damp as much in the same time.
struct FilterOptions {
  enum class Type { none, two_thirds, exponential } type = Type::exponential;
  double order = 36.0;
  double rate = 90.0;
};

/// What keeps under-resolved flow from breaking down (see Stabilizer).
struct StabilizerOptions {
  double threshold = 0.0;  ///< of the sub-grid content, above which diffusion sets in; 0: none
  int every = 2;           ///< steps
  double cap = 0.0;        ///< of the load of the stresses on the inertia; 0: none
  double max_flow = 0.0;   ///< of |u| at read-in (see InitialSource::rough); 0: the data are taken as they are

  [[nodiscard]] bool active() const { return threshold > 0.0 || cap > 0.0; }
};

/// Relaxation to the floor within `width` of the rim of the box, at rate * smoothstep.
struct SpongeOptions {
  double width = 0.0;           ///< fm; 0: off
  double rate = 5.0;            ///< 1/fm
  double energy_density = 0.0;  ///< 1/fm^4, what e relaxes to at the start time; 0: the initial minimum
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
  StabilizerOptions stabilizer;
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
