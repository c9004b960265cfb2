#pragma once

/// Natural units: hbar = c = k_B = 1, lengths in fm, everything else in powers of 1/fm.
namespace ister::physics::units {

inline constexpr double hbar_c_gev_fm = 0.1973269804;

constexpr double gev_to_inverse_fm(double energy_gev) { return energy_gev / hbar_c_gev_fm; }
constexpr double mev_to_inverse_fm(double energy_mev) { return 1e-3 * energy_mev / hbar_c_gev_fm; }
constexpr double inverse_fm_to_gev(double energy) { return energy * hbar_c_gev_fm; }
constexpr double inverse_fm_to_mev(double energy) { return 1e3 * energy * hbar_c_gev_fm; }

/// Energy densities and pressures: GeV/fm^3 <-> 1/fm^4.
constexpr double gev_per_fm3_to_natural(double density) { return density / hbar_c_gev_fm; }
constexpr double natural_to_gev_per_fm3(double density) { return density * hbar_c_gev_fm; }

}  // namespace ister::physics::units
