#pragma once
#include <array>
#include <vector>

#include "physics/cooper_frye.hpp"

namespace ister::physics {

inline constexpr std::size_t lanes = 8;  ///< directions that are summed together
using Lanes = std::array<double, lanes>;

/// Transverse momenta of one size in blocks of lanes; the last block is filled up with zeros.
struct MomentaByLanes {
  std::vector<Lanes> x, y;
  std::size_t count;

  MomentaByLanes(double pt, const Directions& directions)
      : x((directions.count() + lanes - 1) / lanes, Lanes{}), y(x), count(directions.count()) {
    for (std::size_t j = 0; j < count; ++j) {
      x[j / lanes][j % lanes] = pt * directions.cosine[j];
      y[j / lanes][j % lanes] = pt * directions.sine[j];
    }
  }

  /// Blocks of values as one for each direction.
  [[nodiscard]] std::vector<double> in_order(const std::vector<Lanes>& blocks) const {
    std::vector<double> all;
    for (std::size_t j = 0; j < count; ++j) all.push_back(blocks[j / lanes][j % lanes]);
    return all;
  }
};

}  // namespace ister::physics
