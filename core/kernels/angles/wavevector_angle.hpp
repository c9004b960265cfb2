#pragma once
#include <cstdint>

#include "core/kernels/angles/interval.hpp"

namespace ister::core {

/// The work item of wavevector_angles, by arrays in the memory that it runs on.
struct WavevectorAngle {
  const double *kx, *ky;
  const Interval* shells;
  std::int64_t shell_count;
  double* angles;

  ISTER_FUNCTION void operator()(std::int64_t i) const {
    const double k = std::hypot(kx[i], ky[i]);
    bool passes = k > 0 && shell_count == 0;
    for (std::int64_t n = 0; n < shell_count; ++n) passes = passes || (k > 0 && shells[n].contains(k));
    angles[i] = passes ? std::atan2(ky[i], kx[i]) * (180.0 / M_PI) : NAN;
  }
};

}  // namespace ister::core
