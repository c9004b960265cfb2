#include "drivers/analyze/surface_hadrons.hpp"

#include <cmath>
#include <map>

namespace ister::drivers {
namespace {

using core::surface::ElementTable;

/// Energy density, pressure and entropy density in powers of 1/fm.
struct Matter {
  double energy, pressure, entropy;
};

Matter hadrons_at(double temperature, const physics::HadronGas& gas) {
  const physics::ScaledPressure scaled = gas.at(temperature);
  const double t3 = std::pow(temperature, 3.0);
  return {scaled.energy() * temperature * t3, scaled.value * temperature * t3, (scaled.energy() + scaled.value) * t3};
}

/// What crosses an element.
struct Crossing {
  double volume, energy_of_flow, along_time;  ///< u.dsigma, u^0 u.dsigma, dsigma_0

  /// The columns begin with time, x, y, z, the normal and u; z components of u carry tau, normals do not.
  Crossing(const ElementTable& table, std::size_t row) {
    const auto value = [&](std::size_t c) { return table.values[c][row]; };
    const double tau = table.columns[0] == "tau" ? value(0) : 1.0, ux = value(8), uy = value(9), uz = value(10);
    const double u0 = std::sqrt(1.0 + ux * ux + uy * uy + uz * uz);
    along_time = tau * value(4);
    volume = u0 * along_time + tau * (ux * value(5) + uy * value(6)) + uz * value(7);
    energy_of_flow = u0 * volume;
  }

  [[nodiscard]] double energy(const Matter& m) const {
    return (m.energy + m.pressure) * energy_of_flow - m.pressure * along_time;
  }
};

}  // namespace

HadronMismatch hadron_mismatch(const ElementTable& table, const physics::HadronGas& gas) {
  std::map<double, Matter> known;  // one temperature, but for the corona
  Matter fluid{}, hadrons{};
  for (std::size_t row = 0; row < static_cast<std::size_t>(table.rows()); ++row) {
    const auto value = [&](const char* name) { return table.column(name)[row]; };
    const double temperature = value("temperature");
    auto found = known.find(temperature);
    if (found == known.end()) found = known.emplace(temperature, hadrons_at(temperature, gas)).first;
    const Crossing crossing(table, row);
    fluid.energy += crossing.energy({value("energy_density"), value("pressure"), 0.0});
    fluid.entropy += value("entropy_density") * crossing.volume;
    hadrons.energy += crossing.energy(found->second);
    hadrons.entropy += found->second.entropy * crossing.volume;
  }
  return {hadrons.energy / fluid.energy - 1.0, hadrons.entropy / fluid.entropy - 1.0};
}

}  // namespace ister::drivers
