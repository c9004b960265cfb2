#pragma once
#include <cstddef>
#include <string>

#include "core/grid/decomposition.hpp"

namespace ister::solvers {

/// A point of a box, counted in (z, y, x) order: "point (3, 4) at (-0.5, 1.25)", in the whole grid.
[[nodiscard]] std::string place(const core::Grid& grid, const core::Box& box, std::size_t local);

}  // namespace ister::solvers
