#pragma once
#include "physics/eos_table.hpp"
#include "physics/hadron_gas.hpp"

namespace ister::physics {

/// Hadrons below, the fit of HotQCD above.
namespace hotqcd_hrg {

inline constexpr double gas_from_mev = 40.0;  ///< continued below

/// From here on the fit holds, or a little above: where two cells of the table meet, less than 2 MeV away. The gas of
/// the shipped list has 6 % less pressure than the fit at 155 MeV, and to catch up it has to be soft: c_s^2 >= 0.136
/// with this, but 0.121 where the fit is met at 200 MeV, which the default bulk law makes acausal (it needs 0.130).
inline constexpr double fit_from_mev = 220.0;

}  // namespace hotqcd_hrg

/// The gas up to a temperature `gas_below` [GeV], from there to the fit the polynomial of degree 7 in ln T that
/// continues p/T^4 three times differentiably on both sides, above the fit. Throws InputError where such matter is no
/// fluid, because the pressures are too different.
[[nodiscard]] EosTable tabulate_hotqcd_hrg(const HadronGas& gas, double gas_below);

}  // namespace ister::physics
