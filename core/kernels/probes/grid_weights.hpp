#pragma once
#include <cstdint>
#include <vector>

#include "core/grid/grid.hpp"

namespace ister::core {

enum class GridInterpolation {
  spectral,  ///< the trigonometric polynomial through all points: exact for resolved periodic fields
  cubic,     ///< Lagrange's polynomial through four points in each direction, of fourth order: for fields with fronts
};

/// A point of one direction of a grid, and the weight of the value there.
struct GridWeight {
  std::int64_t index;
  double value;
};

/// The weights in f(x) = sum_i w_i(x) f_i along one direction of a periodic grid; as many for every position, and a
/// single 1 for a direction that is not resolved. Positions beyond the box are taken by its period. InputError for one
/// that is not finite.
std::vector<GridWeight> grid_weights(const Grid& grid, int direction, double position, GridInterpolation interpolation);

}  // namespace ister::core
