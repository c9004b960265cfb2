#pragma once
#include "io/map.hpp"
#include "solvers/initial/state_map.hpp"

/// What the files of other codes have in common.
namespace ister::drivers {

/// file, grid_spacing and how a map is laid onto the grid.
std::vector<core::Option> foreign_keys(std::string doc, bool own_scale);

/// grid_spacing where it is given, else 0.
double given_spacing(const solvers::InitialContext& context);

/// Units of a file: of e, of stresses, each in 1/fm^4.
struct FileUnits {
  double energy, stress;
};

/// Columns as io/initial_formats.hpp names them as a state: contravariant components, to which each eta index gives a
/// factor tau. InputError where the file says another time than time.start. The same on every rank.
solvers::StateMap state_of(const solvers::InitialContext& context, io::Map map, FileUnits units);

}  // namespace ister::drivers
