#include <cmath>

#include "solvers/initial/background.hpp"
#include "solvers/initial/waves.hpp"

namespace ister::solvers {
namespace {

/// The axis most orthogonal to k, the first of equals.
Vec3 orthogonal_axis(const Vec3& k) {
  const double x = std::abs(k.x), y = std::abs(k.y), z = std::abs(k.z);
  if (y <= x && y <= z) return {0, 1, 0};
  return z <= x ? Vec3{0, 0, 1} : Vec3{1, 0, 0};
}

core::Option direction_key() {
  return core::Option("direction", std::vector<double>(), "polarisation; absent: the axis most orthogonal to the wave")
      .entries(3, 3);
}

PointState state(const InitialContext& context) {
  context.require(physics::Geometry::minkowski);
  const std::vector<double>& direction = context.options.numbers("direction");
  const Vec3 k = wavevector(context);
  const Vec3 polarisation = direction.empty() ? orthogonal_axis(k) : vector_of(direction);
  const physics::LinearFluid fluid = linear_fluid(context.fluid, std::log(background_energy(context)));
  return travelling_wave(context, shear_mode(fluid, background_velocity(context), k, polarisation),
                         context.options.number("amplitude"));
}

}  // namespace

InitialType shear_wave() {
  return {{"shear_wave", core::joined({background_keys(), {amplitude_key("|du|"), mode_key(), direction_key()}})},
          point_by_point(state)};
}

}  // namespace ister::solvers
