#include "core/kernels/volterra/volterra.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/kernels/volterra/convolver.hpp"

namespace ister::core {
void VolterraKernel::check() const {
  if (taps < 1) throw InputError(fmt::format("Volterra kernel: {} taps; at least 1 is needed", taps));
  if (orders.size() > highest_order)
    throw InputError(
        fmt::format("Volterra kernel: order {}; orders up to {} are supported", orders.size(), int{highest_order}));
  const auto check_values = [](const std::vector<double>& values, std::size_t expected, const std::string& name) {
    if (values.empty()) return;
    if (values.size() != expected)
      throw InputError(
          fmt::format("Volterra kernel: {} has {} values, expected are {}", name, values.size(), expected));
    for (std::size_t i = 0; i < expected; ++i)
      if (!std::isfinite(values[i]))
        throw InputError(fmt::format("Volterra kernel: {}[{}] = {} is not finite", name, i, values[i]));
  };
  const auto n = static_cast<std::size_t>(taps);
  for (std::size_t p = 0; p < orders.size(); ++p) check_values(orders[p], n, fmt::format("order {}", p + 1));
  check_values(second, n * n, "h2");
  if (second.empty()) return;
  const double scale = std::abs(
      *std::max_element(second.begin(), second.end(), [](double a, double b) { return std::abs(a) < std::abs(b); }));
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < i; ++j)
      if (std::abs(second[i * n + j] - second[j * n + i]) > 1e-12 * scale)
        throw InputError(fmt::format("Volterra kernel: h2 is not symmetric: h2[{}][{}] = {}, h2[{}][{}] = {}", i, j,
                                     second[i * n + j], j, i, second[j * n + i]));
}

Volterra::Volterra(const VolterraKernel& kernel, std::int64_t channels, std::int64_t block, VolterraEngine engine,
                   const Thresholds& thresholds)
    : m_engine(chosen_engine(kernel, channels, block, engine, thresholds)) {
  const std::vector<VolterraBranch> branches = branches_of(kernel);
  if (m_engine == VolterraEngine::fft)
    m_convolver = make_overlap_save(branches, kernel.taps, channels, block);
  else
    m_convolver = make_direct_sums(branches, kernel.taps, channels, block);
}

Volterra::~Volterra() = default;
Volterra::Volterra(Volterra&&) noexcept = default;
Volterra& Volterra::operator=(Volterra&&) noexcept = default;

void Volterra::apply(const double* x, double* y, std::int64_t samples, std::int64_t stride) {
  for (std::int64_t c = 0; c < m_convolver->channels(); ++c) {
    const double* row = x + c * stride;
    double sum = 0.0;  // of zeros, or NaN
#pragma omp simd reduction(+ : sum)
    for (std::int64_t n = 0; n < samples; ++n) sum += 0.0 * row[n];
    if (sum == 0.0) continue;
    const std::int64_t n = std::find_if_not(row, row + samples, [](double v) { return std::isfinite(v); }) - row;
    throw InputError(fmt::format("Volterra: x[{}][{}] = {} is not finite", c, n, row[n]));
  }
  m_convolver->apply(x, y, samples, stride);
}

void Volterra::reset() { m_convolver->reset(); }

}  // namespace ister::core
