#pragma once
#include <cstdint>

#include "core/kernels/angles/interval.hpp"

namespace ister::core {

/// Directions of wavevectors in the plane, atan2(ky, kx) in degrees from -180 to 180, for an AngleFilter. NaN, which is
/// inside no range, where there is no direction (k = 0) or where |k| is in none of the shells, which include both ends;
/// no shells at all let every |k| pass. The arrays have `count` numbers, on the host (device::wavevector_angles: in the
/// memory of Execution).
void wavevector_angles(const double* kx, const double* ky, std::int64_t count, const std::vector<Interval>& shells,
                       double* angles);

}  // namespace ister::core
