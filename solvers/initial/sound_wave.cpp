#include <cmath>

#include "solvers/initial/background.hpp"
#include "solvers/initial/waves.hpp"

namespace ister::solvers {
namespace {

PointState state(const InitialContext& context) {
  context.require(physics::Geometry::minkowski);
  const double log_e = std::log(background_energy(context));
  const physics::LinearFluid fluid = linear_fluid(context.fluid, log_e);
  const physics::LinearMode mode = sound_mode(fluid, background_velocity(context), wavevector(context));
  const double energy_fraction = context.fluid.at(log_e).energy_fraction;
  return travelling_wave(context, mode, context.options.number("amplitude") * energy_fraction / mode.energy);
}

}  // namespace

InitialType sound_wave() {
  return {{"sound_wave", core::joined({background_keys(), {amplitude_key("de/e"), mode_key()}})},
          point_by_point(state)};
}

}  // namespace ister::solvers
