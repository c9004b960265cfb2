#pragma once
#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "core/grid/decomposition.hpp"

/// Which points of a periodic grid go from whom to whom, so that every rank sees more than its own block. Pure data.
namespace ister::core {

/// The box of indices that a rank wants to see, given the one that it owns. Indices beyond the grid stand for its
/// periodic images; along unresolved directions there is one index.
using WantedBox = std::function<Box(const Box& owned)>;

/// Boxes with `width` layers around them in every resolved direction: what stencils of that reach need. The width may
/// exceed the layers of a rank, and those of the grid.
WantedBox surrounded(const Grid& grid, int width);

/// What a rank wants in the end: an owner of nothing wants nothing.
Box wanted_box(const WantedBox& wanted, const Box& owned);

/// A box of points that one rank owns and one wants, counted from the first point of either's box, x first.
struct Overlap {
  std::array<std::int64_t, 3> in_owned, in_wanted, count;
  [[nodiscard]] std::int64_t points() const { return count[0] * count[1] * count[2]; }
};

/// All points of a wanted box of which an owned one has the value, each once; several boxes where the wanted one holds
/// several images of the owned one. Both ends of a message know its content by calling this.
std::vector<Overlap> overlaps(const Grid& grid, const Box& owned, const Box& wanted);

}  // namespace ister::core
