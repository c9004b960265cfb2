#include "core/kernels/probes/lock_in.hpp"

#include <fmt/format.h>

#include <cmath>

#include "core/base/error.hpp"

namespace ister::core {

LockedTone lock_in(const double* times, const double* values, std::int64_t count, double omega) {
  if (!(omega > 0 && std::isfinite(omega)))
    throw InputError(fmt::format("a tone has a positive angular frequency, not {}", omega));
  if (count < 3) throw InputError(fmt::format("locking in to a tone takes at least 3 samples, not {}", count));
  const auto n = static_cast<double>(count);
  double mean = 0, cosine_mean = 0, sine_mean = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    mean += values[i] / n;
    cosine_mean += std::cos(omega * times[i]) / n;
    sine_mean += std::sin(omega * times[i]) / n;
  }
  double cc = 0, cs = 0, ss = 0, cx = 0, sx = 0;  // of the parts without mean
  for (std::int64_t i = 0; i < count; ++i) {
    const double c = std::cos(omega * times[i]) - cosine_mean, s = std::sin(omega * times[i]) - sine_mean;
    const double x = values[i] - mean;
    cc += c * c;
    cs += c * s;
    ss += s * s;
    cx += c * x;
    sx += s * x;
  }
  const double determinant = cc * ss - cs * cs;
  if (!(determinant > 1e-12 * n * n))
    throw InputError(
        fmt::format("these times cannot tell a tone of angular frequency {} from a constant or another tone", omega));
  const double a = (cx * ss - sx * cs) / determinant, b = (sx * cc - cx * cs) / determinant;
  LockedTone tone{{a, b}, mean - a * cosine_mean - b * sine_mean, 0};
  for (std::int64_t i = 0; i < count; ++i) {
    const double rest = values[i] - tone.mean - a * std::cos(omega * times[i]) - b * std::sin(omega * times[i]);
    tone.residual += rest * rest / n;
  }
  tone.residual = std::sqrt(tone.residual);
  return tone;
}

}  // namespace ister::core
