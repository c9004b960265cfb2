#include "core/kernels/correlation/correlation.hpp"

#include <numeric>

#include "core/kernels/correlation/pearson.hpp"
#include "tests/unit/kernels/correlation_oracle.hpp"

namespace ister::tests {
namespace {

using core::CorrelationEngine;
using core::CorrelationOptions;
using core::LaggedCorrelation;

constexpr CorrelationEngine engines[] = {CorrelationEngine::direct, CorrelationEngine::fft};
constexpr Normalisation normalisations[] = {Normalisation::raw, Normalisation::unbiased, Normalisation::normalised};

template <class Scalar>
std::vector<Scalar> correlate(const std::vector<Scalar>& x, const std::vector<Scalar>& y,
                              const CorrelationOptions& options) {
  std::vector<Scalar> result(x.size());
  LaggedCorrelation<Scalar>(static_cast<std::int64_t>(x.size()), options).apply(1, x.data(), y.data(), result.data());
  return result;
}

template <class Scalar>
class Lagged : public testing::Test {};
using Scalars = testing::Types<double, Complex>;
TYPED_TEST_SUITE(Lagged, Scalars);

TYPED_TEST(Lagged, IsTheDefinitionInBothEnginesAtManyLengths) {
  for (const int n : {1, 2, 3, 4, 5, 7, 8, 9, 31, 32, 33, 63, 64, 65, 97, 128, 211, 512})
    for (const Normalisation normalisation : normalisations) {
      if (normalisation == Normalisation::normalised && n == 1) continue;
      const auto x = noise<TypeParam>(n, 1, 0.5), y = noise<TypeParam>(n, 2, -2.0);
      const auto expected = lagged_by_definition(x, y, normalisation);
      for (const CorrelationEngine engine : engines)
        EXPECT_LT(difference(correlate(x, y, {normalisation, engine, {}, {}}), expected), 1e-13)
            << n << " points, engine " << static_cast<int>(engine);
    }
}

TYPED_TEST(Lagged, OfARecordWithItselfIsThatOfACopy) {
  const auto x = noise<TypeParam>(300, 3, 1.0), copy = x;
  for (const CorrelationEngine engine : engines) {
    const CorrelationOptions options{Normalisation::normalised, engine, {}, {}};
    const auto itself = correlate(x, x, options);
    EXPECT_LT(difference(itself, correlate(x, copy, options)), 1e-14);
    EXPECT_NEAR(std::real(itself[0]), 1.0, 1e-14);
  }
}

TYPED_TEST(Lagged, LeavesOutPairsThatMissAFrame) {
  for (const int n : {5, 40, 333}) {
    auto x = noise<TypeParam>(n, 4, 3.0), y = noise<TypeParam>(n, 5);
    std::vector<bool> present(static_cast<std::size_t>(n), true);
    for (std::size_t i : {std::size_t{0}, std::size_t{2}, static_cast<std::size_t>(n) - 1}) {
      present[i] = false;  // the largest lags are without any pair
      x[i] = y[i] = std::numeric_limits<double>::quiet_NaN();
    }
    for (const Normalisation normalisation : normalisations)
      for (const CorrelationEngine engine : engines)
        EXPECT_LT(difference(correlate(x, y, {normalisation, engine, present, {}}),
                             lagged_by_definition(x, y, normalisation, present)),
                  1e-13);
  }
}

TYPED_TEST(Lagged, RemovesMeansThatDwarfTheVariation) {
  const auto x = noise<TypeParam>(200, 6, 1e9), y = noise<TypeParam>(200, 7, -1e9);
  const auto expected = lagged_by_definition(x, y, Normalisation::normalised);
  for (const CorrelationEngine engine : engines)
    EXPECT_LT(difference(correlate(x, y, {Normalisation::normalised, engine, {}, {}}), expected), 1e-13);
}

TYPED_TEST(Lagged, TreatsRowsAloneAndTheSameOnAnyThread) {
  const std::int64_t rows = 13, n = 150;
  const auto x = noise<TypeParam>(rows * n, 8), y = noise<TypeParam>(rows * n, 9);
  for (const CorrelationEngine engine : engines) {
    const LaggedCorrelation<TypeParam> kernel(n, {Normalisation::normalised, engine, {}, {}});
    std::vector<TypeParam> together(x.size()), alone(x.size()), one_thread(x.size());
    kernel.apply(rows, x.data(), y.data(), together.data());
    for (std::int64_t row = 0; row < rows; ++row)
      kernel.apply(1, x.data() + row * n, y.data() + row * n, alone.data() + row * n);
    core::on_one_thread([&] { kernel.apply(rows, x.data(), y.data(), one_thread.data()); });
    EXPECT_EQ(together, alone);
    EXPECT_EQ(together, one_thread);
  }
}

TYPED_TEST(Lagged, NamesWhatIsNotFinite) {
  const std::int64_t rows = 6, n = 90;
  const auto good = noise<TypeParam>(rows * n, 10);
  std::vector<TypeParam> result(good.size());
  for (const double bad : {std::numeric_limits<double>::quiet_NaN(), -std::numeric_limits<double>::infinity()})
    for (const Normalisation normalisation : normalisations)
      for (const CorrelationEngine engine : engines) {
        const LaggedCorrelation<TypeParam> kernel(n, {normalisation, engine, {}, {}});
        auto y = good;
        y[4 * n + 17] = y[5 * n] = bad;
        expect_refused([&] { kernel.apply(rows, good.data(), y.data(), result.data()); },
                       {"record 4 of y", "not finite at index 17"});
        expect_refused([&] { kernel.apply(rows, y.data(), good.data(), result.data()); }, {"record 4 of x", "17"});
      }
}

TYPED_TEST(Lagged, RefusesConstantRecordsOnlyWhereTheyHaveNoMeaning) {
  const auto x = noise<TypeParam>(77, 11);
  const std::vector<TypeParam> constant(77, TypeParam(0.1));  // its mean is not 0.1 exactly
  for (const CorrelationEngine engine : engines) {
    expect_refused(
        [&] {
          correlate(x, constant, {Normalisation::normalised, engine, {}, {}});
        },
        {"record 0 of y is constant"});
    expect_refused(
        [&] {
          correlate(constant, x, {Normalisation::normalised, engine, {}, {}});
        },
        {"record 0 of x is constant"});
    EXPECT_LT(difference(correlate(x, constant, {Normalisation::unbiased, engine, {}, {}}),
                         lagged_by_definition(x, constant, Normalisation::unbiased)),
              1e-13);
  }
}

TYPED_TEST(Lagged, RefusesSizesThatDoNotMatch) {
  expect_refused([] { LaggedCorrelation<TypeParam>(0); }, {"without any frame"});
  expect_refused(
      [] {
        LaggedCorrelation<TypeParam>(5, {{}, {}, std::vector<bool>(4, true), {}});
      },
      {"4 frames", "records have 5"});
  expect_refused(
      [] {
        LaggedCorrelation<TypeParam>(5, {{}, {}, std::vector<bool>(5, false), {}});
      },
      {"leaves no frame"});
}

TEST(LaggedEngine, LongLagsKeepTheirDigits) {
  const auto x = noise<double>(30000, 3, 3.0);
  const auto direct = correlate(x, x, {Normalisation::unbiased, CorrelationEngine::direct, {}, {}});
  EXPECT_LT(difference(correlate(x, x, {Normalisation::unbiased, CorrelationEngine::fft, {}, {}}), direct), 2e-13);
}

TEST(LaggedEngine, IsChosenByTheThresholdUnlessPinned) {
  CorrelationOptions options;
  options.thresholds.correlation_fft_from = 50;
  EXPECT_EQ(LaggedCorrelation<double>(49, options).engine(), CorrelationEngine::direct);
  EXPECT_EQ(LaggedCorrelation<double>(50, options).engine(), CorrelationEngine::fft);
  options.engine = CorrelationEngine::direct;
  EXPECT_EQ(LaggedCorrelation<double>(50, options).engine(), CorrelationEngine::direct);
}

TEST(LaggedEngine, FastLengthsHaveSmallFactorsOnly) {
  for (std::int64_t n = 1; n < 3000; ++n) {
    std::int64_t rest = core::fast_length(n, 4);
    EXPECT_GE(rest, n);
    EXPECT_LE(rest, n + n / 8 + 8);
    EXPECT_EQ(rest % 4, 0);
    for (const int factor : {2, 3, 5, 7})
      while (rest % factor == 0) rest /= factor;
    EXPECT_EQ(rest, 1) << n;
  }
}

TEST(Pearson, IsTheDefinitionForEveryPairOfRows) {
  for (const auto& [x_rows, y_rows, n] :
       std::vector<std::array<int, 3>>{{1, 1, 2}, {3, 5, 7}, {10, 9, 1500}, {4, 8, 512}}) {
    const auto x = noise<double>(x_rows * n, 12, 4.0), y = noise<double>(y_rows * n, 13, -1e6);
    std::vector<double> result(static_cast<std::size_t>(x_rows * y_rows)), expected;
    core::PearsonCorrelation(x_rows, y_rows, n).apply(x.data(), y.data(), result.data());
    for (int i = 0; i < x_rows; ++i)
      for (int j = 0; j < y_rows; ++j)
        expected.push_back(lagged_by_definition(std::vector<double>(x.begin() + i * n, x.begin() + (i + 1) * n),
                                                std::vector<double>(y.begin() + j * n, y.begin() + (j + 1) * n),
                                                Normalisation::normalised, {}, 1)
                               .front());
    EXPECT_LT(difference(result, expected), 1e-13);
    std::vector<double> one_thread(result.size());
    core::on_one_thread(
        [&] { core::PearsonCorrelation(x_rows, y_rows, n).apply(x.data(), y.data(), one_thread.data()); });
    EXPECT_EQ(result, one_thread);
  }
}

TEST(Pearson, NamesRowsThatHaveNone) {
  auto x = noise<double>(3 * 20, 14), y = noise<double>(2 * 20, 15);
  std::vector<double> result(6);
  core::PearsonCorrelation kernel(3, 2, 20);
  std::fill_n(y.begin() + 20, 20, 0.1);
  expect_refused([&] { kernel.apply(x.data(), y.data(), result.data()); }, {"row 1 of y is constant"});
  x[45] = std::numeric_limits<double>::quiet_NaN();
  expect_refused([&] { kernel.apply(x.data(), y.data(), result.data()); }, {"row 2 of x is not finite at index 5"});
  expect_refused([] { core::PearsonCorrelation(1, 1, 0); }, {"without any point"});
}

}  // namespace
}  // namespace ister::tests
