#include "core/kernels/correlation/correlation.hpp"
#include "core/kernels/correlation/pearson.hpp"
#include "core/kernels/device/lagged_correlation.hpp"
#include "core/kernels/device/pearson.hpp"
#include "tests/unit/kernels/correlation_oracle.hpp"
#include "tests/unit/kernels/device/arrays.hpp"

namespace ister::tests {
namespace {

using core::CorrelationEngine;
using core::CorrelationOptions;

constexpr CorrelationEngine engines[] = {CorrelationEngine::direct, CorrelationEngine::fft};
constexpr Normalisation normalisations[] = {Normalisation::raw, Normalisation::unbiased, Normalisation::normalised};
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

template <class Scalar>
using Kernel = core::device::LaggedCorrelation<InKernels<Scalar>>;

/// x and y of so many rows; where they are the same array, so they are for the kernel.
template <class Scalar>
std::vector<Scalar> correlate(const Kernel<Scalar>& kernel, std::int64_t rows, const std::vector<Scalar>& x,
                              const std::vector<Scalar>& y) {
  const auto x_rows = on_device(rows, kernel.points(), x);
  const auto y_rows = &y == &x ? x_rows : on_device(rows, kernel.points(), y);
  const core::device::Rows<InKernels<Scalar>> result("result", rows, kernel.points());
  Kokkos::deep_copy(result, nan);  // what is there before does not count
  kernel.apply(x_rows, y_rows, result);
  return from_device<Scalar>(result);
}

template <class Scalar>
std::vector<Scalar> row_of(const std::vector<Scalar>& values, std::int64_t row, std::int64_t points) {
  return std::vector<Scalar>(values.begin() + row * points, values.begin() + (row + 1) * points);
}

template <class Scalar>
class DeviceLagged : public testing::Test {};
using Scalars = testing::Types<double, Complex>;
TYPED_TEST_SUITE(DeviceLagged, Scalars);

TYPED_TEST(DeviceLagged, IsTheDefinitionInBothEnginesAtManyLengths) {
  const std::int64_t rows = 3;
  for (const std::int64_t n : {1, 2, 3, 5, 8, 31, 64, 97, 129, 300})
    for (const Normalisation normalisation : normalisations) {
      if (normalisation == Normalisation::normalised && n == 1) continue;
      const auto x = noise<TypeParam>(rows * n, 1, 0.5), y = noise<TypeParam>(rows * n, 2, -2.0);
      for (const CorrelationEngine engine : engines) {
        const Kernel<TypeParam> kernel(n, rows, {normalisation, engine, {}, {}});
        const auto result = correlate(kernel, rows, x, y);
        for (std::int64_t row = 0; row < rows; ++row)
          EXPECT_LT(difference(row_of(result, row, n),
                               lagged_by_definition(row_of(x, row, n), row_of(y, row, n), normalisation)),
                    1e-13)
              << n << " points, engine " << static_cast<int>(engine);
      }
    }
}

TYPED_TEST(DeviceLagged, AgreesWithTheHost) {
  const std::int64_t rows = 4, n = 500;
  const auto x = noise<TypeParam>(rows * n, 3, 1e9), y = noise<TypeParam>(rows * n, 4, -1e9);
  for (const CorrelationEngine engine : engines) {
    const CorrelationOptions options{Normalisation::normalised, engine, {}, {}};
    std::vector<TypeParam> host(x.size());
    core::LaggedCorrelation<TypeParam>(n, options).apply(rows, x.data(), y.data(), host.data());
    EXPECT_LT(difference(correlate(Kernel<TypeParam>(n, rows, options), rows, x, y), host), 1e-13);
  }
}

TYPED_TEST(DeviceLagged, OfARecordWithItselfIsThatOfACopy) {
  const auto x = noise<TypeParam>(300, 5, 1.0), copy = noise<TypeParam>(300, 5, 1.0);
  for (const CorrelationEngine engine : engines) {
    const Kernel<TypeParam> kernel(300, 1, {Normalisation::normalised, engine, {}, {}});
    const auto itself = correlate(kernel, 1, x, x);
    EXPECT_LT(difference(itself, correlate(kernel, 1, x, copy)), 1e-14);
    EXPECT_NEAR(std::real(itself[0]), 1.0, 1e-14);
  }
}

TYPED_TEST(DeviceLagged, LeavesOutPairsThatMissAFrame) {
  for (const std::int64_t n : {5, 40, 333}) {
    auto x = noise<TypeParam>(n, 6, 3.0), y = noise<TypeParam>(n, 7);
    std::vector<bool> present(static_cast<std::size_t>(n), true);
    for (const std::int64_t i : {std::int64_t{0}, std::int64_t{2}, n - 1}) {
      present[i] = false;  // the largest lags are without any pair
      x[i] = y[i] = nan;
    }
    for (const Normalisation normalisation : normalisations)
      for (const CorrelationEngine engine : engines) {
        const Kernel<TypeParam> kernel(n, 1, {normalisation, engine, present, {}});
        EXPECT_LT(difference(correlate(kernel, 1, x, y), lagged_by_definition(x, y, normalisation, present)), 1e-13);
        EXPECT_EQ(kernel.pairs().back(), 0.0);
      }
  }
}

TYPED_TEST(DeviceLagged, TreatsRowsAloneAndTheSameOnAnyThread) {
  const std::int64_t rows = 13, n = 150;
  const auto x = noise<TypeParam>(rows * n, 8), y = noise<TypeParam>(rows * n, 9);
  for (const CorrelationEngine engine : engines) {
    const Kernel<TypeParam> kernel(n, rows, {Normalisation::normalised, engine, {}, {}});
    const auto together = correlate(kernel, rows, x, y);
    std::vector<TypeParam> one_thread;
    core::on_one_thread([&] { one_thread = correlate(kernel, rows, x, y); });
    EXPECT_EQ(together, one_thread);
    for (std::int64_t row = 0; row < rows; ++row)
      EXPECT_EQ(correlate(kernel, 1, row_of(x, row, n), row_of(y, row, n)), row_of(together, row, n));
    EXPECT_TRUE(correlate<TypeParam>(kernel, 0, {}, {}).empty());
  }
}

TYPED_TEST(DeviceLagged, NamesWhatIsNotFinite) {
  const std::int64_t rows = 6, n = 90;
  const auto good = noise<TypeParam>(rows * n, 10);
  for (const double bad : {nan, -std::numeric_limits<double>::infinity()})
    for (const Normalisation normalisation : normalisations) {
      const Kernel<TypeParam> kernel(n, rows, {normalisation, {}, {}, {}});
      auto y = good;
      y[4 * n + 17] = y[5 * n] = bad;
      expect_refused([&] { correlate(kernel, rows, good, y); }, {"record 4 of y", "not finite at index 17"});
      expect_refused([&] { correlate(kernel, rows, y, good); }, {"record 4 of x", "17"});
      expect_refused([&] { correlate(kernel, rows, y, y); }, {"record 4 of x", "17"});
    }
}

TYPED_TEST(DeviceLagged, RefusesConstantRecordsOnlyWhereTheyHaveNoMeaning) {
  const std::int64_t n = 77;
  const auto x = noise<TypeParam>(2 * n, 11);
  auto constant = x;
  std::fill_n(constant.begin() + n, n, TypeParam(0.1));  // its mean is not 0.1 exactly
  for (const CorrelationEngine engine : engines) {
    const Kernel<TypeParam> kernel(n, 2, {Normalisation::normalised, engine, {}, {}});
    expect_refused([&] { correlate(kernel, 2, x, constant); }, {"record 1 of y is constant"});
    expect_refused([&] { correlate(kernel, 2, constant, x); }, {"record 1 of x is constant"});
    const Kernel<TypeParam> unbiased(n, 2, {Normalisation::unbiased, engine, {}, {}});
    EXPECT_LT(difference(row_of(correlate(unbiased, 2, x, constant), 1, n),
                         lagged_by_definition(row_of(x, 1, n), row_of(constant, 1, n), Normalisation::unbiased)),
              1e-13);
  }
}

TYPED_TEST(DeviceLagged, RefusesSizesThatDoNotMatch) {
  expect_refused([] { Kernel<TypeParam>(0, 1); }, {"without any frame"});
  expect_refused([] { Kernel<TypeParam>(5, 0); }, {"without any row"});
  expect_refused([] { Kernel<TypeParam>(5, 1, {{}, {}, std::vector<bool>(4, true), {}}); }, {"4 frames", "have 5"});
  const Kernel<TypeParam> kernel(5, 2);
  const core::device::Rows<InKernels<TypeParam>> two("two", 2, 5), three("three", 3, 5), wide("wide", 2, 6);
  expect_refused([&] { kernel.apply(three, three, three); }, {"3 rows", "room for 2"});
  expect_refused([&] { kernel.apply(two, wide, two); }, {"y is an array of 2 x 6", "2 x 5"});
  expect_refused([&] { kernel.apply(two, two, three); }, {"the correlation is an array of 3 x 5"});
}

TEST(DeviceLaggedEngine, IsChosenByTheThresholdUnlessPinned) {
  CorrelationOptions options;
  options.thresholds.correlation_fft_from = 50;
  EXPECT_EQ(Kernel<double>(49, 1, options).engine(), CorrelationEngine::direct);
  EXPECT_EQ(Kernel<double>(50, 1, options).engine(), CorrelationEngine::fft);
  options.engine = CorrelationEngine::direct;
  EXPECT_EQ(Kernel<double>(50, 1, options).engine(), CorrelationEngine::direct);
}

std::vector<double> pearson(std::int64_t x_rows, std::int64_t y_rows, std::int64_t n, const std::vector<double>& x,
                            const std::vector<double>& y) {
  const core::device::Rows<double> result("result", x_rows, y_rows);
  core::device::PearsonCorrelation(x_rows, y_rows, n).apply(on_device(x_rows, n, x), on_device(y_rows, n, y), result);
  return from_device<double>(result);
}

TEST(DevicePearson, IsTheDefinitionForEveryPairOfRowsAsOnTheHost) {
  for (const auto& [x_rows, y_rows, n] :
       std::vector<std::array<std::int64_t, 3>>{{1, 1, 2}, {3, 5, 7}, {10, 9, 1500}, {40, 60, 33}}) {
    const auto x = noise<double>(x_rows * n, 12, 4.0), y = noise<double>(y_rows * n, 13, -1e6);
    const auto result = pearson(x_rows, y_rows, n, x, y);
    std::vector<double> expected, host(result.size()), one_thread;
    for (std::int64_t i = 0; i < x_rows; ++i)
      for (std::int64_t j = 0; j < y_rows; ++j)
        expected.push_back(
            lagged_by_definition(row_of(x, i, n), row_of(y, j, n), Normalisation::normalised, {}, 1).front());
    EXPECT_LT(difference(result, expected), 1e-13);
    core::PearsonCorrelation(x_rows, y_rows, n).apply(x.data(), y.data(), host.data());
    EXPECT_LT(difference(result, host), 1e-13);
    core::on_one_thread(
        [&, x_rows = x_rows, y_rows = y_rows, n = n] { one_thread = pearson(x_rows, y_rows, n, x, y); });
    EXPECT_EQ(result, one_thread);
  }
}

TEST(DevicePearson, NamesRowsThatHaveNone) {
  auto x = noise<double>(3 * 20, 14), y = noise<double>(2 * 20, 15);
  std::fill_n(y.begin() + 20, 20, 0.1);
  expect_refused([&] { pearson(3, 2, 20, x, y); }, {"row 1 of y is constant"});
  for (const double bad : {nan, std::numeric_limits<double>::infinity()}) {
    x[45] = bad;
    expect_refused([&] { pearson(3, 2, 20, x, y); }, {"row 2 of x is not finite at index 5"});
  }
  expect_refused([] { core::device::PearsonCorrelation(1, 1, 0); }, {"without any point"});
  const core::device::PearsonCorrelation kernel(2, 3, 4);
  const core::device::Rows<double> two("two", 2, 4), three("three", 3, 4);
  expect_refused([&] { kernel.apply(two, three, two); }, {"the correlation is an array of 2 x 4", "2 x 3"});
}

}  // namespace
}  // namespace ister::tests
