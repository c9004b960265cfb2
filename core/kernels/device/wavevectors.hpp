#pragma once
#include "core/kernels/angles/interval.hpp"
#include "core/kernels/device/arrays.hpp"

namespace ister::core::device {

/// core::wavevector_angles for arrays of one size in the memory of Execution, the shells among them: directions of
/// wavevectors in the plane in degrees, not a number where |k|, as that machine rounds it, is 0 or in none of the
/// shells. Allocates nothing.
void wavevector_angles(const Values<const double>& kx, const Values<const double>& ky,
                       const Values<const Interval>& shells, const DeviceArray& angles);

}  // namespace ister::core::device
