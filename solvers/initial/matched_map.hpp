#pragma once
#include <functional>

#include "physics/stress_tensor.hpp"
#include "solvers/initial/state_map.hpp"

namespace ister::solvers {

/// The fluid that T^{mn} is at each node, by Landau matching, with all of its stresses. `tensor(i)` of node i in the
/// order [z][y][x], orthonormal frame [1/fm^4]. Nodes without a rest frame are vacuum: counted, and said in the notes.
StateMap matched_map(const std::array<core::Nodes, 3>& nodes,
                     const std::function<physics::StressTensor(std::size_t)>& tensor);

/// What free streaming from `from` to `to` [fm] makes of a map at rest whose first field is tau e, each slice in eta by
/// itself (see free_streaming.hpp); the result's energy_unit is 1. Below T^{mn} lies a floor of that share of the
/// largest T^{tau tau}, so that the vacuum, where the map rings, is matter at rest.
StateMap streamed_map(const StateMap& map, double from, double to, double floor);

}  // namespace ister::solvers
