#include <cmath>

#include "solvers/initial/background.hpp"
#include "solvers/initial/states.hpp"

namespace ister::solvers {
namespace {

using core::Option;
using core::Unit;

std::vector<Option> keys() {
  const std::vector<double> none;
  return core::joined({background_keys(),
                       {
                           amplitude_key("de/e"),
                           Option("center", none, "one number per resolved direction; absent: the middle")
                               .in(Unit::length)
                               .per_direction(),
                           Option("width", none, "of the Gaussian, one number per resolved direction")
                               .in(Unit::length)
                               .above(0)
                               .per_direction()
                               .required(),
                       }});
}

// e = e0 (1 + A G), G a product of periodic Gaussians exp(-(L sin(pi (x - x0)/L)/width)^2 / (2 pi^2))
PointState state(const InitialContext& context) {
  const int dimensions = context.grid().dimensions;
  const double energy = background_energy(context), amplitude = context.options.number("amplitude");
  const Vec3 u0 = background_velocity(context);
  const std::vector<double> width = context.options.numbers("width");
  std::vector<double> center = context.options.numbers("center"), length;
  for (int d = 0; d < dimensions; ++d) length.push_back(context.length(d));
  for (int d = static_cast<int>(center.size()); d < dimensions; ++d) center.push_back(context.middle(d));
  return [=](const Vec3& position) {
    const double x[] = {position.x, position.y, position.z};
    double exponent = 0;
    for (int d = 0; d < dimensions; ++d) {
      const double distance = length[d] / M_PI * std::sin(M_PI * (x[d] - center[d]) / length[d]) / width[d];
      exponent -= 0.5 * distance * distance;
    }
    PrimitivePoint point;
    point.energy_density = energy * (1.0 + amplitude * std::exp(exponent));
    point.u = u0;
    return point;
  };
}

}  // namespace

InitialType hot_spot() { return {{"hot_spot", keys()}, point_by_point(state)}; }

}  // namespace ister::solvers
