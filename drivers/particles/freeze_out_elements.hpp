#pragma once
#include <string>
#include <vector>

#include "core/surface/element_table.hpp"
#include "physics/freeze_out_element.hpp"

namespace ister::drivers {

/// What the elements of a surface say where particles go: of a run with x and y in Milne coordinates per unit of eta,
/// at all rapidities alike; of one with x, y and eta, or x, y and z in Minkowski space, at their place.
enum class SurfaceKind { boost_invariant, milne, minkowski };

/// Of a run with so many directions. InputError (`source`) where particles are not known: fewer directions, or flow
/// along eta in a run without eta.
[[nodiscard]] SurfaceKind surface_kind(const core::surface::ElementTable& table, std::size_t directions,
                                       const std::string& source);

/// InputError, which begins with `where`, unless a surface of a run in x and y has no flow, stress or normal along eta.
void require_no_flow_along_eta(const core::surface::ElementTable& table, const std::string& where);

/// The rows of a table with the columns of solvers::surface_columns. InputError (`source`) where there are none.
[[nodiscard]] std::vector<physics::FreezeOutElement> freeze_out_elements(const core::surface::ElementTable& table,
                                                                         SurfaceKind kind,
                                                                         physics::ViscousCorrection& correction,
                                                                         const std::string& source);

}  // namespace ister::drivers
