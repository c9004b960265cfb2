#pragma once
#include <vector>

#include "solvers/initial/states.hpp"

namespace ister::drivers {

/// Every `initial.type`: those that read a file, and those of `solvers`.
const std::vector<solvers::InitialType>& initial_types();

}  // namespace ister::drivers
