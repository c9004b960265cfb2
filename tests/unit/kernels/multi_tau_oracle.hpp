#pragma once
#include "tests/unit/kernels/correlation_oracle.hpp"

namespace ister::tests {

/// Correlations of (frame, series) records by way of the definition on averaged frames, (lag, series), at the lags of a
/// kernel, whose pairs are compared as well.
template <class Kernel, class Scalar>
std::vector<Scalar> multi_tau_by_definition(const Kernel& kernel, const std::vector<Scalar>& x,
                                            const std::vector<Scalar>& y, std::size_t series, int channels,
                                            Normalisation normalisation, const std::vector<bool>& present) {
  const std::size_t frames = x.size() / series;
  std::vector<Scalar> result(kernel.lags().size() * series, std::numeric_limits<double>::quiet_NaN());
  if (normalisation == Normalisation::raw) std::fill(result.begin(), result.end(), Scalar{});
  for (std::size_t s = 0; s < series; ++s) {
    LongComplex x_mean, y_mean;
    long double count = 0, x_variance = 0, y_variance = 0;
    for (std::size_t i = 0; i < frames; ++i)
      if (present[i]) {
        ++count;
        x_mean += widen(x[i * series + s]);
        y_mean += widen(y[i * series + s]);
      }
    x_mean /= count;
    y_mean /= count;
    for (std::size_t i = 0; i < frames; ++i)
      if (present[i]) {
        x_variance += std::norm(widen(x[i * series + s]) - x_mean) / count;
        y_variance += std::norm(widen(y[i * series + s]) - y_mean) / count;
      }
    if (normalisation != Normalisation::normalised) x_mean = y_mean = 0;
    for (std::size_t l = 0; l < kernel.lags().size(); ++l) {
      const auto lag = static_cast<std::size_t>(kernel.lags()[l]);
      std::size_t step = 1;  // frames averaged at the level of this lag
      while (lag / step >= static_cast<std::size_t>(channels)) step *= 2;
      const auto average = [&](const std::vector<Scalar>& values, std::size_t i, LongComplex mean) {
        LongComplex sum;
        for (std::size_t j = 0; j < step; ++j) sum += widen(values[(i * step + j) * series + s]) - mean;
        return sum / static_cast<long double>(step);
      };
      const auto has = [&](std::size_t i) {
        for (std::size_t j = 0; j < step; ++j)
          if (!present[i * step + j]) return false;
        return true;
      };
      LongComplex sum;
      long double pairs = 0;
      for (std::size_t i = 0; (i + 1) * step + lag <= frames; ++i)
        if (has(i) && has(i + lag / step)) {
          ++pairs;
          sum += std::conj(average(x, i, x_mean)) * average(y, i + lag / step, y_mean);
        }
      EXPECT_EQ(kernel.pairs()[l], static_cast<double>(pairs));
      if (pairs == 0) continue;
      if (normalisation == Normalisation::raw) sum *= static_cast<long double>(step);
      if (normalisation != Normalisation::raw) sum /= pairs;
      if (normalisation == Normalisation::normalised)
        sum *= static_cast<long double>(frames - lag) / static_cast<long double>(frames) /
               std::sqrt(x_variance * y_variance);
      narrow(sum, result[l * series + s]);
    }
  }
  return result;
}

}  // namespace ister::tests
