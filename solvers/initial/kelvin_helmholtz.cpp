#include <cmath>

#include "solvers/initial/background.hpp"
#include "solvers/initial/waves.hpp"

namespace ister::solvers {
namespace {

using core::Option;

std::vector<Option> keys() {
  return core::joined({background_keys(),
                       {
                           amplitude_key("u^x of the layers"),
                           mode_key("of the seed, along x"),
                           Option("steepness", 1.5, "a in tanh(a sin(2 pi y/L))").above(0),
                           Option("perturbation", 0.0, "u^y of the seed"),
                       }});
}

// u^x = U tanh(a sin(2 pi y/Ly))/tanh(a), seeded by u^y = V sin(2 pi m x/Lx)
PointState state(const InitialContext& context) {
  context.require_dimensions(2);
  const core::OptionValues& o = context.options;
  const double energy = background_energy(context), steepness = o.number("steepness"), seed = o.number("perturbation");
  const double speed = o.number("amplitude") / std::tanh(steepness);
  const double kx = 2.0 * M_PI * o.integers("mode").front() / context.length(0), ky = 2.0 * M_PI / context.length(1);
  const Vec3 u0 = background_velocity(context);
  return [=](const Vec3& position) {
    PrimitivePoint point;
    point.energy_density = energy;
    point.u = u0 + Vec3{speed * std::tanh(steepness * std::sin(ky * position.y)), seed * std::sin(kx * position.x), 0};
    return point;
  };
}

}  // namespace

InitialType kelvin_helmholtz() { return {{"kelvin_helmholtz", keys()}, point_by_point(state)}; }

}  // namespace ister::solvers
