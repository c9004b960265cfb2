#include "core/kernels/wavevectors.hpp"

#include <limits>

#include "core/execution.hpp"

namespace ister::core {
namespace {

struct WavevectorAngle {
  const double *kx, *ky;
  const Interval* shells;
  std::int64_t shell_count;
  double* angles;

  void operator()(std::int64_t i) const {
    const double k = std::hypot(kx[i], ky[i]);
    bool passes = k > 0 && shell_count == 0;
    for (std::int64_t n = 0; n < shell_count; ++n) passes = passes || (k > 0 && shells[n].contains(k));
    angles[i] = passes ? std::atan2(ky[i], kx[i]) * (180.0 / M_PI) : std::numeric_limits<double>::quiet_NaN();
  }
};

}  // namespace

void wavevector_angles(const double* kx, const double* ky, std::int64_t count, const std::vector<Interval>& shells,
                       double* angles) {
  Kokkos::parallel_for("wavevectors", Kokkos::RangePolicy<HostExecution>(host_execution(), 0, count),
                       WavevectorAngle{kx, ky, shells.data(), static_cast<std::int64_t>(shells.size()), angles});
}

}  // namespace ister::core
