#include "physics/delta_f.hpp"

#include <cmath>

namespace ister::physics {

DeltaF ViscousCorrection::at(double temperature, double enthalpy, double bulk_pressure) {
  DeltaF result;
  if (m_shear == ShearCorrection::fourteen_moments) result.stress = 0.5 / (enthalpy * temperature * temperature);
  const bool bulk = m_bulk == BulkCorrection::chapman_enskog && bulk_pressure != 0.0;
  if (m_shear != ShearCorrection::chapman_enskog && !bulk) return result;
  auto found = m_known.find(temperature);
  if (found == m_known.end()) found = m_known.emplace(temperature, m_gas.stiffness(temperature)).first;
  const HadronGas::Stiffness& gas = found->second;
  if (m_shear == ShearCorrection::chapman_enskog) result.stress_over_energy = 0.5 / (gas.shear * temperature);
  if (bulk) {
    const double strain = bulk_pressure / (gas.bulk * temperature);
    result.energy = strain * (1.0 / 3.0 - gas.sound_speed_squared);
    result.inverse_energy = -strain / 3.0;
  }
  return result;
}

double ViscousCorrection::share_of_enthalpy(double temperature, double enthalpy) const {
  const ScaledPressure gas = m_gas.at(temperature);
  return (gas.energy() + gas.value) * std::pow(temperature, 4.0) / enthalpy;
}

double ViscousCorrection::share_of_shear(double temperature, double enthalpy) const {
  if (m_shear != ShearCorrection::fourteen_moments) return 1.0;
  return m_gas.fourteen_moments(temperature) / (enthalpy * temperature * temperature);
}

}  // namespace ister::physics
