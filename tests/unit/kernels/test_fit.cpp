#include "core/kernels/homodyne/fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/base/error.hpp"
#include "core/kernels/homodyne/homodyne.hpp"

namespace ister::tests {
namespace {

using namespace core;

/// Residuals and their Jacobian, summed.
template <class Residual>
FitFunction summed(int count, const Residual& residual) {
  return [=](const std::vector<double>& p, std::vector<double>* gradient, std::vector<double>* normal) {
    const std::size_t n = p.size();
    if (gradient != nullptr) gradient->assign(n, 0.0);
    if (normal != nullptr) normal->assign(n * n, 0.0);
    double sum = 0.0;
    for (int k = 0; k < count; ++k) {
      std::vector<double> row(n);
      const double r = residual(k, p, row);
      sum += r * r;
      for (std::size_t i = 0; i < n; ++i) {
        if (gradient != nullptr) (*gradient)[i] += 2.0 * r * row[i];
        for (std::size_t j = 0; normal != nullptr && j < n; ++j) (*normal)[i * n + j] += row[i] * row[j];
      }
    }
    return sum;
  };
}

/// A line a + b x with sigma = 0.5 at x = 0, 1, ..., 9, off the points by +-0.1.
const FitFunction line = summed(10, [](int k, const std::vector<double>& p, std::vector<double>& row) {
  row = {2.0, 2.0 * k};
  return 2.0 * (p[0] + p[1] * k - (3.0 + 0.7 * k + (k % 2 == 0 ? 0.1 : -0.1)));
});

const FitFunction rosenbrock = summed(2, [](int k, const std::vector<double>& p, std::vector<double>& row) {
  row = k == 0 ? std::vector<double>{-20.0 * p[0], 10.0} : std::vector<double>{-1.0, 0.0};
  return k == 0 ? 10.0 * (p[1] - p[0] * p[0]) : 1.0 - p[0];
});

TEST(Fit, StraightLineAndItsCovariance) {
  const FitResult result = fit({{"a", 0.0}, {"b", 0.0}}, line);
  EXPECT_TRUE(result.converged);
  // normal equations by hand: n = 10, sum x = 45, sum x^2 = 285, weight 4
  const double determinant = 10.0 * 285.0 - 45.0 * 45.0;
  EXPECT_NEAR(result.values[1], 0.7 - (10.0 * 0.5) / determinant, 1e-7);
  EXPECT_NEAR(result.covariance[0], 285.0 / determinant / 4.0, 1e-12);
  EXPECT_NEAR(result.covariance[1], -45.0 / determinant / 4.0, 1e-12);
  EXPECT_NEAR(result.covariance[3], 10.0 / determinant / 4.0, 1e-12);
}

TEST(Fit, CurvedValley) {
  const FitResult result = fit({{"x", -1.2}, {"y", 1.0}}, rosenbrock);
  EXPECT_TRUE(result.converged);
  EXPECT_NEAR(result.values[0], 1.0, 1e-6);
  EXPECT_NEAR(result.values[1], 1.0, 1e-6);
  EXPECT_LT(result.chi_squared, 1e-12);
}

TEST(Fit, KeepsToBoundsAndFixedParameters) {
  const FitResult bounded = fit({{"x", -1.2, -2.0, 0.5}, {"y", 1.0}}, rosenbrock);
  EXPECT_TRUE(bounded.converged);
  EXPECT_NEAR(bounded.values[0], 0.5, 1e-9);
  EXPECT_NEAR(bounded.values[1], 0.25, 1e-6);
  EXPECT_EQ(bounded.at_bound, (std::vector<bool>{true, false}));
  EXPECT_TRUE(std::isinf(bounded.covariance[0]));
  EXPECT_NEAR(bounded.covariance[3], 0.01, 1e-12);
  EXPECT_TRUE(bounded.determined);
  const FitResult fixed = fit({{"x", 0.5, -2.0, 0.1, true}, {"y", 1.0}}, rosenbrock);
  EXPECT_EQ(fixed.values[0], 0.5);
  EXPECT_NEAR(fixed.values[1], 0.25, 1e-6);
  EXPECT_EQ(fixed.covariance[0], 0.0);
  EXPECT_NEAR(fixed.covariance[3], 0.01, 1e-12);
}

TEST(Fit, TellsWhatTheDataDoNotDetermine) {
  const FitFunction sum_only = summed(3, [](int k, const std::vector<double>& p, std::vector<double>& row) {
    row = {1.0 + k, 1.0 + k, 0.0};
    return (1.0 + k) * (p[0] + p[1] - 4.0);
  });
  const FitResult result = fit({{"a", 1.0}, {"b", 1.0}, {"idle", 0.0, 0.0, 1.0, true}}, sum_only);
  EXPECT_NEAR(result.values[0] + result.values[1], 4.0, 1e-8);
  EXPECT_FALSE(result.determined);
  EXPECT_TRUE(std::isinf(result.covariance[0]));
}

TEST(Fit, RefusesBadInput) {
  EXPECT_THROW(fit({{"a", 0.0, 1.0, 2.0}, {"b", 0.0}}, line), InputError);
  EXPECT_THROW(fit({{"a", 0.0, 1.0, -1.0}, {"b", 0.0}}, line), InputError);
  EXPECT_THROW(fit({{"a", std::nan("")}, {"b", 0.0}}, line), InputError);
  const FitFunction overflows = [](const std::vector<double>&, std::vector<double>*, std::vector<double>*) {
    return std::numeric_limits<double>::infinity();
  };
  EXPECT_THROW(fit({{"a", 0.0}}, overflows), BreakdownError);
}

TEST(Fit, EvaluatesWhereNothingIsFree) {
  const FitResult result = fit({{"a", 3.0, 0.0, 4.0, true}, {"b", 0.7, 0.0, 1.0, true}}, line);
  EXPECT_TRUE(result.converged);
  EXPECT_NEAR(result.chi_squared, 10.0 * 4.0 * 0.01, 1e-12);
  EXPECT_EQ(result.covariance, std::vector<double>(4, 0.0));
}

/// D and its error from every stride-th frame of one noisy record.
std::pair<FitResult, double> fit_strided(int stride) {
  constexpr int all = 240;
  constexpr HomodyneParameters truth = {4e3, -0.4, 0.0, 2e-4, 0.2, 0.0, 10.0};
  HomodyneSetup setup;
  setup.q = 0.005;
  setup.gap = 2e6;
  setup.dt = 0.05;
  setup.angles = {-30.0, 0.0, 45.0};
  std::mt19937_64 generator(11);
  std::normal_distribution<double> noise(0.0, 0.003);
  const int n = (all + stride - 1) / stride;
  std::vector<double> observed(static_cast<std::size_t>(3 * n * n));
  for (std::size_t a = 0; a < 3; ++a)
    for (int i = 0; i < all; ++i)
      for (int j = i; j < all; ++j) {
        const double value =
            1.0 + noise(generator) +
            0.15 * homodyne_g1_squared(setup, truth, setup.angles[a], (i + 1) * setup.dt, (j + 1) * setup.dt);
        if (i % stride == 0 && j % stride == 0)
          observed[a * static_cast<std::size_t>(n * n) + static_cast<std::size_t>(i / stride * n + j / stride)] = value;
      }
  for (int i = 0; i < all; i += stride) setup.frames.push_back(i);
  Homodyne model(setup, n, observed, {0.003});
  std::vector<HomodyneScaling> scalings(3);
  const FitFunction function = [&](const std::vector<double>& p, std::vector<double>* gradient,
                                   std::vector<double>* normal) {
    HomodyneParameters at{};
    std::copy(p.begin(), p.end(), at.begin());
    HomodyneDerivatives d{};
    model.evaluate(&at, 1, scalings.data(), &d);
    if (gradient != nullptr) gradient->assign(d.gradient.begin(), d.gradient.end());
    if (normal != nullptr) normal->assign(d.normal.begin(), d.normal.end());
    return scalings[0].chi_squared + scalings[1].chi_squared + scalings[2].chi_squared;
  };
  std::vector<FitParameter> parameters;
  constexpr HomodyneParameters start = {3e3, -0.2, 0.0, 1.8e-4, 0.1, 0.0, 5.0};
  for (std::size_t k = 0; k < start.size(); ++k) parameters.push_back({homodyne_names[k], start[k]});
  parameters[2].fixed = parameters[5].fixed = true;
  const FitResult result = fit(parameters, function);
  return {result, result.chi_squared / static_cast<double>(model.degrees_of_freedom(5))};
}

TEST(Fit, StridingLeavesTheHomodyneParameters) {
  const auto [whole, per_point] = fit_strided(1);
  EXPECT_TRUE(whole.converged);
  EXPECT_NEAR(per_point, 1.0, 0.03);
  constexpr HomodyneParameters truth = {4e3, -0.4, 0.0, 2e-4, 0.2, 0.0, 10.0};
  for (const std::size_t k : {0u, 1u, 3u, 4u, 6u})
    EXPECT_LT(std::abs(whole.values[k] - truth[k]), 4.0 * std::sqrt(whole.covariance[8 * k])) << homodyne_names[k];
  for (const int stride : {2, 4, 8}) {
    const auto [part, part_per_point] = fit_strided(stride);
    EXPECT_NEAR(part_per_point, 1.0, 0.2);
    for (const std::size_t k : {0u, 1u, 3u, 4u, 6u})
      EXPECT_LT(std::abs(whole.values[k] - part.values[k]), 4.0 * std::sqrt(part.covariance[8 * k]))
          << homodyne_names[k] << " at stride " << stride;
  }
}

}  // namespace
}  // namespace ister::tests
