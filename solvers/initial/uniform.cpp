#include "solvers/initial/background.hpp"
#include "solvers/initial/states.hpp"

namespace ister::solvers {
namespace {

using core::Option;
using core::Unit;

std::vector<Option> keys() {
  const auto stress = [](const char* name, const char* doc) { return Option(name, 0.0, doc).in(Unit::energy_density); };
  return core::joined(
      {background_keys(),
       {
           stress("pixx", "shear stress"),
           stress("pixy", "see pixx"),
           stress("pixz", "see pixx; milne: times tau per eta index"),
           stress("piyy", "see pixx"),
           stress("piyz", "see pixz"),
           Option("pizz", std::optional<double>(), "see pixz; absent: from tracelessness").in(Unit::energy_density),
           stress("bulk_pressure", "Pi"),
       }});
}

PointState state(const InitialContext& context) {
  const core::OptionValues& o = context.options;
  PrimitivePoint point{background_energy(context), background_velocity(context), {}, o.number("bulk_pressure")};
  point.pi = {o.number("pixx"), o.number("pixy"), o.number("pixz"), o.number("piyy"), o.number("piyz"), 0.0};
  point.pi.zz = o.number_if_given("pizz").value_or(traceless_zz(point.u, point.pi));
  return [point](const Vec3&) { return point; };
}

}  // namespace

InitialType uniform() { return {{"uniform", keys()}, point_by_point(state)}; }

}  // namespace ister::solvers
