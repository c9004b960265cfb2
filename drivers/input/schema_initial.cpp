#include "drivers/input/entry.hpp"

namespace ister::drivers {

std::vector<Entry> initial_keys() {
  const std::string type = "initial.type";
  const std::vector<std::string> uniform{"uniform"}, trento{"trento"}, gubser{"gubser"}, tube{"shock_tube"},
      shock{"steady_shock"}, layers{"kelvin_helmholtz"}, turbulence{"random_velocity"}, spot{"hot_spot"},
      with_background{"uniform",  "sound_wave",       "shear_wave",      "standing_wave",
                      "hot_spot", "kelvin_helmholtz", "random_velocity", "steady_shock"},
      with_velocity{"uniform",  "sound_wave",       "shear_wave",     "standing_wave",
                    "hot_spot", "kelvin_helmholtz", "random_velocity"},
      with_amplitude{"sound_wave", "shear_wave", "standing_wave", "hot_spot", "kelvin_helmholtz", "random_velocity"};
  return {
      Entry("initial.type", ISTER_MEMBER(initial.type), "a state file, an event or a named analytic state")
          .choices({"file", "trento", "uniform", "sound_wave", "shear_wave", "standing_wave", "hot_spot", "gubser",
                    "shock_tube", "steady_shock", "kelvin_helmholtz", "random_velocity"})
          .required(),
      Entry("initial.file", ISTER_MEMBER(initial.file), "state file, or event as text or HDF5 (by content)")
          .in(Unit::path)
          .required()
          .when(type, {"file", "trento"}),
      Entry("initial.event", ISTER_MEMBER(initial.event), "which dataset of an HDF5 file")
          .at_least(0)
          .when(type, trento),
      Entry("initial.grid_spacing", ISTER_MEMBER(initial.grid_spacing),
            "of the event: x_i = (i - (n-1)/2) grid_spacing")
          .in(Unit::length)
          .above(0)
          .required()
          .when(type, trento),
      Entry("initial.scale", ISTER_MEMBER(initial.scale), "e = scale * value")
          .in(Unit::gev_per_fm3)
          .above(0)
          .required()
          .when(type, trento),
      Entry("initial.floor", ISTER_MEMBER(initial.floor),
            "e -> sqrt(e^2 + (floor e_max)^2), which fills the vacuum; 0 where absent and initial.type = \"file\"")
          .within(0, 1)
          .when(type, {"trento", "file"}),
      Entry("initial.interpolation", ISTER_MEMBER(initial.interpolation), "clamped to >= 0, zero outside the event")
          .choices({"cubic"})
          .when(type, trento),
      Entry("initial.stress", ISTER_MEMBER(initial.stress), "what pi and Pi start from")
          .choices({"zero", "navier_stokes"})
          .when(type, trento),
      Entry("initial.eta_plateau", ISTER_MEMBER(initial.eta_plateau), "3-D: full width of the plateau in eta")
          .at_least(0)
          .when(type, trento),
      Entry("initial.eta_width", ISTER_MEMBER(initial.eta_width),
            "3-D: of the half-Gaussians beyond the plateau; 0: constant in eta")
          .at_least(0)
          .when(type, trento),
      Entry("initial.energy_density", ISTER_MEMBER(initial.energy_density),
            "of the state or its background; exactly one of energy_density and temperature")
          .in(Unit::energy_density)
          .at_least(0)
          .when(type, with_background),
      Entry("initial.temperature", ISTER_MEMBER(initial.temperature), "in place of energy_density")
          .in(Unit::temperature)
          .at_least(0)
          .when(type, with_background),
      Entry("initial.ux", ISTER_MEMBER(initial.ux), "four-velocity of the background").when(type, with_velocity),
      Entry("initial.uy", ISTER_MEMBER(initial.uy), "see ux").when(type, with_velocity),
      Entry("initial.uz", ISTER_MEMBER(initial.uz), "see ux; milne: tau u^eta").when(type, with_velocity),
      Entry("initial.pixx", ISTER_MEMBER(initial.pixx), "shear stress").in(Unit::energy_density).when(type, uniform),
      Entry("initial.pixy", ISTER_MEMBER(initial.pixy), "see pixx").in(Unit::energy_density).when(type, uniform),
      Entry("initial.pixz", ISTER_MEMBER(initial.pixz), "see pixx; milne: times tau per eta index")
          .in(Unit::energy_density)
          .when(type, uniform),
      Entry("initial.piyy", ISTER_MEMBER(initial.piyy), "see pixx").in(Unit::energy_density).when(type, uniform),
      Entry("initial.piyz", ISTER_MEMBER(initial.piyz), "see pixz").in(Unit::energy_density).when(type, uniform),
      Entry("initial.pizz", ISTER_MEMBER(initial.pizz), "see pixz; absent: from tracelessness")
          .in(Unit::energy_density)
          .when(type, uniform),
      Entry("initial.bulk_pressure", ISTER_MEMBER(initial.bulk_pressure), "Pi")
          .in(Unit::energy_density)
          .when(type, uniform),
      Entry(
          "initial.amplitude", ISTER_MEMBER(initial.amplitude),
          "de/e (sound_wave, standing_wave, hot_spot), |du| (shear_wave), u^x of the layers (kelvin_helmholtz), rms of "
          "u (random_velocity)")
          .required()
          .when(type, with_amplitude),
      Entry("initial.mode", ISTER_MEMBER(initial.mode),
            "whole periods along x, y, z; kelvin_helmholtz: of the seed, along x")
          .within(-32768, 32768)
          .entries(1, 3)
          .when(type, {"sound_wave", "shear_wave", "standing_wave", "kelvin_helmholtz"}),
      Entry("initial.direction", ISTER_MEMBER(initial.direction),
            "polarisation; absent: the axis most orthogonal to the wave")
          .entries(3, 3)
          .when(type, {"shear_wave"}),
      Entry("initial.flow_amplitude", ISTER_MEMBER(initial.flow_amplitude), "u^x sin, u^y cos, u^z cos")
          .entries(3, 3)
          .when(type, {"standing_wave"}),
      Entry("initial.center", ISTER_MEMBER(initial.center), "one number per resolved direction; absent: the middle")
          .in(Unit::length)
          .entries(1, 3)
          .when(type, spot),
      Entry("initial.width", ISTER_MEMBER(initial.width), "of the Gaussian, one number per resolved direction")
          .in(Unit::length)
          .above(0)
          .entries(1, 3)
          .required()
          .when(type, spot),
      Entry("initial.steepness", ISTER_MEMBER(initial.steepness), "a in tanh(a sin(2 pi y/L))")
          .above(0)
          .when(type, layers),
      Entry("initial.perturbation", ISTER_MEMBER(initial.perturbation), "u^y of the seed").when(type, layers),
      Entry("initial.seed", ISTER_MEMBER(initial.seed), "of the random phases").at_least(0).when(type, turbulence),
      Entry("initial.k_min", ISTER_MEMBER(initial.k_min), "wavenumbers that are excited")
          .in(Unit::inverse_length)
          .at_least(0)
          .required()
          .when(type, turbulence),
      Entry("initial.k_max", ISTER_MEMBER(initial.k_max), "above k_min")
          .in(Unit::inverse_length)
          .above(0)
          .required()
          .when(type, turbulence),
      Entry("initial.q", ISTER_MEMBER(initial.q), "inverse size of the flow")
          .in(Unit::inverse_length)
          .above(0)
          .when(type, gubser),
      Entry("initial.temperature_hat", ISTER_MEMBER(initial.temperature_hat), "tau T at rho = 0")
          .above(0)
          .when(type, gubser),
      Entry("initial.blend_radius", ISTER_MEMBER(initial.blend_radius),
            "from the middle of the box: exact within, closed periodically beyond")
          .in(Unit::length)
          .above(0)
          .when(type, {"gubser", "steady_shock"}),
      Entry("initial.upstream_velocity", ISTER_MEMBER(initial.upstream_velocity), "in the frame of the shock")
          .above(0)
          .at_most(0.999999)
          .when(type, shock),
      Entry("initial.frame_velocity", ISTER_MEMBER(initial.frame_velocity), "of the box in the frame of the shock")
          .within(-0.999999, 0.999999)
          .when(type, shock),
      Entry("initial.energy_densities", ISTER_MEMBER(initial.energy_densities), "left and right of the middle")
          .in(Unit::energy_density)
          .above(0)
          .entries(2, 2)
          .required()
          .when(type, tube),
      Entry("initial.velocities", ISTER_MEMBER(initial.velocities), "v^x left and right")
          .within(-0.999999, 0.999999)
          .entries(2, 2)
          .when(type, tube),
      Entry("initial.thickness", ISTER_MEMBER(initial.thickness), "of the smooth steps between them")
          .in(Unit::length)
          .above(0)
          .required()
          .when(type, tube),
  };
}

}  // namespace ister::drivers
