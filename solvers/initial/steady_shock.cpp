#include "physics/steady_shock.hpp"

#include <cmath>
#include <memory>

#include "solvers/initial/background.hpp"
#include "solvers/initial/conformal_flow.hpp"
#include "solvers/initial/periodic_blend.hpp"

namespace ister::solvers {
namespace {

using core::Option;

std::vector<Option> keys() {
  return core::joined(
      {background_energy_keys(),
       {
           blend_radius_key(),
           Option("upstream_velocity", 0.68, "in the frame of the shock").above(0).at_most(0.999999),
           Option("frame_velocity", 0.0, "of the box in the frame of the shock").within(-0.999999, 0.999999),
       }});
}

// On both sides of the seam the profile passes over smoothly into that of the neighbouring period.
PointState state(const InitialContext& context) {
  context.require(physics::Geometry::minkowski);
  const core::OptionValues& o = context.options;
  const physics::ConformalFluid fluid = conformal_fluid(context);
  const double temperature = std::pow(background_energy(context) / fluid.energy_coefficient, 0.25);
  const double middle = context.middle(0), length = context.length(0), frame = o.number("frame_velocity");
  const double reach = 1.01 * length / std::sqrt(1.0 - frame * frame);
  const auto shock =
      std::make_shared<const physics::SteadyShock>(fluid, o.number("upstream_velocity"), temperature, reach);
  const PeriodicCoordinate coordinate(middle, length, o.number("blend_radius"));

  return [=](const Vec3& position) {
    const double x = position.x - middle;
    // The far side of the seam counts as a continuation to the right of the middle.
    const double right = x < 0 ? x + length : x;
    const double weight = coordinate.blend(middle + right);
    const auto here = shock->boosted(right, frame), next = shock->boosted(right - length, frame);
    const auto mix = [weight](double a, double b) { return a + weight * (b - a); };
    PrimitivePoint point;
    point.energy_density = std::exp(mix(std::log(here.energy_density), std::log(next.energy_density)));
    point.u.x = std::sinh(mix(std::atanh(here.velocity), std::atanh(next.velocity)));
    const double shear = mix(here.shear, next.shear);
    point.pi.xx = (1.0 + point.u.x * point.u.x) * shear;
    point.pi.yy = point.pi.zz = -0.5 * shear;
    return point;
  };
}

}  // namespace

InitialType steady_shock() { return {{"steady_shock", keys()}, point_by_point(state)}; }

}  // namespace ister::solvers
