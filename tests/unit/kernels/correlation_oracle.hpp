#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/base/error.hpp"
#include "core/kernels/correlation/correlation.hpp"

/// Correlations by their definitions, in long double, and records to try them on.
namespace ister::tests {

using Complex = std::complex<double>;
using LongComplex = std::complex<long double>;
using core::Normalisation;

inline LongComplex widen(double value) { return {value, 0.0L}; }
inline LongComplex widen(Complex value) { return {value.real(), value.imag()}; }

inline void narrow(LongComplex value, double& result) { result = static_cast<double>(value.real()); }
inline void narrow(LongComplex value, Complex& result) {
  result = {static_cast<double>(value.real()), static_cast<double>(value.imag())};
}

template <class Scalar>
std::vector<Scalar> noise(std::int64_t count, unsigned seed, double offset = 0.0) {
  std::mt19937 generator(seed);
  std::normal_distribution<double> normal;
  std::vector<Scalar> values(static_cast<std::size_t>(count));
  for (Scalar& value : values) {
    if constexpr (std::is_same_v<Scalar, double>)
      value = offset + normal(generator);
    else
      value = {offset + normal(generator), normal(generator)};
  }
  return values;
}

/// r[k] up to that many lags; an empty mask stands for all frames.
template <class Scalar>
std::vector<Scalar> lagged_by_definition(const std::vector<Scalar>& x, const std::vector<Scalar>& y,
                                         Normalisation normalisation, const std::vector<bool>& present = {},
                                         std::size_t lags = std::numeric_limits<std::size_t>::max()) {
  const std::size_t n = x.size();
  const auto has = [&](std::size_t i) { return present.empty() || present[i]; };
  std::vector<LongComplex> xs(n), ys(n);
  const auto remove_mean = [&](const std::vector<Scalar>& from, std::vector<LongComplex>& to) {
    // Relative to one of the values first: a mean that dwarfs the variation costs long double its digits, too.
    LongComplex origin, mean;
    long double frames = 0, variance = 0;
    for (std::size_t i = 0; i < n; ++i)
      if (has(i)) origin = widen(from[i]);
    for (std::size_t i = 0; i < n; ++i)
      if (has(i)) {
        ++frames;
        mean += widen(from[i]) - origin;
      }
    mean /= frames;
    for (std::size_t i = 0; i < n; ++i)
      if (has(i)) {
        to[i] = widen(from[i]) - origin - mean;
        variance += std::norm(to[i]) / frames;
      }
    return variance;
  };
  long double variances = 1;
  if (normalisation == Normalisation::normalised) {
    variances = remove_mean(x, xs) * remove_mean(y, ys);
  } else {
    for (std::size_t i = 0; i < n; ++i) {
      xs[i] = widen(x[i]);
      ys[i] = widen(y[i]);
    }
  }
  std::vector<Scalar> result(std::min(n, lags));
  for (std::size_t k = 0; k < result.size(); ++k) {
    LongComplex sum;
    long double pairs = 0;
    for (std::size_t i = 0; i + k < n; ++i)
      if (has(i) && has(i + k)) {
        ++pairs;
        sum += std::conj(xs[i]) * ys[i + k];
      }
    if (normalisation != Normalisation::raw)
      sum = pairs > 0 ? sum / pairs : LongComplex(std::numeric_limits<long double>::quiet_NaN());
    if (normalisation == Normalisation::normalised)
      sum *= static_cast<long double>(n - k) / static_cast<long double>(n) / std::sqrt(variances);
    narrow(sum, result[k]);
  }
  return result;
}

/// Largest difference relative to the largest magnitude; entries that are NaN must be so in both.
template <class Scalar>
double difference(const std::vector<Scalar>& a, const std::vector<Scalar>& b) {
  EXPECT_EQ(a.size(), b.size());
  double worst = 0, largest = 0;
  for (std::size_t i = 0; i < b.size(); ++i) {
    EXPECT_EQ(std::isnan(std::abs(a[i])), std::isnan(std::abs(b[i]))) << "entry " << i;
    if (std::isnan(std::abs(b[i]))) continue;
    worst = std::max(worst, std::abs(a[i] - b[i]));
    largest = std::max(largest, std::abs(b[i]));
  }
  return largest > 0 ? worst / largest : worst;
}

/// Expects an InputError whose message has all the words.
template <class Action>
void expect_refused(const Action& action, const std::vector<std::string>& words) {
  try {
    action();
    ADD_FAILURE() << "accepted";
  } catch (const InputError& error) {
    for (const std::string& word : words)
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
  }
}

}  // namespace ister::tests
