#include "core/kernels/multi_tau.hpp"

#include "tests/unit/correlation_oracle.hpp"

namespace ister::tests {
namespace {

template <class Scalar>
class MultiTau : public testing::Test {};
using Scalars = testing::Types<double, Complex>;
TYPED_TEST_SUITE(MultiTau, Scalars);

constexpr Normalisation normalisations[] = {Normalisation::raw, Normalisation::unbiased, Normalisation::normalised};

/// Correlations of (frame, series) records by way of the definition on averaged frames, (lag, series).
template <class Scalar>
std::vector<Scalar> by_definition(const core::MultiTau<Scalar>& kernel, const std::vector<Scalar>& x,
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
            EXPECT_LT(difference(result, by_definition(kernel, x, y, series, channels, normalisation, present)), 1e-12)
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
