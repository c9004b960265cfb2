#pragma once
#include "core/grid/named_field.hpp"
#include "solvers/hydro_system.hpp"

namespace ister::solvers {

/// What an event is known by, of the state of a system, as attributes: `energy` [1/fm] and `entropy`, the integrals of
/// tau T^{00} and tau s u^0 over the box (per unit of eta in 2-D, tau = 1 in Minkowski space), and for n = 2 to 5 the
/// eccentricities
///   eps_n exp(i n psi_n) = -{r^n exp(i n phi)}/{r^n},
/// where {.} integrates over the transverse plane with e as weight, about the centre of e. Teaney and Yan, Phys. Rev. C
/// 83 (2011) 064904. The plane is that nearest to z = 0 or eta = 0; in 1-D they are not a number. Collective.
core::Attributes event_moments(HydroSystem& system);

/// The same names, none of them known.
core::Attributes unknown_event_moments();

}  // namespace ister::solvers
