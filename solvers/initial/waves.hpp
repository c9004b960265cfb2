#pragma once
#include <complex>

#include "physics/linear_modes.hpp"
#include "solvers/initial/states.hpp"

/// What plane waves share.
namespace ister::solvers {

/// mode: whole periods in the box.
core::Option mode_key(std::string meaning = "whole periods along x, y, z");

/// 2 pi mode/length; throws InputError for a mode that is zero or does not fit the dimensions.
Vec3 wavevector(const InitialContext& context);

/// A list with an entry for each of x, y and z.
Vec3 vector_of(const std::vector<double>& values);

/// background + Re(strength * mode * exp(i k.x)), the energy density e (1 + ...), the stresses traceless exactly.
PointState travelling_wave(const InitialContext& context, const physics::LinearMode& mode,
                           std::complex<double> strength);

}  // namespace ister::solvers
