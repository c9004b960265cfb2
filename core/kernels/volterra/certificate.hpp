#pragma once

namespace ister::core {

/// What a kernel that was identified is worth, without knowledge of the truth. memory, form and unclear are parts of
/// the response: root mean squares over that of y about its mean. What noise accounts for is not in memory and form.
struct VolterraCertificate {
  double memory = 0;   ///< what taps beyond the last one add to y
  double form = 0;     ///< what orders above the highest and products of different times add to y
  double unclear = 0;  ///< all that is left of y where records are too short to tell noise from the others, else 0
  double noise = 0;    ///< error of the kernel's response from noise, one standard deviation, over that response

  /// Parts of y above the first mean a system of another kind; above the second noise hides the response.
  static constexpr double limit = 1e-3, noise_limit = 0.25;
  [[nodiscard]] bool trusted() const {
    return memory <= limit && form <= limit && unclear <= limit && noise <= noise_limit;
  }
};

/// What a sum of `count` squares has beyond noise of `variance` each, by five standard deviations; at least 0. The
/// variance is known from `freedom` other squares.
double beyond_noise(double sum, double count, double variance, double freedom);

}  // namespace ister::core
