#pragma once
#include <variant>
#include <vector>

#include "physics/eos_table.hpp"
#include "physics/options.hpp"

namespace ister::physics {

/// A power law, which kernels evaluate as such, or a table of anything else.
using EquationOfState = std::variant<PowerLawEos, EosTable>;

/// An equation of state as decks name it: `eos.type` and its keys.
struct EosType : core::Choice {
  /// Of checked values of all its keys. Throws InputError where they make no fluid, FileError on a missing file.
  EquationOfState (*make)(const core::OptionValues& values);
};

/// All that there are.
const std::vector<EosType>& eos_types();

/// The configured one. Throws InputError on an unknown type or wrong values, and what its maker throws.
[[nodiscard]] EquationOfState make_eos(const EosOptions& options);

}  // namespace ister::physics
