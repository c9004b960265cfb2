#pragma once
#include <map>
#include <vector>

#include "physics/hadron_gas.hpp"

namespace ister::physics {

/// What viscous stresses add to the distribution in equilibrium f = 1/(exp(E/T) + s), with E = -p.u and s as in Hadron:
///     delta f = f (1 - s f) ((stress + stress_over_energy/E) pi^{mn} p_m p_n + energy E + inverse_energy m^2/E).
struct DeltaF {
  double stress = 0.0, stress_over_energy = 0.0, energy = 0.0, inverse_energy = 0.0;

  [[nodiscard]] bool needs_inverse_energy() const { return stress_over_energy != 0.0 || inverse_energy != 0.0; }
  [[nodiscard]] bool any() const { return needs_inverse_energy() || stress != 0.0 || energy != 0.0; }
};

/// What shear stress does to f. `fourteen_moments`: pi.p.p/(2 (e + p) T^2), the custom of the field, which hadrons of
/// Boltzmann's statistics carry exactly. `chapman_enskog`, to first order in one relaxation time for all hadrons:
/// pi.p.p/(2 beta_pi E T), which all hadrons of the fluid carry exactly.
enum class ShearCorrection { none, fourteen_moments, chapman_enskog };

/// What bulk pressure does to f. `chapman_enskog`: (Pi/beta_Pi) ((1/3 - c_s^2) E - m^2/(3 E))/T. Summed over all
/// hadrons of the fluid it adds no energy density (Landau's matching), and Pi to the pressure.
enum class BulkCorrection { none, chapman_enskog };

/// The coefficients in a fluid that consists of hadrons, whatever hadrons are asked for (A. Jaiswal, R. Ryblewski and
/// M. Strickland, Phys. Rev. C 90 (2014) 044908, without chemical potentials).
class ViscousCorrection {
 public:
  /// `medium`: the hadrons of the equation of state.
  ViscousCorrection(ShearCorrection shear, BulkCorrection bulk, const std::vector<Hadron>& medium)
      : m_shear(shear), m_bulk(bulk), m_gas(medium) {}

  /// At a temperature, enthalpy density and bulk pressure of the fluid [powers of 1/fm]. Remembers temperatures.
  [[nodiscard]] DeltaF at(double temperature, double enthalpy, double bulk_pressure);

  /// What the hadrons of the medium have of the enthalpy of the fluid, and of its shear stress with this correction: 1
  /// with Chapman and Enskog, and with nothing.
  [[nodiscard]] double share_of_enthalpy(double temperature, double enthalpy) const;
  [[nodiscard]] double share_of_shear(double temperature, double enthalpy) const;

 private:
  ShearCorrection m_shear;
  BulkCorrection m_bulk;
  HadronGas m_gas;
  std::map<double, HadronGas::Stiffness> m_known;  // one temperature, but for elements of a corona
};

}  // namespace ister::physics
