#include "core/kernels/device/wavevectors.hpp"

#include <string>

#include "core/error.hpp"
#include "core/kernels/wavevector_angle.hpp"

namespace ister::core::device {

void wavevector_angles(const Kokkos::View<const double*, Memory>& kx, const Kokkos::View<const double*, Memory>& ky,
                       const Kokkos::View<const Interval*, Memory>& shells, const DeviceArray& angles) {
  ISTER_REQUIRE(kx.size() == angles.size() && ky.size() == angles.size());
  static const std::string label = "wavevectors";
  Kokkos::parallel_for(
      label, Kokkos::RangePolicy<Execution>(execution(), 0, angles.size()),
      WavevectorAngle{kx.data(), ky.data(), shells.data(), static_cast<std::int64_t>(shells.size()), angles.data()});
}

}  // namespace ister::core::device
