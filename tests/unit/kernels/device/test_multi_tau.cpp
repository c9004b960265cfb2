#include "core/kernels/correlation/multi_tau.hpp"
#include "core/kernels/device/multi_tau.hpp"
#include "tests/unit/kernels/device/arrays.hpp"
#include "tests/unit/kernels/multi_tau_oracle.hpp"

namespace ister::tests {
namespace {

constexpr Normalisation normalisations[] = {Normalisation::raw, Normalisation::unbiased, Normalisation::normalised};

template <class Scalar>
using Kernel = core::device::MultiTau<InKernels<Scalar>>;
template <class Scalar>
using Frame = core::device::Values<const InKernels<Scalar>>;

/// Pushes (frame, series) records.
template <class Scalar>
void push(Kernel<Scalar>& kernel, std::int64_t series, const std::vector<Scalar>& x, const std::vector<Scalar>& y,
          const std::vector<bool>& present) {
  const auto frames = static_cast<std::int64_t>(present.size());
  const auto x_rows = on_device(frames, series, x), y_rows = on_device(frames, series, y);
  for (std::int64_t i = 0; i < frames; ++i)
    if (present[i])
      kernel.push(Frame<Scalar>(x_rows.data() + i * series, series), Frame<Scalar>(y_rows.data() + i * series, series));
    else
      kernel.push_missing();
}

template <class Scalar>
std::vector<Scalar> result_of(const Kernel<Scalar>& kernel, std::int64_t series, Normalisation normalisation) {
  const core::device::Rows<InKernels<Scalar>> result("result", kernel.lags().size(), series);
  kernel.result(normalisation, result);
  return from_device<Scalar>(result);
}

template <class Scalar>
class DeviceMultiTau : public testing::Test {};
using Scalars = testing::Types<double, Complex>;
TYPED_TEST_SUITE(DeviceMultiTau, Scalars);

TYPED_TEST(DeviceMultiTau, IsTheDefinitionOnAveragedFramesAsOnTheHost) {
  for (const std::int64_t series : {1, 5})
    for (const int channels : {2, 4, 16})
      for (const int frames : {1, 2, 37, 150})
        for (const bool gaps : {false, true}) {
          const auto x = noise<TypeParam>(series * frames, 21, 2.0), y = noise<TypeParam>(series * frames, 22, -5.0);
          std::vector<bool> present(static_cast<std::size_t>(frames), true);
          core::MultiTau<TypeParam> host(series, channels, 5);
          for (std::size_t i = 0; i < present.size(); ++i) {
            if (gaps && (i % 11 == 5 || i == 0)) present[i] = false;
            if (present[i])
              host.push(x.data() + i * series, y.data() + i * series);
            else
              host.push_missing();
          }
          Kernel<TypeParam> kernel(series, channels, 5);
          push(kernel, series, x, y, present);
          EXPECT_EQ(kernel.frames(), frames);
          EXPECT_EQ(kernel.lags(), host.lags());
          for (const Normalisation normalisation : normalisations) {
            if (normalisation == Normalisation::normalised && kernel.pairs()[0] < 2) continue;
            const auto result = result_of<TypeParam>(kernel, series, normalisation);
            EXPECT_LT(
                difference(result, multi_tau_by_definition(kernel, x, y, series, channels, normalisation, present)),
                1e-12)
                << series << " series, " << channels << " channels, " << frames << " frames";
            std::vector<TypeParam> by_host(result.size());
            host.result(normalisation, by_host.data());
            EXPECT_LT(difference(result, by_host), 1e-13);
          }
        }
}

TYPED_TEST(DeviceMultiTau, IsTheSameOnAnyThread) {
  const std::int64_t series = 37, frames = 100;
  const auto x = noise<TypeParam>(frames * series, 23, 1e3), y = noise<TypeParam>(frames * series, 24);
  const auto run = [&] {
    Kernel<TypeParam> kernel(series, 8, 4);
    push(kernel, series, x, y, std::vector<bool>(frames, true));
    return result_of<TypeParam>(kernel, series, Normalisation::normalised);
  };
  std::vector<TypeParam> one_thread;
  core::on_one_thread([&] { one_thread = run(); });
  EXPECT_EQ(run(), one_thread);
}

TYPED_TEST(DeviceMultiTau, RefusesInputWithoutMeaning) {
  expect_refused([] { Kernel<TypeParam>(0, 4, 2); }, {"without any series"});
  expect_refused([] { Kernel<TypeParam>(1, 5, 2); }, {"even number of channels", "5"});
  expect_refused([] { Kernel<TypeParam>(1, 4, 0); }, {"1 to 40 levels", "0"});
  Kernel<TypeParam> kernel(2, 4, 2);
  const double nan = std::numeric_limits<double>::quiet_NaN();
  // The second frame is not taken, and series 0 is constant; 0.1 is not a double.
  const std::vector<TypeParam> frames = {0.1, 1.0, 0.1, nan, 0.1, 2.0};
  const auto rows = on_device(3, 2, frames);
  const auto frame = [&](std::int64_t i) { return Frame<TypeParam>(rows.data() + 2 * i, 2); };
  kernel.push(frame(0), frame(0));
  expect_refused([&] { kernel.push(frame(0), frame(1)); }, {"frame 1 of series 1", "not finite"});
  expect_refused([&] { kernel.push(frame(1), frame(0)); }, {"frame 1 of series 1", "not finite"});
  expect_refused([&] { kernel.push(Frame<TypeParam>(rows.data(), 3), frame(0)); }, {"3 and 2 values", "2 series"});
  EXPECT_EQ(kernel.frames(), 1);
  kernel.push(frame(2), frame(2));
  expect_refused([&] { result_of<TypeParam>(kernel, 2, Normalisation::normalised); }, {"series 0 is constant"});
  expect_refused([&] { result_of<TypeParam>(kernel, 3, Normalisation::raw); }, {"6 x 3", "6 x 2"});
  const auto result = result_of<TypeParam>(kernel, 2, Normalisation::raw);
  EXPECT_NEAR(std::real(result[1]), 5.0, 1e-15);
}

}  // namespace
}  // namespace ister::tests
