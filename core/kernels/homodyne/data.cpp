#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "core/grid/array_pool.hpp"
#include "core/kernels/homodyne/homodyne.hpp"

namespace ister::core {

/// Moments about the mean, then the tiles of values less that mean. Version 1 sums over all entries with one model for
/// (t1, t2) and (t2, t1): that is twice the sum over pairs of their mean, and half the square of their difference.
void Homodyne::store(const std::vector<double>& observed, const std::vector<double>& sigma) {
  constexpr std::int64_t block = detail::homodyne_block;
  const std::int64_t n = m_shape.frames;
  const bool both = m_pair_weight == 2.0, per_point = sigma.size() > m_setup.angles.size();
  const std::int64_t size = m_shape.angles * m_shape.tiles() * detail::homodyne_tile;
  const HostArray values = make_host_array(size), scales = make_host_array(per_point ? size : 0);
  m_moments.resize(static_cast<std::size_t>(m_shape.angles));
  m_samples.resize(static_cast<std::size_t>(m_shape.angles * detail::HomodyneFactors::samples));
  for (int a = 0; a < m_shape.angles; ++a) {
    take_weight_and_mean(observed, sigma, a);
    Moments& moments = m_moments[static_cast<std::size_t>(a)];
    const double *y = observed.data() + a * n * n, *deviation = per_point ? sigma.data() + a * n * n : nullptr;
    const auto value = [&](std::int64_t i, std::int64_t j) {
      return (both ? 0.5 * (y[i * n + j] + y[j * n + i]) : y[i * n + j]) - moments.mean;
    };
    double count = 0.0, sum = 0.0, squares = 0.0;
    for (std::int64_t i = 0; i < n; ++i)
      for (std::int64_t column = i / block; column < m_shape.blocks; ++column) {
        const std::int64_t first = column * block;
        const std::int64_t row =
            (a * m_shape.tiles() + m_shape.tile(i / block, column)) * detail::homodyne_tile + i % block * block;
        for (std::int64_t j = std::max(i + 1, first); j < std::min(first + block, n); ++j) {
          const double v = value(i, j), s = per_point ? 1.0 / deviation[i * n + j] : 1.0;
          values.data()[row + j - first] = v;
          if (per_point) scales.data()[row + j - first] = s;
          count += s * s;
          sum += s * s * v;
          squares += s * s * v * v;
          const double difference = both ? y[i * n + j] - y[j * n + i] : 0.0;
          moments.asymmetry += 0.5 * difference * difference;
        }
      }
    for (std::int64_t i = 0; m_setup.diagonal && i < n; ++i) {
      const double v = value(i, i), s = per_point ? 1.0 / deviation[i * n + i] : 1.0;
      moments.diagonal += s * s;
      moments.diagonal_values += s * s * v;
      moments.diagonal_squares += s * s * v * v;
    }
    moments.count = m_pair_weight * count + moments.diagonal;
    moments.values = m_pair_weight * sum + moments.diagonal_values;
    moments.squares = m_pair_weight * squares + moments.diagonal_squares;
    for (int s = 0; s < detail::HomodyneFactors::samples; ++s) {
      const auto [i, j] = m_factors.sample(s);
      m_samples[static_cast<std::size_t>(a * detail::HomodyneFactors::samples + s)] = value(i, j);
    }
  }
  m_values = Kokkos::create_mirror_view_and_copy(Memory(), values);
  m_scales = Kokkos::create_mirror_view_and_copy(Memory(), scales);
}

/// Checks the entries of an angle that are used; finds their weighted mean and the weight of the angle.
void Homodyne::take_weight_and_mean(const std::vector<double>& observed, const std::vector<double>& sigma, int angle) {
  const std::int64_t n = m_shape.frames;
  const bool both = m_pair_weight == 2.0, per_point = sigma.size() > m_setup.angles.size();
  const double *y = observed.data() + angle * n * n, *deviation = per_point ? sigma.data() + angle * n * n : nullptr;
  double weights = 0.0, sum = 0.0;
  for (std::int64_t i = 0; i < n; ++i)
    for (std::int64_t j = both ? 0 : m_setup.diagonal ? i : i + 1; j < n; ++j) {
      const double v = y[i * n + j], s = per_point ? deviation[i * n + j] : 1.0;
      if (!std::isfinite(v))
        throw InputError(
            fmt::format("homodyne model: the observed value at angle {}, frames ({}, {}) is {}", angle, i, j, v));
      if (!(s > 0.0) || !std::isfinite(s))
        throw InputError(
            fmt::format("homodyne model: sigma at angle {}, frames ({}, {}) is {}; it has to be a positive number",
                        angle, i, j, s));
      const double weight = 1.0 / (s * s);
      weights += weight;
      sum += weight * v;
    }
  Moments& moments = m_moments[static_cast<std::size_t>(angle)];
  moments.mean = sum / weights;
  double one = 1.0;
  if (both) {
    double squares = 0.0;
    for (std::int64_t k = 0; k < n * n; ++k) squares += (y[k] - moments.mean) * (y[k] - moments.mean);
    one = std::max(0.1 * std::sqrt(squares / static_cast<double>(n * n)), 1e-10);
  } else if (!per_point) {
    one = sigma[sigma.size() == 1 ? 0 : static_cast<std::size_t>(angle)];
  }
  moments.weight = 1.0 / (one * one);
}

}  // namespace ister::core
