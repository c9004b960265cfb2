#pragma once
#include "core/surface/element_table.hpp"
#include "physics/hadron_gas.hpp"

namespace ister::drivers {

/// Shares of the fluid's.
struct HadronMismatch {
  double energy, entropy;
};

/// By how much hadrons in equilibrium at the temperature of the elements carry more energy (T^{0m} without stresses)
/// and entropy through a surface than the fluid. 0: particles that are made of all these hadrons lose nothing.
[[nodiscard]] HadronMismatch hadron_mismatch(const core::surface::ElementTable& table, const physics::HadronGas& gas);

}  // namespace ister::drivers
