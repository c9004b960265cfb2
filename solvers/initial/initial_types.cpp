#include "solvers/initial/states.hpp"

namespace ister::solvers {

// Each is defined in the file of its name.
InitialType uniform();
InitialType sound_wave();
InitialType shear_wave();
InitialType standing_wave();
InitialType hot_spot();
InitialType kelvin_helmholtz();
InitialType random_velocity();
InitialType gubser();
InitialType steady_shock();
InitialType shock_tube();

const std::vector<InitialType>& initial_types() {
  static const std::vector<InitialType> types{
      uniform(),          sound_wave(),      shear_wave(), standing_wave(), hot_spot(),
      kelvin_helmholtz(), random_velocity(), gubser(),     steady_shock(),  shock_tube(),
  };
  return types;
}

}  // namespace ister::solvers
