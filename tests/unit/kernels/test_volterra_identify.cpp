#include "core/kernels/volterra/identify.hpp"

#include <gtest/gtest.h>

#include "core/kernels/volterra/order_separation.hpp"
#include "tests/unit/core/refusal.hpp"
#include "tests/unit/kernels/volterra_cases.hpp"

namespace ister::tests {
namespace {

using namespace core;

/// Collects errors in units of the predicted ones.
struct Pulls {
  double sum = 0, squares = 0;
  int count = 0;

  void add(const std::vector<double>& got, const std::vector<double>& truth, const std::vector<double>& sigma) {
    for (std::size_t i = 0; i < got.size(); ++i) {
      const double pull = (got[i] - truth[i]) / sigma[i];
      sum += pull;
      squares += pull * pull;
      ++count;
    }
  }
  [[nodiscard]] double mean() const { return sum / count; }
  [[nodiscard]] double rms() const { return std::sqrt(squares / count); }
};

TEST(OrderSeparation, TakesPolynomialsApart) {
  for (const double largest_level : {1.0, 1e-3}) {
    const std::vector<double> levels = amplitude_levels(4, largest_level);
    const OrderSeparation separation(levels, 5);
    EXPECT_DOUBLE_EQ(levels.back(), largest_level);
    for (int p = 0; p <= 5; ++p)
      for (int q = 0; q <= 5; ++q) {
        double z = 0.0;
        for (std::size_t l = 0; l < 8; ++l)
          z += separation.weights(p)[l] * std::pow((l < 4 ? 1 : -1) * levels[l % 4] / largest_level, q);
        EXPECT_NEAR(z * std::pow(largest_level, p), p == q ? 1.0 : 0.0, 1e-13) << p << " " << q;
      }
  }
  EXPECT_TRUE(has(refusal([] { OrderSeparation({1.0, 0.5}, 5); }), "3 are needed"));
  EXPECT_TRUE(has(refusal([] { OrderSeparation({1.0, 0.5, 0.5}, 5); }), "different"));
}

TEST(VolterraMultisine, FindsOrdersOneToFive) {
  const VolterraKernel system = random_kernel(64, 5, false, 20);
  const VolterraExcitation excitation = multisine_excitation({});
  EXPECT_NEAR(largest(excitation.input()), 1.0, 1e-15);
  const VolterraEstimate estimate = identify_multisine(excitation, response(system, excitation, 0.3));
  ASSERT_EQ(estimate.kernel.orders.size(), 5u);
  for (int p = 0; p < 5; ++p) {
    EXPECT_LT(relative_difference(estimate.kernel.orders[p], system.orders[p]), 1e-12) << p;
  }
  EXPECT_LT(std::max(estimate.certificate.memory, estimate.certificate.form), 1e-12);
  EXPECT_NEAR(estimate.offset, 0.3, 1e-13);
  EXPECT_LT(estimate.noise, 1e-14);
}

TEST(VolterraMultisine, WorksWithSmallAmplitudesAndOtherSizes) {
  for (const std::int64_t taps : {1, 5, 17}) {
    ExcitationDesign design;
    design.taps = taps;
    design.orders = 3;
    design.amplitude = 0.1;
    design.waveforms = 1;
    const VolterraKernel system = random_kernel(taps, 3, false, 21);
    const VolterraExcitation excitation = multisine_excitation(design);
    const VolterraEstimate estimate = identify_multisine(excitation, response(system, excitation));
    for (int p = 0; p < 3; ++p) EXPECT_LT(relative_difference(estimate.kernel.orders[p], system.orders[p]), 1e-11) << p;
  }
}

TEST(VolterraMultisine, PredictsItsErrors) {
  ExcitationDesign design;
  design.taps = 24;
  design.periods = 3;
  const VolterraKernel system = random_kernel(24, 5, false, 23);
  const VolterraExcitation excitation = multisine_excitation(design);
  Pulls pulls[5];
  constexpr int trials = 40;
  for (int trial = 0; trial < trials; ++trial) {
    const VolterraEstimate estimate =
        identify_multisine(excitation, response(system, excitation, 0.0, 0.01, 100 + trial));
    EXPECT_NEAR(estimate.noise, 0.01, 0.0005);
    for (int p = 0; p < 5; ++p) pulls[p].add(estimate.kernel.orders[p], system.orders[p], estimate.errors[p]);
  }
  for (const Pulls& p : pulls) {  // taps of a trial are correlated, so that less than all of them are independent
    EXPECT_NEAR(p.rms(), 1.0, 0.15);
    EXPECT_NEAR(p.mean(), 0.0, 0.3);
  }
}

TEST(VolterraMultisine, RefusesWhatDoesNotFit) {
  const VolterraKernel system = random_kernel(64, 5, false, 20);
  VolterraExcitation excitation = multisine_excitation({});
  std::vector<double> y = response(system, excitation);
  y[3 * excitation.samples() + 7] = std::nan("");
  EXPECT_TRUE(has(refusal([&] { identify_multisine(excitation, y); }), "y[3][7]"));
  y.pop_back();
  EXPECT_TRUE(has(refusal([&] { identify_multisine(excitation, y); }), "the excitation has 24 records"));
  y.assign(y.size() + 1, 0.0);
  std::fill(excitation.waveforms.begin(), excitation.waveforms.end(), 1.0);
  EXPECT_TRUE(has(refusal([&] { identify_multisine(excitation, y); }), "undetermined"));
  ExcitationDesign design;
  design.orders = 6;
  EXPECT_TRUE(has(refusal([&] { multisine_excitation(design); }), "orders up to 6"));
  design = {};
  design.periods = 1;
  EXPECT_TRUE(has(refusal([&] { multisine_excitation(design); }), "1 measured periods"));
}

TEST(VolterraLeastSquares, FindsOrdersOneToFiveFromAnyRecord) {
  constexpr std::int64_t samples = 2048;
  const VolterraKernel system = random_kernel(64, 5, false, 30);
  std::vector<double> x = normals(samples, 31);
  for (double& v : x) v = 0.3 + 2.0 * std::tanh(v);
  std::vector<double> y = direct_response(system, x.data(), samples);
  for (double& v : y) v += 1.5;
  const VolterraEstimate estimate = identify_least_squares(x, y, 1, 5, 64);
  for (int p = 0; p < 5; ++p) EXPECT_LT(relative_difference(estimate.kernel.orders[p], system.orders[p]), 1e-11) << p;
  EXPECT_LT(std::max(estimate.certificate.memory, estimate.certificate.form), 1e-13);
  EXPECT_NEAR(estimate.offset, 1.5, 1e-10);
}

TEST(VolterraLeastSquares, RecordsMayHaveAnyPast) {
  constexpr std::int64_t records = 5, samples = 120, past = 20;
  const VolterraKernel system = random_kernel(12, 3, false, 32);
  std::vector<double> x, y;
  for (std::int64_t r = 0; r < records; ++r) {
    const std::vector<double> u = normals(past + samples, 33 + r),
                              v = direct_response(system, u.data(), past + samples);
    x.insert(x.end(), u.begin() + past, u.end());
    y.insert(y.end(), v.begin() + past, v.end());
  }
  const VolterraEstimate estimate = identify_least_squares(x, y, records, 3, 12);
  for (int p = 0; p < 3; ++p) EXPECT_LT(relative_difference(estimate.kernel.orders[p], system.orders[p]), 1e-11) << p;
}

TEST(VolterraLeastSquares, PredictsItsErrors) {
  constexpr std::int64_t samples = 600;
  const VolterraKernel system = random_kernel(8, 3, false, 34);
  const std::vector<double> x = normals(samples, 35), exact = direct_response(system, x.data(), samples);
  Pulls pulls;
  for (int trial = 0; trial < 60; ++trial) {
    std::vector<double> y = normals(samples, 200 + trial);
    for (std::int64_t n = 0; n < samples; ++n) y[n] = exact[n] + 0.1 * y[n];
    const VolterraEstimate estimate = identify_least_squares(x, y, 1, 3, 8);
    EXPECT_NEAR(estimate.noise, 0.1, 0.015);
    for (int p = 0; p < 3; ++p) pulls.add(estimate.kernel.orders[p], system.orders[p], estimate.errors[p]);
  }
  EXPECT_NEAR(pulls.rms(), 1.0, 0.1);
  EXPECT_NEAR(pulls.mean(), 0.0, 0.1);
}

TEST(VolterraLeastSquares, RefusesWhatDoesNotDetermineTheKernel) {
  const auto refused = [](const std::vector<double>& x, int orders = 3, std::int64_t taps = 8) {
    return refusal([&] { identify_least_squares(x, std::vector<double>(x.size(), 1.0), 1, orders, taps); });
  };
  std::vector<double> x = normals(400, 36);
  EXPECT_EQ(refused(x), "");
  EXPECT_TRUE(has(refused({x.begin(), x.begin() + 32}), "too short"));
  EXPECT_TRUE(has(refused(x, 6), "orders up to 6"));
  EXPECT_TRUE(has(refused(std::vector<double>(400, 0.0)), "zero everywhere"));
  EXPECT_TRUE(has(refused(std::vector<double>(400, 2.0)), "1 different values"));
  for (double& v : x) v = v > 0 ? 1.0 : -1.0;
  EXPECT_TRUE(has(refused(x), "2 different values"));
  for (std::size_t n = 0; n < x.size(); ++n) x[n] = std::sin(0.1 * static_cast<double>(n));
  EXPECT_TRUE(has(refused(x), "does not determine"));
  x[5] = std::nan("");
  EXPECT_TRUE(has(refused(x), "x[0][5]"));
  x[5] = 0.0;
  EXPECT_TRUE(has(refusal([&] { identify_least_squares(x, {1.0}, 1, 3, 8); }), "y has 1"));
}

TEST(VolterraSecondOrder, SumsAndDifferencesOfTonesAreApart) {
  ExcitationDesign design;
  design.taps = 24;
  const VolterraExcitation excitation = second_order_excitation(design);
  std::vector<int> seen(excitation.period, 0);
  const auto see = [&](std::int64_t k) {
    ++seen[std::min((k + 2 * excitation.period) % excitation.period, (2 * excitation.period - k) % excitation.period)];
  };
  for (const std::int64_t a : excitation.tones)
    for (const std::int64_t b : excitation.tones) {
      if (a <= b) see(a + b);
      if (a < b) see(b - a);
    }
  EXPECT_EQ(seen[0], 0);
  for (const int times : seen) EXPECT_LE(times, 1);
}

TEST(VolterraSecondOrder, FindsTheFullKernelAmongOtherOrders) {
  for (const std::int64_t taps : {1, 2, 9, 24}) {
    ExcitationDesign design;
    design.taps = taps;
    const VolterraKernel system = random_kernel(taps, 5, true, 40);
    VolterraKernel expected = system;
    for (std::int64_t i = 0; i < taps; ++i) expected.second[i * taps + i] += system.orders[1][i];
    const VolterraExcitation excitation = second_order_excitation(design);
    const VolterraEstimate estimate = identify_second_order(excitation, response(system, excitation, -0.2));
    EXPECT_LT(relative_difference(estimate.kernel.second, expected.second), 1e-12) << taps;
    EXPECT_LT(relative_difference(estimate.kernel.orders[0], system.orders[0]), 1e-12) << taps;
    EXPECT_LT(std::max(estimate.certificate.memory, estimate.certificate.form), 1e-12);
  }
}

TEST(VolterraSecondOrder, PredictsItsErrors) {
  ExcitationDesign design;
  design.taps = 6;
  design.orders = 2;
  VolterraKernel system = random_kernel(6, 1, true, 42);
  const VolterraExcitation excitation = second_order_excitation(design);
  Pulls linear, quadratic;
  for (int trial = 0; trial < 80; ++trial) {
    const VolterraEstimate estimate =
        identify_second_order(excitation, response(system, excitation, 0.0, 0.01, 300 + trial));
    linear.add(estimate.kernel.orders[0], system.orders[0], estimate.errors[0]);
    quadratic.add(estimate.kernel.second, system.second, estimate.second_error);
  }
  EXPECT_NEAR(linear.rms(), 1.0, 0.12);
  EXPECT_NEAR(quadratic.rms(), 1.0, 0.12);
}

TEST(VolterraSecondOrder, RefusesWhatDoesNotFit) {
  ExcitationDesign design;
  design.taps = 4;
  VolterraExcitation excitation = second_order_excitation(design);
  std::vector<double> y(static_cast<std::size_t>(excitation.records() * excitation.samples()), 1.0);
  EXPECT_EQ(refusal([&] { identify_second_order(excitation, y); }), "");
  VolterraExcitation other = excitation;
  other.tones[1] += 1;
  EXPECT_TRUE(has(refusal([&] { identify_second_order(other, y); }), "no tone in bin"));
  excitation.taps = 100;
  EXPECT_TRUE(has(refusal([&] { identify_second_order(excitation, y); }), "do not determine"));
  design.orders = 1;
  EXPECT_TRUE(has(refusal([&] { second_order_excitation(design); }), "possible are 2 to 5"));
}

}  // namespace
}  // namespace ister::tests
