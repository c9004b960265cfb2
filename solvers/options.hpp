#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

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

/// Parameters of every initial state; which are used depends on `type`. Lengths in fm, energies in 1/fm^4.
struct InitialOptions {
  std::string type;
  std::string file;  ///< file, trento
  // trento
  int event = 0;              ///< which dataset of an HDF5 file
  double grid_spacing = 0.0;  ///< fm
  double scale = 0.0;         ///< e = scale * value in GeV/fm^3
  double floor = 1e-4;        ///< e -> sqrt(e^2 + (floor e_max)^2)
  std::string interpolation = "cubic";
  std::string stress = "zero";  ///< "zero" | "navier_stokes"
  double eta_plateau = 0.0;     ///< 3-D: full width of the plateau in eta
  double eta_width = 0.0;       ///< 3-D: half-Gaussians of this width beyond the plateau; 0: constant in eta
  // uniform; energy density or temperature and velocity are also the background of the states that follow
  double energy_density = 0.0;
  double temperature = 0.0;  ///< 1/fm, instead of energy_density
  double ux = 0, uy = 0, uz = 0;
  double pixx = 0, pixy = 0, pixz = 0, piyy = 0, piyz = 0;
  std::optional<double> pizz;  ///< absent: from tracelessness
  double bulk_pressure = 0;
  // sound_wave, shear_wave, standing_wave, hot_spot, kelvin_helmholtz, random_velocity
  double amplitude = 0.0;          ///< de/e (sound_wave, standing_wave, hot_spot), |du| (shear_wave), u^x of the
                                   ///< layers (kelvin_helmholtz), rms of u (random_velocity)
  std::vector<int> mode{1, 0, 0};  ///< waves: whole periods along x, y, z; kelvin_helmholtz: its first entry
  std::vector<double> direction;   ///< shear_wave: polarisation; absent: the axis most orthogonal to the wave
  std::vector<double> flow_amplitude{0, 0, 0};  ///< standing_wave: u^x sin, u^y cos, u^z cos
  std::vector<double> center;                   ///< hot_spot: absent: the middle of the box
  std::vector<double> width;                    ///< hot_spot: per resolved direction
  double steepness = 1.5;                       ///< kelvin_helmholtz: a in tanh(a sin(2 pi y/L))
  double perturbation = 0.0;                    ///< kelvin_helmholtz: u^y of the seed
  int seed = 1;                                 ///< random_velocity
  double k_min = 0.0, k_max = 0.0;              ///< random_velocity: the band, 1/fm
  // gubser; steady_shock
  double q = 1.0;                   ///< gubser: 1/fm
  double temperature_hat = 1.2;     ///< gubser
  double blend_radius = 8.0;        ///< fm from the middle of the box: exact within, closed periodically beyond
  double upstream_velocity = 0.68;  ///< steady_shock: in the frame of the shock
  double frame_velocity = 0.0;      ///< steady_shock: of the box in the frame of the shock
  // shock_tube
  std::vector<double> energy_densities;  ///< left and right of the middle of the box
  std::vector<double> velocities{0, 0};  ///< v^x left, right
  double thickness = 0.0;                ///< fm
};

}  // namespace ister::solvers
