#pragma once
#include <array>
#include <cstdint>
#include <vector>

namespace ister::core::surface {

/// A node of a cut cube: the point where the surface meets the edge from corner `low` to corner `high`, or that corner
/// where both are the same. Bit d of a corner is its coordinate along direction d; along an edge coordinates only grow.
struct CutNode {
  std::uint8_t low, high;

  [[nodiscard]] bool on_surface() const { return low != high; }
};

/// How a cube in D dimensions is cut where its corners are hot or cold: by its D! Kuhn simplices, whose faces match
/// those of the neighbours, so that no case is ambiguous. A simplex with hot corners A and cold corners B is cut in a
/// product of two simplices, which monotone paths ("staircases") take apart; so is the hot part of it, a product with
/// one corner more in the second. Both match at the faces: the surface has no holes.
template <int D>
struct CutTable {
  struct Pieces {
    std::vector<std::array<CutNode, D>> surface;     ///< normals (simplex.hpp) point from hot to cold
    std::vector<std::array<CutNode, D + 1>> inside;  ///< of positive volume; all of a simplex that is hot
  };
  std::vector<std::array<int, D + 1>> simplices;  ///< their corners
  std::vector<std::vector<Pieces>> pieces;        ///< of a simplex, by the bits of its hot corners
};

/// For D = 1 to 4.
template <int D>
const CutTable<D>& cut_table();

}  // namespace ister::core::surface
