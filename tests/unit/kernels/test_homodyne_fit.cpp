#include "core/kernels/homodyne/homodyne_fit.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/base/error.hpp"

namespace ister::tests {
namespace {

using namespace core;

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

/// Two-time correlations of a finite number of speckles, whose fields are Gaussian and lose their correlation by
/// diffusion: those of a measurement, with the scatter it has.
HomodyneData speckles(std::mt19937_64& generator) {
  constexpr std::int64_t frames = 150, count = 60;
  HomodyneData data;
  data.setup.q = 0.01;
  data.setup.gap = 1.0;
  data.setup.dt = 0.1;
  data.setup.angles = {0.0, 90.0};
  data.frames = frames;
  data.sigma = {1.0};
  const double kept = std::exp(-1e-4 * 12500.0 * 0.1);  // exp(-q^2 D dt): |g1|^2 falls to 1/e in 4 frames
  std::normal_distribution<double> normal(0.0, 1.0);
  for (std::size_t a = 0; a < data.setup.angles.size(); ++a) {
    std::vector<double> intensity(frames * count), mean(frames, 0.0);
    for (std::int64_t s = 0; s < count; ++s) {
      double re = normal(generator), im = normal(generator);
      for (std::int64_t t = 0; t < frames; ++t) {
        intensity[static_cast<std::size_t>(t * count + s)] = re * re + im * im;
        mean[static_cast<std::size_t>(t)] += (re * re + im * im) / count;
        re = kept * re + std::sqrt(1.0 - kept * kept) * normal(generator);
        im = kept * im + std::sqrt(1.0 - kept * kept) * normal(generator);
      }
    }
    for (std::size_t i = 0; i < frames; ++i)
      for (std::size_t j = 0; j < frames; ++j) {
        double sum = 0.0;
        for (std::size_t s = 0; s < count; ++s) sum += intensity[i * count + s] * intensity[j * count + s];
        data.observed.push_back(sum / count / (mean[i] * mean[j]));
      }
  }
  return data;
}

/// Over many measurements the errors by jackknife are the scatter of what is fitted; those of independent entries are
/// not.
TEST(HomodyneFit, JackknifeErrorsAreTheScatterOfManyMeasurements) {
  std::vector<FitParameter> parameters = unknown();
  for (std::size_t k = 1; k < parameters.size(); ++k) parameters[k].fixed = true;
  parameters[0].start = 12500.0;
  std::mt19937_64 generator(11);
  constexpr int measurements = 60;
  double sum = 0.0, squares = 0.0, by_jackknife = 0.0, independent = 0.0;
  for (int m = 0; m < measurements; ++m) {
    const HomodyneData data = speckles(generator);
    FitResult result = search(data, parameters, {});
    Homodyne model(data.setup, data.frames, data.observed, data.sigma);
    scale_errors(result, parameters, result.chi_squared / static_cast<double>(model.degrees_of_freedom(1)));
    const HomodyneJackknife jackknife = homodyne_jackknife(data, parameters, result, 18, [](int, double) {});
    EXPECT_EQ(jackknife.estimates.size(), 126u);
    EXPECT_EQ(jackknife.covariance[8], 0.0);  // alpha is fixed
    sum += result.values[0] / measurements;
    squares += result.values[0] * result.values[0] / measurements;
    by_jackknife += jackknife.covariance[0] / measurements;
    independent += result.covariance[0] / measurements;
  }
  const double scatter = std::sqrt((squares - sum * sum) * measurements / (measurements - 1));
  EXPECT_NEAR(sum, 12500.0, 4.0 * scatter / std::sqrt(measurements) + 0.02 * 12500.0);
  EXPECT_NEAR(std::sqrt(by_jackknife) / scatter, 1.0, 0.3);
  EXPECT_LT(std::sqrt(independent), 0.5 * scatter);
}

TEST(HomodyneFit, JackknifeNeedsBlocks) {
  const HomodyneData data = sheared({120.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0}, 8, 0.0);
  FitResult result;
  result.values.assign(7, 0.0);
  for (const std::int64_t blocks : {0, 1})
    EXPECT_THROW(homodyne_jackknife(data, unknown(), result, blocks, [](int, double) {}), InputError) << blocks;
}

/// What is left out between frames changes nothing: their times count.
TEST(HomodyneFit, GapsInTheFramesLeaveTheTruth) {
  constexpr HomodyneParameters truth = {120.0, -0.3, 5.0, 0.02, 0.2, 0.003, 12.0};
  const HomodyneData whole = sheared(truth, 80, 0.0);
  HomodyneData part{whole.setup, 0, {}, whole.sigma};
  for (std::int64_t i = 4; i < 80; ++i)
    if (i < 20 || (i > 33 && i % 7 != 0)) part.setup.frames.push_back(i);
  part.frames = static_cast<std::int64_t>(part.setup.frames.size());
  for (std::int64_t a = 0; a < 5; ++a)
    for (const std::int64_t i : part.setup.frames)
      for (const std::int64_t j : part.setup.frames)
        part.observed.push_back(whole.observed[static_cast<std::size_t>((a * 80 + i) * 80 + j)]);
  const FitResult result = search(part, unknown(), everything);
  for (std::size_t k = 0; k < truth.size(); ++k)
    EXPECT_NEAR(result.values[k], truth[k], 1e-5 * std::abs(truth[k])) << homodyne_names[k];
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
}  // namespace ister::tests
