#pragma once

namespace ister::physics {

/// e^x K_0(x) and e^x K_1(x).
struct ScaledBessel {
  double k0, k1;
};

/// To 1e-13, a few times faster than the series of GSL that they come from. x > 0.
[[nodiscard]] ScaledBessel scaled_bessel(double x);

}  // namespace ister::physics
