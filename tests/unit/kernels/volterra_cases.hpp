#pragma once
#include <cmath>
#include <cstdint>
#include <vector>

#include "core/base/random.hpp"
#include "core/kernels/volterra/identify.hpp"
#include "core/kernels/volterra/volterra.hpp"

namespace ister::tests {

using namespace core;

/// Numbers of the standard normal distribution.
inline std::vector<double> normals(std::int64_t count, std::uint64_t seed) {
  std::vector<double> values;
  for (std::int64_t n = 0; n < count; ++n)
    values.push_back(random_normals(seed, {static_cast<std::uint64_t>(n), 0, 0}).first);
  return values;
}

/// Decaying random taps of orders 1 .. `orders`, and where wanted a full h2.
inline VolterraKernel random_kernel(std::int64_t taps, int orders, bool second, std::uint64_t seed) {
  VolterraKernel kernel;
  kernel.taps = taps;
  const auto decay = [&](std::int64_t i) {
    return std::exp(-4.0 * static_cast<double>(i) / static_cast<double>(taps));
  };
  for (int p = 1; p <= orders; ++p) {
    kernel.orders.push_back(normals(taps, seed + p));
    for (std::int64_t i = 0; i < taps; ++i) kernel.orders.back()[i] *= decay(i) / p;
  }
  if (!second) return kernel;
  kernel.second = normals(taps * taps, seed);
  for (std::int64_t i = 0; i < taps; ++i)
    for (std::int64_t j = 0; j <= i; ++j)
      kernel.second[i * taps + j] = kernel.second[j * taps + i] = kernel.second[i * taps + j] * decay(i) * decay(j);
  return kernel;
}

/// The response as it is defined, summed in long double.
inline std::vector<double> direct_response(const VolterraKernel& kernel, const double* x, std::int64_t samples) {
  std::vector<double> y;
  for (std::int64_t n = 0; n < samples; ++n) {
    long double sum = 0.0L;
    for (std::int64_t i = 0; i < kernel.taps && i <= n; ++i) {
      long double power = 1.0L;
      for (const auto& h : kernel.orders) {
        power *= x[n - i];
        if (!h.empty()) sum += h[i] * power;
      }
      for (std::int64_t j = 0; !kernel.second.empty() && j < kernel.taps && j <= n; ++j)
        sum += static_cast<long double>(kernel.second[i * kernel.taps + j]) * x[n - i] * x[n - j];
    }
    y.push_back(static_cast<double>(sum));
  }
  return y;
}

inline double largest(const std::vector<double>& values) {
  double m = 0.0;
  for (const double v : values) m = std::max(m, std::abs(v));
  return m;
}

/// The largest difference over the largest magnitude of b.
inline double relative_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double m = a.size() == b.size() ? 0.0 : INFINITY;
  for (std::size_t n = 0; n < a.size() && n < b.size(); ++n) m = std::max(m, std::abs(a[n] - b[n]));
  return m / largest(b);
}

/// What a system answers to an excitation, with noise where wanted.
inline std::vector<double> response(const VolterraKernel& system, const VolterraExcitation& excitation,
                                    double offset = 0.0, double noise = 0.0, std::uint64_t seed = 0) {
  std::vector<double> y = excitation.input();
  Volterra volterra(system, excitation.records(), 512);
  volterra.apply(y.data(), y.data(), excitation.samples(), excitation.samples());
  const std::vector<double> disturbance = noise > 0 ? normals(static_cast<std::int64_t>(y.size()), seed) : y;
  for (std::size_t n = 0; n < y.size(); ++n) y[n] += offset + noise * disturbance[n];
  return y;
}

}  // namespace ister::tests
