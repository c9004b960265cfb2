#include "core/kernels/correlation/two_time.hpp"

#include "tests/unit/kernels/mode_bin.hpp"

namespace ister::tests {
namespace {

core::ModeRecord record_of(const Bin& bin) {
  core::ModeRecord result(bin.frames, bin.weights);
  for (std::int64_t t = 0; t < bin.frames; ++t) {
    if (bin.present[t])
      result.push(bin.values.data() + t * bin.modes);
    else
      result.push_missing();
  }
  return result;
}

TEST(TwoTime, IntensitiesAreTheDefinition) {
  for (const auto& [frames, modes, masks] : bin_shapes) {
    const Bin bin(frames, modes, masks);
    std::vector<double> result(static_cast<std::size_t>(frames * frames));
    core::TwoTimeCorrelation kernel(frames + 3);
    kernel.intensity(record_of(bin), result.data());
    EXPECT_LT(difference(result, intensity_by_definition(bin)), 1e-13);
    std::vector<double> one_thread(result.size());
    core::on_one_thread([&] { kernel.intensity(record_of(bin), one_thread.data()); });
    EXPECT_EQ(difference(one_thread, result), 0.0);
  }
}

TEST(TwoTime, AmplitudesAreTheDefinition) {
  for (const auto& [frames, modes, masks] : bin_shapes) {
    const Bin bin(frames, modes, masks);
    std::vector<Complex> result(static_cast<std::size_t>(frames * frames));
    core::TwoTimeCorrelation(frames).amplitude(record_of(bin), result.data());
    EXPECT_LT(difference(result, amplitude_by_definition(bin)), 1e-13);
  }
}

TEST(Scattering, IsTheMeanOverDiagonalsOfTheTwoTimeCorrelation) {
  for (const auto& [frames, modes, masks] : bin_shapes)
    for (const core::CorrelationEngine engine : {core::CorrelationEngine::direct, core::CorrelationEngine::fft}) {
      const Bin bin(frames, modes, masks);
      std::vector<Complex> two_time(static_cast<std::size_t>(frames * frames));
      core::TwoTimeCorrelation(frames).amplitude(record_of(bin), two_time.data());
      std::vector<double> result(static_cast<std::size_t>(frames)), expected;
      core::ScatteringFunction(bin.present, engine).apply(record_of(bin), result.data());
      for (std::int64_t tau = 0; tau < frames; ++tau) {
        double sum = 0, pairs = 0;
        for (std::int64_t t = 0; t + tau < frames; ++t)
          if (bin.present[t] && bin.present[t + tau]) {
            sum += two_time[t * frames + t + tau].real();
            ++pairs;
          }
        expected.push_back(sum / pairs);
      }
      EXPECT_LT(difference(result, expected), 1e-13);
    }
}

TEST(Scattering, OfDecayingGaussianModesObeysTheSiegertRelation) {
  // Complex Gaussian modes that decay at rate g: f = exp(-g tau), and C2 - 1 = |f|^2.
  const std::int64_t frames = 40, modes = 20000;
  const double decay = std::exp(-0.1);
  core::ModeRecord record(frames, std::vector<double>(modes, 1.0));
  std::mt19937 generator(32);
  std::normal_distribution<double> normal(0.0, std::sqrt(0.5));
  std::vector<Complex> values(modes);
  for (Complex& a : values) a = {normal(generator), normal(generator)};
  for (std::int64_t t = 0; t < frames; ++t) {
    record.push(values.data());
    for (Complex& a : values)
      a = decay * a + std::sqrt(1 - decay * decay) * Complex(normal(generator), normal(generator));
  }
  std::vector<double> f(frames), c2(frames * frames);
  core::ScatteringFunction(record.present()).apply(record, f.data());
  core::TwoTimeCorrelation(frames).intensity(record, c2.data());
  for (std::int64_t tau = 0; tau < frames; ++tau) {
    const double expected = std::pow(decay, static_cast<double>(tau));
    EXPECT_NEAR(f[tau] / f[0], expected, 0.02);
    EXPECT_NEAR(c2[tau], core::siegert(1.0, expected), 0.06);
  }
  EXPECT_DOUBLE_EQ(core::siegert(0.25, -0.5), 1.0625);
}

TEST(ModeRecord, RefusesWhatHasNoMeaning) {
  expect_refused([] { core::ModeRecord(0, {1.0}); }, {"needs frames and modes"});
  expect_refused([] { core::ModeRecord(1, {}); }, {"needs frames and modes"});
  expect_refused([] { core::ModeRecord(1, {1.0, -2.0}); }, {"weight of mode 1"});
  expect_refused([] { core::ModeRecord(1, {0.0, 0.0}); }, {"all modes of the bin are masked"});
  core::ModeRecord record(2, {1.0, 1.0, 0.0});
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const Complex good[] = {1.0, {0.0, 1.0}, nan}, bad[] = {1.0, {0.0, nan}, 0.0}, dark[] = {0.0, 0.0, 1.0};
  record.push(good);
  expect_refused([&] { record.push(bad); }, {"mode 1 of frame 1", "not finite"});
  record.push(dark);
  expect_refused([&] { record.push(good); }, {"2 frames", "one more"});
  std::vector<double> c2(4);
  expect_refused([&] { core::TwoTimeCorrelation(2).intensity(record, c2.data()); }, {"frame 1 has no intensity"});
  expect_refused([&] { core::TwoTimeCorrelation(1).intensity(record, c2.data()); }, {"2 frames", "room for 1"});
  expect_refused([&] { core::ScatteringFunction({true, false}).apply(record, c2.data()); }, {"not those"});
}

}  // namespace
}  // namespace ister::tests
