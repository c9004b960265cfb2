#pragma once
#include <string>

#include "physics/dispersion.hpp"

// What `ister modes` says of waves.
namespace ister::drivers {

/// A background with its waves.
struct ModesResult {
  double energy_density;  ///< 1/fm^4
  physics::WaveBackground background;
  physics::Dispersion waves;
};

/// The fluid, its fronts, where branches meet, a table of frequencies and the verdict.
[[nodiscard]] std::string describe(const ModesResult& result);

/// Comment lines, the names of the columns, and a row for each k: k, for each branch Re and Im of omega, then for each
/// branch the group velocity Re d omega/dk; 17 digits.
[[nodiscard]] std::string csv_of(const ModesResult& result);

}  // namespace ister::drivers
