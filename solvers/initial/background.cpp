#include "solvers/initial/background.hpp"

#include <cmath>

namespace ister::solvers {

using core::Option;
using core::Unit;

std::vector<Option> background_energy_keys() {
  return {
      Option("energy_density", 0.0, "of the state or its background; exactly one of energy_density and temperature")
          .in(Unit::energy_density)
          .at_least(0),
      Option("temperature", 0.0, "in place of energy_density")
          .in(Unit::temperature)
          .at_least(0)
          .in_place_of("energy_density"),
  };
}

std::vector<Option> background_velocity_keys() {
  return {
      Option("ux", 0.0, "four-velocity of the background"),
      Option("uy", 0.0, "see ux"),
      Option("uz", 0.0, "see ux; milne: tau u^eta"),
  };
}

std::vector<Option> background_keys() { return core::joined({background_energy_keys(), background_velocity_keys()}); }

double background_energy(const InitialContext& context) {
  const double energy_density = context.options.number("energy_density");
  if (energy_density > 0) return energy_density;
  return std::exp(context.fluid.log_e_of_temperature(context.options.number("temperature")));
}

Vec3 background_velocity(const InitialContext& context) {
  const core::OptionValues& o = context.options;
  return {o.number("ux"), o.number("uy"), o.number("uz")};
}

Option amplitude_key(std::string meaning) { return Option("amplitude", 0.0, std::move(meaning)).required(); }

}  // namespace ister::solvers
