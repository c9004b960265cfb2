#include "core/kernels/angles/wavevectors.hpp"

#include "core/kernels/angles/wavevector_angle.hpp"
#include "core/parallel/execution.hpp"

namespace ister::core {

void wavevector_angles(const double* kx, const double* ky, std::int64_t count, const std::vector<Interval>& shells,
                       double* angles) {
  Kokkos::parallel_for("wavevectors", Kokkos::RangePolicy<HostExecution>(host_execution(), 0, count),
                       WavevectorAngle{kx, ky, shells.data(), static_cast<std::int64_t>(shells.size()), angles});
}

}  // namespace ister::core
