#pragma once
#include <array>
#include <string>
#include <vector>

#include "core/grid/nodes.hpp"
#include "solvers/initial/longitudinal.hpp"
#include "solvers/initial/states.hpp"

/// States on a grid of their own, as models of the collision, free streaming and other codes give them.
namespace ister::solvers {

struct StateMap {
  std::array<core::Nodes, 3> nodes;  ///< along x, y and z; one node: constant along it
  std::array<bool, 3> periodic{};    ///< along which the first node follows the last one
  /// [z][y][x]. The energy density (of `quantity = "entropy_density"` the entropy density [1/fm^3]) in units of
  /// `energy_unit`, the rest in natural units with tau for each z in Milne coordinates; empty: zero. pizz follows from
  /// tracelessness whatever is here.
  InitialState fields;
  double energy_unit = 1.0;                ///< of fields.energy_density [1/fm^4]
  std::vector<double> isotropic_pressure;  ///< p + Pi in place of Pi where T^{mu nu} is known [1/fm^4]; may be empty
  std::vector<std::string> notes;          ///< what a user should know, one line each

  [[nodiscard]] bool has_stress() const {
    return !fields.pixx.empty() || !fields.bulk_pressure.empty() || !isotropic_pressure.empty();
  }
};

/// How a map is laid onto the grid.
struct MapLayout {
  bool entropy = false;         ///< the first field is an entropy density
  bool transpose = false;       ///< x and y of the map are exchanged
  double scale = 1.0;           ///< of energy (entropy) and stresses
  double floor = 0.0;           ///< the fraction of the largest energy density that apply_floor is used with
  double least = 0.0;           ///< the energy density is at least this [1/fm^4]
  std::string stress = "auto";  ///< "auto", "file", "matched", "zero", "navier_stokes"
  EtaProfile eta;               ///< of maps without a rapidity
};

/// The keys of such a layout: quantity, transpose, scale, floor, interpolation, stress, eta_plateau, eta_width.
/// `own_scale`: whether the numbers have units of their own, so that scale need not be given.
std::vector<core::Option> map_keys(bool own_scale);

/// What their values say.
MapLayout layout_of(const core::OptionValues& options);

/// The state with which a run starts: the map, by cubic splines, clamped to positive energy densities, the floor, and
/// flow and stresses that fade where the floor takes over. Collective; throws InputError, the same on every rank. Of
/// the options only `file` is looked at: what messages call the map.
InitialSource mapped_source(const InitialContext& context, StateMap map, const MapLayout& layout);

}  // namespace ister::solvers
