#include "core/kernels/correlation/multi_tau.hpp"

#include "tests/unit/kernels/multi_tau_oracle.hpp"

namespace ister::tests {
namespace {

template <class Scalar>
class MultiTau : public testing::Test {};
using Scalars = testing::Types<double, Complex>;
TYPED_TEST_SUITE(MultiTau, Scalars);

constexpr Normalisation normalisations[] = {Normalisation::raw, Normalisation::unbiased, Normalisation::normalised};

TYPED_TEST(MultiTau, IsTheDefinitionOnAveragedFrames) {
  for (const std::size_t series : {1, 3})
    for (const int channels : {2, 4, 16})
      for (const int frames : {1, 2, 37, 200})
        for (const bool gaps : {false, true}) {
          const auto count = static_cast<std::int64_t>(series) * frames;
          const auto x = noise<TypeParam>(count, 21, 2.0), y = noise<TypeParam>(count, 22, -5.0);
          core::MultiTau<TypeParam> kernel(static_cast<std::int64_t>(series), channels, 5);
          std::vector<bool> present(static_cast<std::size_t>(frames), true);
          for (std::size_t i = 0; i < present.size(); ++i) {
            if (gaps && i % 11 == 5) present[i] = false;
            if (present[i])
              kernel.push(x.data() + i * series, y.data() + i * series);
            else
              kernel.push_missing();
          }
          for (const Normalisation normalisation : normalisations) {
            if (normalisation == Normalisation::normalised && frames == 1) continue;
            std::vector<TypeParam> result(kernel.lags().size() * series);
            kernel.result(normalisation, result.data());
            EXPECT_LT(
                difference(result, multi_tau_by_definition(kernel, x, y, series, channels, normalisation, present)),
                1e-12)
                << series << " series, " << channels << " channels, " << frames << " frames";
          }
        }
}

TYPED_TEST(MultiTau, AgreesWithLaggedCorrelationAtTheFirstLevel) {
  const int frames = 150, channels = 16;
  const auto x = noise<TypeParam>(frames, 23, 1e6), y = noise<TypeParam>(frames, 24);
  core::MultiTau<TypeParam> kernel(1, channels, 4);
  for (int i = 0; i < frames; ++i) kernel.push(&x[i], &y[i]);
  for (const Normalisation normalisation : normalisations) {
    std::vector<TypeParam> result(kernel.lags().size());
    kernel.result(normalisation, result.data());
    result.resize(channels);
    EXPECT_LT(difference(result, lagged_by_definition(x, y, normalisation, {}, channels)), 1e-12);
  }
}

TEST(MultiTauLags, GrowByPowersOfTwo) {
  const core::MultiTau<double> kernel(1, 4, 3);
  EXPECT_EQ(kernel.lags(), (std::vector<std::int64_t>{0, 1, 2, 3, 4, 6, 8, 12}));
}

TEST(MultiTauLags, OfAnExponentialDecayAreRightWhereItIsSlow) {
  // Averaging over 2^l frames changes a decay at rate g by a factor 1 + (g 2^l)^2/12 or so.
  const double rate = 1e-3;
  core::MultiTau<double> kernel(1, 16, 6);
  std::mt19937 generator(25);
  std::normal_distribution<double> normal;
  double value = 0;
  for (int i = 0; i < 2000000; ++i) {
    value = std::exp(-rate) * value + std::sqrt(-std::expm1(-2 * rate)) * normal(generator);
    kernel.push(&value, &value);
  }
  std::vector<double> result(kernel.lags().size());
  kernel.result(Normalisation::normalised, result.data());
  for (std::size_t l = 0; l < result.size(); ++l)
    EXPECT_NEAR(result[l], std::exp(-rate * static_cast<double>(kernel.lags()[l])), 0.12) << kernel.lags()[l];
}

TEST(MultiTauInput, IsRefusedWhereItHasNoMeaning) {
  expect_refused([] { core::MultiTau<double>(0, 4, 2); }, {"without any series"});
  expect_refused([] { core::MultiTau<double>(1, 5, 2); }, {"even number of channels", "5"});
  expect_refused([] { core::MultiTau<double>(1, 4, 0); }, {"1 to 40 levels", "0"});
  core::MultiTau<double> kernel(2, 4, 2);
  const double good[] = {0.1, 1.0}, bad[] = {0.1, std::numeric_limits<double>::quiet_NaN()}, next[] = {0.1, 2.0};
  kernel.push(good, good);
  expect_refused([&] { kernel.push(good, bad); }, {"frame 1 of series 1", "not finite"});
  EXPECT_EQ(kernel.frames(), 1);
  kernel.push(next, next);
  std::vector<double> result(kernel.lags().size() * 2);
  expect_refused([&] { kernel.result(Normalisation::normalised, result.data()); }, {"series 0 is constant"});
}

}  // namespace
}  // namespace ister::tests
