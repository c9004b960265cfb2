#pragma once
#include <cstdint>
#include <vector>

#include "core/grid/decomposition.hpp"

namespace ister::io {

/// Values of a box that are neighbours both in the box and in a file of the whole grid, each in (z, y, x) order: so
/// many, which begin at those numbers.
struct Run {
  std::int64_t in_box, in_file, count;
};

/// A box of a grid as such runs, in order, as long and few as can be: one for whole layers of the slowest direction.
std::vector<Run> runs_of(const core::Grid& grid, const core::Box& box);

}  // namespace ister::io
