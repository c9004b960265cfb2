#include "solvers/initial/matched_map.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "physics/landau_matching.hpp"
#include "solvers/initial/free_streaming.hpp"

namespace ister::solvers {
namespace {

/// Appends what is left where there is no rest frame.
void add_point(StateMap& map, const physics::LandauFluid& fluid) {
  InitialState& f = map.fields;
  f.energy_density.push_back(fluid.energy_density);
  f.ux.push_back(fluid.u.x);
  f.uy.push_back(fluid.u.y);
  f.uz.push_back(fluid.u.z);
  f.pixx.push_back(fluid.pi.xx);
  f.pixy.push_back(fluid.pi.xy);
  f.pixz.push_back(fluid.pi.xz);
  f.piyy.push_back(fluid.pi.yy);
  f.piyz.push_back(fluid.pi.yz);
  map.isotropic_pressure.push_back(fluid.pressure);
}

}  // namespace

StateMap matched_map(const std::array<core::Nodes, 3>& nodes,
                     const std::function<physics::StressTensor(std::size_t)>& tensor) {
  StateMap map;
  map.nodes = nodes;
  std::size_t points = 1, unmatched = 0;
  for (const core::Nodes& along : nodes) points *= static_cast<std::size_t>(along.count);
  double energy = 0.0, lost = 0.0;
  for (std::size_t i = 0; i < points; ++i) {
    const physics::StressTensor t = tensor(i);
    const std::optional<physics::LandauFluid> fluid = physics::landau_matching(t);
    energy += t.energy;
    if (!fluid && t.energy != 0.0) {
      ++unmatched;
      lost += t.energy;
    }
    add_point(map, fluid.value_or(physics::LandauFluid{}));
  }
  if (unmatched > 0)
    map.notes.push_back(fmt::format(
        "{} of {} points, with {:.2g} of the energy, have no rest frame (no timelike eigenvector of T^{{mu nu}} with "
        "e > 0): they go to the floor",
        unmatched, points, energy != 0.0 ? lost / energy : 0.0));
  return map;
}

StateMap streamed_map(const StateMap& map, double from, double to, double floor) {
  const auto& [x, y, z] = map.nodes;
  const TransverseGrid plane{x.count, y.count, x.first, y.first, x.step, y.step};
  const std::vector<double>& values = map.fields.energy_density;
  std::vector<StreamedPlane> slices;
  for (std::size_t at = 0; at < values.size(); at += plane.size()) {
    std::vector<double> profile(values.begin() + static_cast<std::ptrdiff_t>(at),
                                values.begin() + static_cast<std::ptrdiff_t>(at + plane.size()));
    for (double& n : profile) n *= map.energy_unit;
    slices.push_back(free_stream(plane, profile, from, to));
  }
  double largest = 0.0;
  for (const StreamedPlane& slice : slices)
    largest = std::max(largest, *std::max_element(slice.tautau.begin(), slice.tautau.end()));
  const TransverseGrid& grid = slices.front().grid;
  StateMap result =
      matched_map({core::Nodes{grid.nx, grid.first_x, grid.dx}, core::Nodes{grid.ny, grid.first_y, grid.dy}, z},
                  [&](std::size_t i) {
                    const physics::StressTensor t = slices[i / grid.size()].at(i % grid.size());
                    return floor > 0.0 ? physics::above_floor(t, floor * largest) : t;
                  });
  result.notes.insert(result.notes.begin(), map.notes.begin(), map.notes.end());
  return result;
}

}  // namespace ister::solvers
