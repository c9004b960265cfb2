#include <cmath>

#include "solvers/initial/states.hpp"

namespace ister::solvers {
namespace {

using core::Option;
using core::Unit;

std::vector<Option> keys() {
  return {
      Option("energy_densities", std::vector<double>(), "left and right of the middle")
          .in(Unit::energy_density)
          .above(0)
          .entries(2, 2)
          .required(),
      Option("velocities", std::vector<double>{0, 0}, "v^x left and right").within(-0.999999, 0.999999).entries(2, 2),
      Option("thickness", 0.0, "of the smooth steps between them").in(Unit::length).above(0).required(),
  };
}

// Left and right state meet in the middle of the box and, the other way round, at its seam. The step is
// tanh(L/(2 pi thickness) sin(2 pi x/L)), periodic and analytic, close to tanh(x/thickness) in the middle.
PointState state(const InitialContext& context) {
  const core::OptionValues& o = context.options;
  const std::vector<double>&e = o.numbers("energy_densities"), &v = o.numbers("velocities");
  const double middle = context.middle(0), wavenumber = 2.0 * M_PI / context.length(0);
  const double steepness = 1.0 / (wavenumber * o.number("thickness"));
  const double left = std::log(e[0]), right = std::log(e[1]);
  const double left_rapidity = std::atanh(v[0]), right_rapidity = std::atanh(v[1]);
  return [=](const Vec3& position) {
    const double step = 0.5 * (1.0 + std::tanh(steepness * std::sin(wavenumber * (position.x - middle))));
    PrimitivePoint point;
    point.energy_density = std::exp(left + (right - left) * step);
    point.u.x = std::sinh(left_rapidity + (right_rapidity - left_rapidity) * step);
    return point;
  };
}

}  // namespace

InitialType shock_tube() { return {{"shock_tube", keys()}, point_by_point(state)}; }

}  // namespace ister::solvers
