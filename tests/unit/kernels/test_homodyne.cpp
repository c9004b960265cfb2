#include "core/kernels/homodyne/homodyne.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/base/error.hpp"
#include "tests/unit/kernels/homodyne_oracle.hpp"

namespace ister::tests {
namespace {

using namespace core;

HomodyneSetup rheology() {
  HomodyneSetup setup;
  setup.q = 0.0054;
  setup.gap = 2e6;
  setup.dt = 0.1;
  setup.angles = {0.0, 36.0, 95.0};
  return setup;
}

constexpr HomodyneParameters flowing = {1e3, -0.5, 50.0, 0.01, -0.3, 0.001, 5.0};

/// 1.02 + contrast |g1|^2 + noise, all of n x n.
std::vector<double> sample(const HomodyneSetup& setup, const HomodyneParameters& p, int n, double contrast,
                           double noise, bool symmetric = true) {
  std::mt19937_64 generator(3);
  std::normal_distribution<double> normal(0.0, noise > 0.0 ? noise : 1.0);
  const auto size = static_cast<std::size_t>(n * n);
  std::vector<double> values(setup.angles.size() * size);
  for (std::size_t a = 0; a < setup.angles.size(); ++a)
    for (int i = 0; i < n; ++i)
      for (int j = 0; j < n; ++j) {
        const long double model =
            i == j ? 1 : tests::oracle_model(setup, p, setup.angles[a], std::min(i, j), std::max(i, j));
        const double error = noise > 0.0 ? normal(generator) : 0.0;
        double& value = values[a * size + static_cast<std::size_t>(i * n + j)];
        value = symmetric && j < i ? values[a * size + static_cast<std::size_t>(j * n + i)]
                                   : static_cast<double>(1.02L + contrast * model) + error;
      }
  return values;
}

void expect_oracle(const HomodyneSetup& setup, const HomodyneParameters& p, int n, const std::vector<double>& observed,
                   const std::vector<double>& sigma, double tolerance = 1e-12) {
  Homodyne model(setup, n, observed, sigma);
  std::vector<HomodyneScaling> plain(setup.angles.size()), derived(setup.angles.size());
  HomodyneDerivatives derivatives{};
  model.evaluate(&p, 1, plain.data());
  model.evaluate(&p, 1, derived.data(), &derivatives);
  for (std::size_t a = 0; a < setup.angles.size(); ++a) {
    const OracleScaling expected = tests::oracle_scaling(setup, p, n, static_cast<int>(a), observed, sigma);
    for (const HomodyneScaling& got : {plain[a], derived[a]}) {
      EXPECT_NEAR(got.contrast, static_cast<double>(expected.contrast), tolerance * std::abs(expected.contrast));
      EXPECT_NEAR(got.offset, static_cast<double>(expected.offset), tolerance * std::abs(expected.offset));
      EXPECT_NEAR(got.chi_squared, static_cast<double>(expected.chi_squared), tolerance * expected.chi_squared);
    }
  }
}

TEST(Homodyne, QuotedValues) {
  HomodyneSetup setup;
  setup.q = setup.gap = 1.0;
  const HomodyneParameters p = {0.05, 0.0, 0.0, 1.5, 0.0, 0.0, 0.0};
  EXPECT_NEAR(homodyne_g1_squared(setup, p, 0.0, 0.0, 2.0), 0.36206, 5e-6);
  EXPECT_NEAR(homodyne_g1_squared(setup, p, 60.0, 2.0, 0.0), 0.67628, 5e-6);
  EXPECT_NEAR(homodyne_g1_squared(setup, p, 90.0, 0.0, 2.0), 0.81873, 5e-6);
}

/// Tracers at heights y in [0, h] move by gamma y t along the flow and diffuse.
TEST(Homodyne, BrownianTracersInShear) {
  constexpr int tracers = 200000;
  HomodyneSetup setup;
  setup.q = setup.gap = 1.0;
  const HomodyneParameters p = {0.05, 0.0, 0.0, 1.5, 0.0, 0.0, 0.0};
  std::mt19937_64 generator(1);
  std::normal_distribution<double> kick(0.0, std::sqrt(2.0 * 0.05 * 2.0));
  std::uniform_real_distribution<double> height(0.0, 1.0);
  for (const double phi : {0.0, 60.0, 90.0}) {
    double re = 0.0, im = 0.0;
    for (int k = 0; k < tracers; ++k) {
      const double along = std::cos(phi * 0.017453292519943295) * 1.5 * height(generator) * 2.0 + kick(generator);
      re += std::cos(along) / tracers;
      im += std::sin(along) / tracers;
    }
    EXPECT_NEAR(re * re + im * im, homodyne_g1_squared(setup, p, phi, 0.0, 2.0), 0.006) << phi;
  }
}

TEST(Homodyne, AgreesWithDirectEvaluationForAnyNumberOfFrames) {
  for (const int n : {3, 8, 31, 32, 33, 64, 65})
    for (const bool diagonal : {false, true}) {
      SCOPED_TRACE(n);
      HomodyneSetup setup = rheology();
      setup.diagonal = diagonal;
      // few points hardly determine a contrast
      expect_oracle(setup, flowing, n, sample(setup, flowing, n, 0.2, 0.01), {0.01}, n < 8 ? 1e-10 : 1e-12);
    }
}

TEST(Homodyne, AgreesWithDirectEvaluationForAnyParameters) {
  HomodyneSetup setup = rheology();
  setup.diagonal = true;
  const HomodyneParameters cases[] = {
      {1e3, -1.0, 0.0, 0.01, -1.3, 0.001, 5.0},      // logarithm, and beyond
      {1e3, -0.5, -400.0, -0.02, -0.2, 0.013, 5.0},  // the floor begins and ends to clip
      {1e3, 0.0, 0.0, 0.0, 0.0, 0.0, 5.0},           // no shear: sinc(0)
      {500.0, 0.0, 0.0, 1e-7, 0.0, 0.0, 5.0},        // phases of 1e-5
      {1.0, 0.0, 0.0, 3.0, 0.3, 0.0, 5.0},           // phases of 1e5
      {1e8, 0.0, 0.0, 0.01, 0.0, 0.0, 5.0},          // exponentials out of range within a block
      {1e3, 1.8, 0.0, 1e-4, 1.5, 0.0, -170.0},
  };
  for (const HomodyneParameters& p : cases) {
    SCOPED_TRACE(&p - cases);
    expect_oracle(setup, p, 70, sample(setup, flowing, 70, 0.2, 0.01), {0.01, 0.02, 0.03}, 2e-12);
  }
}

TEST(Homodyne, WeighsEachPoint) {
  HomodyneSetup setup = rheology();
  setup.diagonal = true;
  for (int i = 0; i < 45; ++i) setup.frames.push_back(3 * i + (i > 20 ? 17 : 0));
  const std::vector<double> observed = sample(setup, flowing, 45, 0.2, 0.05);
  std::vector<double> sigma(observed.size());
  for (std::size_t k = 0; k < sigma.size(); ++k) sigma[k] = 0.01 + 0.001 * static_cast<double>(k % 91);
  expect_oracle(setup, flowing, 45, observed, sigma);
}

TEST(Homodyne, TakesTheTimesOfFramesApart) {
  for (const HomodyneFormulas formulas : {HomodyneFormulas::exact, HomodyneFormulas::version_1}) {
    HomodyneSetup setup = rheology();
    setup.formulas = formulas;
    setup.frames = {2, 3, 9, 10, 11};
    for (int i = 0; i < 40; ++i) setup.frames.push_back(13 + i * (i + 3) / 2);
    expect_oracle(setup, flowing, 45, sample(setup, flowing, 45, 0.2, 0.05),
                  formulas == HomodyneFormulas::exact ? std::vector<double>{0.05} : std::vector<double>{});
  }
}

TEST(Homodyne, VersionOneIsItsFormulas) {
  HomodyneSetup setup = rheology();
  setup.formulas = HomodyneFormulas::version_1;
  const std::vector<double> observed = sample(setup, flowing, 50, 0.2, 0.02, false);
  expect_oracle(setup, flowing, 50, observed, {});
  const HomodyneParameters clipped = {1e3, -0.5, -700.0, 0.01, -0.3, -0.004, 5.0};
  expect_oracle(setup, clipped, 50, observed, {});
  EXPECT_EQ(Homodyne(setup, 50, observed, {}).degrees_of_freedom(7), 3 * (50 * 50 - 7));
}

TEST(Homodyne, TinyContrastKeepsItsDigits) {
  const HomodyneSetup setup = rheology();
  Homodyne model(setup, 200, sample(setup, flowing, 200, 1e-8, 0.0), {1.0});
  HomodyneScaling scalings[3];
  model.evaluate(&flowing, 1, scalings);
  for (const HomodyneScaling& s : scalings) EXPECT_NEAR(s.contrast, 1e-8, 1e-14);
}

/// A model that hardly varies, and data that follow it: chi-squared is what rounding leaves.
TEST(Homodyne, FlatModelsAndPerfectDataKeepTheirDigits) {
  const HomodyneSetup setup = rheology();
  const HomodyneParameters slow = {1e-3, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
  Homodyne model(setup, 60, sample(setup, slow, 60, 0.3, 0.0), {1e-3});
  HomodyneScaling scalings[3];
  model.evaluate(&slow, 1, scalings);
  EXPECT_NEAR(scalings[0].contrast, 0.3, 1e-8);
  EXPECT_LT(scalings[0].chi_squared, 1e-20);
  expect_oracle(setup, flowing, 60, sample(setup, flowing, 60, 0.3, 1e-9), {1e-9}, 1e-6);
  const HomodyneParameters still = {};
  model.evaluate(&still, 1, scalings);
  EXPECT_EQ(scalings[0].contrast, 0.0);
  EXPECT_NEAR(scalings[0].offset, 1.32, 1e-6);
}

double total(const std::vector<HomodyneScaling>& scalings) {
  double sum = 0.0;
  for (const HomodyneScaling& s : scalings) sum += s.chi_squared;
  return sum;
}

TEST(Homodyne, GradientIsThatOfFiniteDifferences) {
  for (const HomodyneFormulas formulas : {HomodyneFormulas::exact, HomodyneFormulas::version_1}) {
    HomodyneSetup setup = rheology();
    setup.formulas = formulas;
    const std::vector<double> observed = sample(setup, flowing, 40, 0.2, 0.01);
    Homodyne model(setup, 40, observed,
                   formulas == HomodyneFormulas::exact ? std::vector<double>{0.01} : std::vector<double>{});
    const HomodyneParameters p = {900.0, -0.45, 60.0, 0.012, -0.25, 0.0012, 7.0};
    std::vector<HomodyneScaling> s(3);
    HomodyneDerivatives d{};
    model.evaluate(&p, 1, s.data(), &d);
    for (std::size_t k = 0; k < p.size(); ++k) {
      const auto at = [&](double h) {
        HomodyneParameters moved = p;
        moved[k] += h;
        model.evaluate(&moved, 1, s.data());
        return total(s);
      };
      const double h = 1e-4 * std::abs(p[k]);
      const double slope = (8.0 * (at(h) - at(-h)) - (at(2.0 * h) - at(-2.0 * h))) / (12.0 * h);
      EXPECT_NEAR(d.gradient[k], slope, 1e-7 * std::abs(slope)) << homodyne_names[k];
    }
  }
}

/// At data without noise J^T J is that of the residuals with contrast and offset fitted anew for each step.
TEST(Homodyne, NormalMatrixIsThatOfTheResiduals) {
  const HomodyneSetup setup = rheology();
  constexpr int n = 40;
  Homodyne model(setup, n, sample(setup, flowing, n, 0.2, 0.0), {0.01, 0.02, 0.03});
  std::vector<HomodyneScaling> s(3);
  HomodyneDerivatives d{};
  model.evaluate(&flowing, 1, s.data(), &d);
  std::vector<std::vector<double>> jacobian(flowing.size());
  for (std::size_t k = 0; k < flowing.size(); ++k) {
    const double h = 1e-5 * std::abs(flowing[k]);
    for (const double side : {1.0, -1.0}) {
      HomodyneParameters moved = flowing;
      moved[k] += side * h;
      model.evaluate(&moved, 1, s.data());
      std::vector<double> all;
      for (int a = 0; a < 3; ++a) {
        const auto some = model.residuals(moved, a, s[static_cast<std::size_t>(a)]);
        all.insert(all.end(), some.begin(), some.end());
      }
      jacobian[k].resize(all.size());
      for (std::size_t r = 0; r < all.size(); ++r) jacobian[k][r] += side * all[r] / (2.0 * h);
    }
  }
  for (std::size_t a = 0; a < flowing.size(); ++a)
    for (std::size_t b = 0; b < flowing.size(); ++b) {
      double product = 0.0;
      for (std::size_t r = 0; r < jacobian[a].size(); ++r) product += jacobian[a][r] * jacobian[b][r];
      const double scale = std::sqrt(d.normal[a * 7 + a] * d.normal[b * 7 + b]);
      EXPECT_NEAR(d.normal[a * 7 + b], product, 1e-6 * scale) << homodyne_names[a] << " " << homodyne_names[b];
    }
}

TEST(Homodyne, ResidualsAddUpToChiSquared) {
  const HomodyneSetup setup = rheology();
  Homodyne model(setup, 70, sample(setup, flowing, 70, 0.2, 0.01), {0.01, 0.02, 0.03});
  HomodyneScaling s[3];
  model.evaluate(&flowing, 1, s);
  for (int a = 0; a < 3; ++a) {
    double sum = 0.0;
    for (const double r : model.residuals(flowing, a, s[a])) sum += r * r;
    EXPECT_NEAR(sum, s[a].chi_squared, 1e-11 * sum);
  }
}

TEST(Homodyne, BatchesAndThreadsChangeNoBit) {
  const HomodyneSetup setup = rheology();
  Homodyne model(setup, 130, sample(setup, flowing, 130, 0.2, 0.01), {0.01});
  std::vector<HomodyneParameters> models(19, flowing);
  for (std::size_t m = 0; m < models.size(); ++m) models[m][0] *= 1.0 + 0.1 * static_cast<double>(m);
  std::vector<HomodyneScaling> all(3 * models.size()), alone(3), one_thread(3 * models.size());
  std::vector<HomodyneDerivatives> derivatives(models.size()), derivatives_one(models.size());
  model.evaluate(models.data(), 19, all.data());
  on_one_thread([&] { model.evaluate(models.data(), 19, one_thread.data()); });
  for (std::size_t m = 0; m < models.size(); ++m) {
    model.evaluate(&models[m], 1, alone.data());
    for (std::size_t a = 0; a < 3; ++a) {
      EXPECT_EQ(all[3 * m + a].chi_squared, alone[a].chi_squared);
      EXPECT_EQ(all[3 * m + a].contrast, one_thread[3 * m + a].contrast);
      EXPECT_EQ(all[3 * m + a].offset, one_thread[3 * m + a].offset);
    }
  }
  model.evaluate(models.data(), 19, all.data(), derivatives.data());
  on_one_thread([&] { model.evaluate(models.data(), 19, one_thread.data(), derivatives_one.data()); });
  for (std::size_t m = 0; m < models.size(); ++m) {
    EXPECT_EQ(derivatives[m].gradient, derivatives_one[m].gradient);
    EXPECT_EQ(derivatives[m].normal, derivatives_one[m].normal);
  }
}

std::string refusal(const HomodyneSetup& setup, int frames, const std::vector<double>& observed,
                    const std::vector<double>& sigma) {
  try {
    Homodyne(setup, frames, observed, sigma);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Homodyne, RefusesBadInput) {
  const HomodyneSetup setup = rheology();
  const std::vector<double> good = sample(setup, flowing, 5, 0.2, 0.01);
  const auto has = [](const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  };
  EXPECT_EQ(refusal(setup, 5, good, {1.0}), "");
  EXPECT_TRUE(has(refusal(setup, 4, good, {1.0}), "75 observed values"));
  EXPECT_TRUE(has(refusal(setup, 2, std::vector<double>(12, 1.0), {1.0}), "at least 3"));
  EXPECT_TRUE(has(refusal(setup, 5, good, {}), "0 values of sigma"));
  EXPECT_TRUE(has(refusal(setup, 5, good, {1.0, 1.0}), "2 values of sigma"));
  EXPECT_TRUE(has(refusal(setup, 5, good, {1.0, 0.0, 1.0}), "sigma[1] = 0"));
  std::vector<double> observed = good, sigma(75, 1.0);
  observed[25 + 5 + 3] = std::nan("");
  EXPECT_TRUE(has(refusal(setup, 5, observed, {1.0}), "angle 1, frames (1, 3) is nan"));
  observed = good;
  observed[3 * 5 + 1] = std::nan("");  // t1 > t2 is not read
  EXPECT_EQ(refusal(setup, 5, observed, {1.0}), "");
  sigma[50 + 4] = -1.0;
  EXPECT_TRUE(has(refusal(setup, 5, good, sigma), "sigma at angle 2, frames (0, 4) is -1"));
  HomodyneSetup wrong = setup;
  wrong.angles.clear();
  EXPECT_TRUE(has(refusal(wrong, 5, {}, {1.0}), "no angles"));
  wrong = setup;
  wrong.frames = {0, 1, 2};
  EXPECT_TRUE(has(refusal(wrong, 5, good, {1.0}), "3 numbers of frames for 5 frames"));
  wrong.frames = {0, 1, 1, 2, 3};
  EXPECT_TRUE(has(refusal(wrong, 5, good, {1.0}), "frame 2 of the data is frame 1"));
  wrong = setup;
  wrong.q = 0.0;
  EXPECT_TRUE(has(refusal(wrong, 5, good, {1.0}), "q = 0"));
  wrong = setup;
  wrong.formulas = HomodyneFormulas::version_1;
  EXPECT_TRUE(has(refusal(wrong, 5, good, {1.0}), "version 1"));
  Homodyne model(setup, 5, good, {1.0});
  HomodyneScaling scalings[3];
  HomodyneParameters p = flowing;
  p[4] = std::nan("");
  EXPECT_THROW(model.evaluate(&p, 1, scalings), InputError);
}

TEST(Homodyne, ConstantDataHaveNoContrast) {
  const HomodyneSetup setup = rheology();
  Homodyne model(setup, 20, std::vector<double>(1200, 1.5), {0.1});
  HomodyneScaling s[3];
  model.evaluate(&flowing, 1, s);
  EXPECT_NEAR(s[0].contrast, 0.0, 1e-15);
  EXPECT_NEAR(s[0].offset, 1.5, 1e-15);
  EXPECT_NEAR(s[0].chi_squared, 0.0, 1e-25);
}

}  // namespace
}  // namespace ister::tests
