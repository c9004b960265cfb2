#include <cmath>

#include "solvers/initial/background.hpp"
#include "solvers/initial/waves.hpp"

namespace ister::solvers {
namespace {

core::Option flow_amplitude_key() {
  return core::Option("flow_amplitude", std::vector<double>{0, 0, 0}, "u^x sin, u^y cos, u^z cos").entries(3, 3);
}

PointState state(const InitialContext& context) {
  const double energy = background_energy(context), amplitude = context.options.number("amplitude");
  const Vec3 k = wavevector(context), u0 = background_velocity(context);
  const Vec3 flow = vector_of(context.options.numbers("flow_amplitude"));
  return [=](const Vec3& position) {
    const double cosine = std::cos(dot(k, position)), sine = std::sin(dot(k, position));
    PrimitivePoint point;
    point.energy_density = energy * (1.0 + amplitude * cosine);
    point.u = u0 + Vec3{flow.x * sine, flow.y * cosine, flow.z * cosine};
    return point;
  };
}

}  // namespace

InitialType standing_wave() {
  return {
      {"standing_wave", core::joined({background_keys(), {amplitude_key("de/e"), mode_key(), flow_amplitude_key()}})},
      point_by_point(state)};
}

}  // namespace ister::solvers
