#include "core/kernels/two_time.hpp"

#include "tests/unit/correlation_oracle.hpp"

namespace ister::tests {
namespace {

/// A bin with its modes frame by frame, beside the record that the kernels see.
struct Bin {
  std::int64_t frames, modes;
  std::vector<Complex> values;
  std::vector<double> weights;
  std::vector<bool> present;

  Bin(std::int64_t n, std::int64_t k, bool masks) : frames(n), modes(k), values(noise<Complex>(n * k, 31, 0.3)) {
    for (std::int64_t m = 0; m < k; ++m)
      weights.push_back(masks && m % 5 == 1 ? 0.0 : 1.0 + static_cast<double>(m % 2));
    for (std::int64_t t = 0; t < n; ++t) {
      present.push_back(!(masks && t % 7 == 3));
      for (std::int64_t m = 0; m < k; ++m)
        if (weights[m] == 0 || !present[t]) values[t * k + m] = std::numeric_limits<double>::quiet_NaN();
    }
  }

  [[nodiscard]] core::ModeRecord record() const {
    core::ModeRecord result(frames, weights);
    for (std::int64_t t = 0; t < frames; ++t) {
      if (present[t])
        result.push(values.data() + t * modes);
      else
        result.push_missing();
    }
    return result;
  }

  /// Weighted mean over the modes of f(a(t1), a(t2)).
  template <class Function>
  [[nodiscard]] LongComplex mean(std::int64_t t1, std::int64_t t2, const Function& f) const {
    if (!present[t1] || !present[t2]) return std::numeric_limits<long double>::quiet_NaN();
    LongComplex sum;
    long double total = 0;
    for (std::int64_t m = 0; m < modes; ++m)
      if (weights[m] > 0) {
        total += static_cast<long double>(weights[m]);
        sum += static_cast<long double>(weights[m]) * f(widen(values[t1 * modes + m]), widen(values[t2 * modes + m]));
      }
    return sum / total;
  }
};

LongComplex product(LongComplex a, LongComplex b) { return std::conj(a) * b; }

struct Shape {
  std::int64_t frames, modes;
  bool masks;
};
constexpr Shape shapes[] = {{1, 1, false}, {2, 3, false}, {23, 7, true}, {9, 700, true}, {64, 257, false}};

TEST(TwoTime, IntensitiesAreTheDefinition) {
  for (const auto& [frames, modes, masks] : shapes) {
    const Bin bin(frames, modes, masks);
    std::vector<double> result(static_cast<std::size_t>(frames * frames)), expected;
    core::TwoTimeCorrelation kernel(frames + 3);
    kernel.intensity(bin.record(), result.data());
    for (std::int64_t i = 0; i < frames; ++i)
      for (std::int64_t j = 0; j < frames; ++j) {
        const auto both = bin.mean(i, j, [](auto a, auto b) { return LongComplex(std::norm(a) * std::norm(b)); });
        const auto first = bin.mean(i, i, product), second = bin.mean(j, j, product);
        expected.push_back(static_cast<double>(both.real() / first.real() / second.real()));
      }
    EXPECT_LT(difference(result, expected), 1e-13);
    std::vector<double> one_thread(result.size());
    core::on_one_thread([&] { kernel.intensity(bin.record(), one_thread.data()); });
    EXPECT_EQ(difference(one_thread, result), 0.0);
  }
}

TEST(TwoTime, AmplitudesAreTheDefinition) {
  for (const auto& [frames, modes, masks] : shapes) {
    const Bin bin(frames, modes, masks);
    std::vector<Complex> result(static_cast<std::size_t>(frames * frames)), expected(result.size());
    core::TwoTimeCorrelation(frames).amplitude(bin.record(), result.data());
    for (std::int64_t i = 0; i < frames; ++i)
      for (std::int64_t j = 0; j < frames; ++j) narrow(bin.mean(i, j, product), expected[i * frames + j]);
    EXPECT_LT(difference(result, expected), 1e-13);
  }
}

TEST(Scattering, IsTheMeanOverDiagonalsOfTheTwoTimeCorrelation) {
  for (const auto& [frames, modes, masks] : shapes)
    for (const core::CorrelationEngine engine : {core::CorrelationEngine::direct, core::CorrelationEngine::fft}) {
      const Bin bin(frames, modes, masks);
      std::vector<Complex> two_time(static_cast<std::size_t>(frames * frames));
      core::TwoTimeCorrelation(frames).amplitude(bin.record(), two_time.data());
      std::vector<double> result(static_cast<std::size_t>(frames)), expected;
      core::ScatteringFunction(bin.present, engine).apply(bin.record(), result.data());
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
