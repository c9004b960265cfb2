#include "core/kernels/device/wavevectors.hpp"

#include <string>

#include "core/base/error.hpp"
#include "core/kernels/angles/wavevector_angle.hpp"
#include "core/kernels/device/launch.hpp"

namespace ister::core::device {

void wavevector_angles(const Values<const double>& kx, const Values<const double>& ky,
                       const Values<const Interval>& shells, const DeviceArray& angles) {
  ISTER_REQUIRE(kx.size() == angles.size() && ky.size() == angles.size());
  static const std::string label = "wavevectors";
  Kokkos::parallel_for(
      label, items(angles.size()),
      WavevectorAngle{kx.data(), ky.data(), shells.data(), static_cast<std::int64_t>(shells.size()), angles.data()});
}

}  // namespace ister::core::device
