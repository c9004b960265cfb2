#include "core/kernels/homodyne_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

namespace ister::core {
namespace {

std::vector<FitParameter> unknown() {
  std::vector<FitParameter> all;
  all.reserve(homodyne_names.size());
  for (const char* name : homodyne_names) all.push_back({name, 0.0});
  for (const std::size_t k : {0u, 3u}) all[k].lower = 0.0;
  for (const std::size_t k : {1u, 4u}) all[k].lower = -2.0, all[k].upper = 2.0;
  return all;
}

HomodyneData sheared(const HomodyneParameters& truth, std::int64_t frames, double noise) {
  HomodyneData data;
  data.setup.q = 0.01;
  data.setup.gap = 2e4;
  data.setup.dt = 0.1;
  data.setup.angles = {0.0, 30.0, 60.0, 90.0, 120.0};
  data.frames = frames;
  data.sigma = {noise > 0.0 ? noise : 0.01};
  std::mt19937_64 generator(5);
  std::normal_distribution<double> normal(0.0, 1.0);
  for (const double phi : data.setup.angles)
    for (std::int64_t i = 0; i < frames; ++i)
      for (std::int64_t j = 0; j < frames; ++j)
        data.observed.push_back(1.0 + noise * normal(generator) +
                                0.15 * homodyne_g1_squared(data.setup, truth, phi, static_cast<double>(i + 1) * 0.1,
                                                           static_cast<double>(j + 1) * 0.1));
  return data;
}

FitResult search(const HomodyneData& data, const std::vector<FitParameter>& parameters, const HomodyneOpen& open) {
  Homodyne model(data.setup, data.frames, data.observed, data.sigma);
  return fit_homodyne(data, model, parameters, open, [](int, double) {});
}

constexpr HomodyneOpen everything = {true, true, true, true, true, true, true};

TEST(HomodyneFit, FindsTheTruthFromNoStart) {
  constexpr HomodyneParameters truths[] = {{120.0, -0.3, 5.0, 0.02, 0.2, 0.003, 12.0},
                                           {100.0, -1.0, 30.0, 0.01, 0.6, 0.002, 75.0},
                                           {200.0, -0.5, -20.0, 0.02, 0.7, 0.003, 12.0},  // the floor does not clip
                                           {20.0, 1.2, 30.0, 0.002, 1.1, 0.01, -80.0}};
  for (const HomodyneParameters& truth : truths) {
    const FitResult result = search(sheared(truth, 60, 0.0), unknown(), everything);
    EXPECT_TRUE(result.converged);
    for (std::size_t k = 0; k < truth.size(); ++k)
      EXPECT_NEAR(result.values[k], truth[k], 1e-5 * std::abs(truth[k])) << homodyne_names[k];
  }
}

/// Correlations that are lost within a few frames of many: frames far apart tell nothing.
TEST(HomodyneFit, FindsFastDecays) {
  constexpr HomodyneParameters truth = {8000.0, -0.4, 100.0, 0.5, -0.3, 0.1, -20.0};
  const HomodyneData data = sheared(truth, 200, 0.005);
  const FitResult result = search(data, unknown(), everything);
  Homodyne model(data.setup, data.frames, data.observed, data.sigma);
  EXPECT_LT(result.chi_squared, homodyne_chi_squared(model, {truth})[0]);
  EXPECT_NEAR(result.values[6], truth[6], 5.0 * std::sqrt(result.covariance[48]));
}

TEST(HomodyneFit, KeepsWhatIsGiven) {
  constexpr HomodyneParameters truth = {0.0, 0.0, 40.0, 0.05, -0.4, 0.0, 33.0};
  std::vector<FitParameter> parameters = unknown();
  for (const std::size_t k : {0u, 1u, 5u}) parameters[k].fixed = true;
  const FitResult result = search(sheared(truth, 50, 0.0), parameters, {false, false, true, true, true, false, true});
  for (std::size_t k = 0; k < truth.size(); ++k) EXPECT_NEAR(result.values[k], truth[k], 1e-6) << homodyne_names[k];
}

TEST(HomodyneFit, QuotesNoErrorOfWhatIsNotDetermined) {
  const HomodyneData data = sheared({120.0, -0.5, 8.0, 0.0, 0.0, 0.0, 0.0}, 50, 0.0);  // no shear
  const std::vector<FitParameter> parameters = unknown();
  FitResult result = search(data, parameters, everything);
  for (const std::size_t k : {0u, 1u, 2u})
    EXPECT_NEAR(result.values[k], (std::array<double, 3>{120.0, -0.5, 8.0}[k]), 1e-3) << homodyne_names[k];
  scale_errors(result, parameters, 1.0);
  EXPECT_FALSE(result.determined);
  // where g0 and beta end at bounds, the offset alone has an error: one that says that it could be anything
  for (std::size_t k = 3; k < 7; ++k) EXPECT_GT(std::sqrt(result.covariance[8 * k]), 10.0) << homodyne_names[k];
  for (std::size_t k = 0; k < 3; ++k) EXPECT_TRUE(std::isfinite(result.covariance[8 * k])) << homodyne_names[k];
}

TEST(HomodyneFit, ScalesErrors) {
  FitResult result;
  result.covariance.assign(49, 0.0);
  result.at_bound.assign(7, false);
  for (std::size_t k = 0; k < 7; ++k) result.covariance[8 * k] = 0.25;
  scale_errors(result, unknown(), 4.0);
  EXPECT_TRUE(result.determined);
  EXPECT_EQ(result.covariance[8], 1.0);
  scale_errors(result, unknown(), 16.0);  // exponents within -2 to 2, plus or minus 4
  EXPECT_FALSE(result.determined);
  EXPECT_TRUE(std::isinf(result.covariance[8]));
  EXPECT_TRUE(std::isinf(result.covariance[0]));
  EXPECT_EQ(result.covariance[48], 16.0);
}

}  // namespace
}  // namespace ister::core
