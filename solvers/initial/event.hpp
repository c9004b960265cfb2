#pragma once
#include <vector>

#include "solvers/initial/states.hpp"

/// Events: energy densities on a transverse grid of their own, as models of the collision give them.
namespace ister::solvers {

/// values[iy * nx + ix] at x = (ix - (nx-1)/2) grid_spacing, y likewise.
struct EventData {
  int nx = 0, ny = 0;
  std::vector<double> values;
};

/// How an event is laid onto the grid: grid_spacing, scale, floor, interpolation, stress, eta_plateau, eta_width.
std::vector<core::Option> event_keys();

/// The event with which a run starts; the data are no longer needed when the source is there. Of the options `file` is
/// what messages call the event. Collective; throws InputError, the same on every rank.
InitialSource event_source(const InitialContext& context, const EventData& event);

}  // namespace ister::solvers
