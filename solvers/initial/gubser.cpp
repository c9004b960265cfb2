#include "physics/gubser.hpp"

#include <memory>

#include "solvers/initial/conformal_flow.hpp"
#include "solvers/initial/periodic_blend.hpp"

namespace ister::solvers {
namespace {

using core::Option;

std::vector<Option> keys() {
  return {
      Option("q", 1.0, "inverse size of the flow").in(core::Unit::inverse_length).above(0),
      Option("temperature_hat", 1.2, "tau T at rho = 0").above(0),
      blend_radius_key(),
  };
}

// The flow is a function of x, y and r^2; x, y and r^2/2 are replaced by periodic coordinates and their integrals.
PointState state(const InitialContext& context) {
  context.require(physics::Geometry::milne);
  context.require_dimensions(2);
  const core::OptionValues& o = context.options;
  const double blend_radius = o.number("blend_radius");
  const auto flow =
      std::make_shared<const physics::Gubser>(conformal_fluid(context), o.number("q"), o.number("temperature_hat"));
  const PeriodicCoordinate along_x(context.middle(0), context.length(0), blend_radius);
  const PeriodicCoordinate along_y(context.middle(1), context.length(1), blend_radius);
  return [=, tau = context.solver.time.start](const Vec3& position) {
    const PeriodicCoordinate::Value x = along_x(position.x), y = along_y(position.y);
    const physics::GubserPoint p = flow->at(tau, x.x, y.x, 2.0 * (x.half_square + y.half_square));
    // Far out second-order transport makes the transverse pressure negative; where the flow is turned round that
    // would grow, and the stress is let go there.
    const double keep = x.inside * y.inside;
    return PrimitivePoint{
        p.energy_density, {p.ux, p.uy, 0}, {keep * p.pixx, keep * p.pixy, 0, keep * p.piyy, 0, keep * p.pizz}, 0};
  };
}

}  // namespace

InitialType gubser() { return {{"gubser", keys()}, point_by_point(state)}; }

}  // namespace ister::solvers
