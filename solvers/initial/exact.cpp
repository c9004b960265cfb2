#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "core/base/error.hpp"
#include "physics/gubser.hpp"
#include "physics/steady_shock.hpp"
#include "solvers/initial/periodic_blend.hpp"
#include "solvers/initial/states.hpp"

namespace ister::solvers {
namespace {

/// The fluid of the exact solutions; throws InputError for any other.
physics::ConformalFluid conformal_fluid(const InitialContext& context) {
  const auto& eos = context.solver.eos;
  const auto& transport = context.solver.transport;
  const auto need = [&](bool holds, const char* what) {
    if (!holds) throw InputError(fmt::format("initial.type = \"{}\" needs {}", context.options.type, what));
  };
  need(eos.type == physics::EosType::conformal, "eos.type = \"conformal\"");
  need(transport.table.empty() && transport.eta_over_s.type == physics::ShearViscosityModel::Type::constant,
       "a constant transport.eta_over_s");
  need(!context.fluid.has_bulk(), "transport.zeta_over_s = 0");
  need(!transport.phi7, "transport.phi7 = false");
  return {std::exp(context.fluid.log_e_of_temperature(1.0)), transport.eta_over_s.value, transport.tau_pi_coefficient,
          transport.delta_pipi, transport.tau_pipi};
}

}  // namespace

// The flow is a function of x, y and r^2; x, y and r^2/2 are replaced by periodic coordinates and their integrals.
PointState gubser_flow(const InitialContext& context) {
  context.require(physics::Geometry::milne);
  if (context.grid.dimensions < 2) throw InputError("initial.type = \"gubser\" needs 2 or 3 dimensions");
  const InitialOptions& o = context.options;
  if (!(o.q > 0)) throw InputError("initial.q must be positive");
  if (!(o.temperature_hat > 0)) throw InputError("initial.temperature_hat must be positive");
  const auto flow = std::make_shared<const physics::Gubser>(conformal_fluid(context), o.q, o.temperature_hat);
  const PeriodicCoordinate along_x(context.middle(0), context.length(0), o.blend_radius);
  const PeriodicCoordinate along_y(context.middle(1), context.length(1), o.blend_radius);
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

// On both sides of the seam the profile passes over smoothly into that of the neighbouring period.
PointState steady_shock(const InitialContext& context) {
  context.require(physics::Geometry::minkowski);
  const InitialOptions& o = context.options;
  if (!(std::abs(o.frame_velocity) < 1)) throw InputError("initial.frame_velocity must lie between -1 and 1");
  const physics::ConformalFluid fluid = conformal_fluid(context);
  const double temperature = std::pow(context.background_energy() / fluid.energy_coefficient, 0.25);
  const double middle = context.middle(0), length = context.length(0), frame = o.frame_velocity;
  const double reach = 1.01 * length / std::sqrt(1.0 - frame * frame);
  const auto shock = std::make_shared<const physics::SteadyShock>(fluid, o.upstream_velocity, temperature, reach);
  const PeriodicCoordinate coordinate(middle, length, o.blend_radius);

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

}  // namespace ister::solvers
