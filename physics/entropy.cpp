#include "physics/entropy.hpp"

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"

namespace ister::physics {

double log_e_of_entropy(const FluidModel& fluid, double entropy_density) {
  const double wanted = std::log(entropy_density);
  double log_e = 4.0 / 3.0 * wanted;
  for (int i = 0; i < 200; ++i) {  // Newton's: T ds = de makes d ln s/d ln e = e/(e + p)
    const EosPoint point = fluid.eos(log_e);
    const double enthalpy_ratio = 1.0 + point.pressure_over_energy;
    const double missing = wanted - (log_e + std::log(enthalpy_ratio / point.temperature));
    const double step = std::clamp(missing * enthalpy_ratio, -3.0, 3.0);
    log_e += step;
    if (std::abs(step) <= 1e-14 * std::max(1.0, std::abs(log_e))) return log_e;
  }
  ISTER_REQUIRE(std::isfinite(log_e));
  return log_e;  // to rounding: the last steps no longer get smaller
}

}  // namespace ister::physics
