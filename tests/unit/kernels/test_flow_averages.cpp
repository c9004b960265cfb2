#include "core/kernels/statistics/flow_averages.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "core/kernels/statistics/centrality.hpp"

namespace ister::tests {
namespace {

using namespace core;
using Complex = std::complex<double>;

/// Flow vectors v0 + Gaussian fluctuations with <|dV|^2> = width^2, turned by a reaction plane of their own, of
/// multiplicities as in a class: where they vary more, fewer events count, and c{4} is not normally distributed yet.
std::vector<FlowVector> events_of(std::mt19937_64& random, int count, double v0, double width) {
  std::normal_distribution<double> component(0.0, width / std::sqrt(2.0));
  std::uniform_real_distribution<double> angle(0.0, 2.0 * M_PI), multiplicity(90.0, 110.0);
  std::vector<FlowVector> events;
  for (int i = 0; i < count; ++i)
    events.push_back(
        {std::polar(1.0, angle(random)) * Complex(v0 + component(random), component(random)), multiplicity(random)});
  return events;
}

std::vector<Complex> vectors_of(const std::vector<FlowVector>& events) {
  std::vector<Complex> vectors;
  for (const FlowVector& event : events) vectors.push_back(event.flow);
  return vectors;
}

TEST(Jackknife, OfAMeanIsItsStandardError) {
  const std::vector<double> values{1.0, 4.0, 2.5, -3.0, 0.25};
  double sum = 0.0, squares = 0.0;
  for (const double v : values) sum += v;
  for (const double v : values) squares += (v - sum / 5) * (v - sum / 5);
  EXPECT_NEAR(mean(values).value, sum / 5, 1e-15);
  EXPECT_NEAR(mean(values).error, std::sqrt(squares / (5 * 4)), 1e-15);
}

TEST(Jackknife, FewEventsHaveNoError) {
  EXPECT_EQ(mean({2.0}).value, 2.0);
  EXPECT_TRUE(std::isnan(mean({2.0}).error));
  EXPECT_TRUE(std::isnan(mean({}).value));
  EXPECT_TRUE(std::isnan(flow_cumulants({}).two.value));
}

TEST(FlowAverages, OfEqualFlowAreThatFlow) {
  std::mt19937_64 random(1);
  const std::vector<FlowVector> events = events_of(random, 100, 0.07, 0.0);
  const Cumulants v = flow_cumulants(events);
  for (const Estimate& one : {v.two, v.four, v.event_plane}) {
    EXPECT_NEAR(one.value, 0.07, 1e-14);
    EXPECT_LT(one.error, 1e-14);
  }
  EXPECT_NEAR(v.c_four.value, -std::pow(0.07, 4), 1e-17);
  EXPECT_TRUE(std::isnan(flow_response(vectors_of(events), vectors_of(events)).pearson.value));
}

TEST(FlowAverages, CountPairsAndQuadruples) {
  const Complex a(0.1, 0.0), b(0.0, 0.2);
  const Cumulants v = flow_cumulants({{a, 2.0}, {b, 3.0}});
  const double square = (4 * 0.01 + 9 * 0.04) / 13, fourth = (16 * 1e-4 + 81 * 16e-4) / 97;
  EXPECT_NEAR(v.two.value, std::sqrt(square), 1e-15);
  EXPECT_NEAR(v.c_four.value, fourth - 2 * square * square, 1e-16);
  EXPECT_NEAR(v.event_plane.value, (2 * 0.1 + 3 * 0.2) / 5, 1e-15);
}

/// Where V = v0 + Gaussian: v{2}^2 = v0^2 + <|dV|^2>, v{4} = v0 (Voloshin et al., Phys. Lett. B 659, 537). Within one
/// error are 68 % of normal deviations, +- 3 % among 300; an error that is off by a quarter makes this 10 % more or
/// less.
void expect_bessel_gaussian(double v0, double width) {
  std::mt19937_64 random(7);
  constexpr int ensembles = 300, events = 1000;
  double two = 0.0, four = 0.0;
  for (int k = 0; k < ensembles; ++k) {
    const Cumulants v = flow_cumulants(events_of(random, events, v0, width));
    const auto is_within = [](const Estimate& e, double exact) { return std::abs(e.value - exact) < e.error; };
    two += is_within(v.two, std::hypot(v0, width)) / double{ensembles};
    four += is_within(v.c_four, -std::pow(v0, 4)) / double{ensembles};
    if (v0 > width) {
      EXPECT_NEAR(v.four.value, v0, 5 * v.four.error) << k;
    }
  }
  EXPECT_NEAR(two, 0.683, 0.1);
  EXPECT_NEAR(four, 0.683, 0.1);
}

TEST(FlowAverages, OfGaussianFluctuationsHaveNoFourthCumulant) { expect_bessel_gaussian(0.0, 0.03); }

TEST(FlowAverages, OfFluctuationsAboutAMeanFlowFindItByFourParticles) { expect_bessel_gaussian(0.08, 0.03); }

TEST(RelativeFlow, IsTheShareAlongTheReference) {
  std::mt19937_64 random(3);
  const std::vector<FlowVector> all = events_of(random, 50, 0.05, 0.04);
  std::vector<FlowVector> some = all;
  for (FlowVector& event : some) event.flow *= 1.3 * std::polar(1.0, 0.2);
  const RelativeFlow found = relative_flow(some, all);
  const Cumulants reference = flow_cumulants(all);
  EXPECT_NEAR(found.event_plane.value, 1.3 * std::cos(0.2) * reference.event_plane.value, 1e-15);
  EXPECT_NEAR(found.scalar_product.value, 1.3 * std::cos(0.2) * reference.two.value, 1e-15);
}

TEST(FlowResponse, OfFlowThatFollowsIsPerfect) {
  std::mt19937_64 random(4);
  const std::vector<Complex> eps = vectors_of(events_of(random, 60, 0.2, 0.1));
  std::vector<Complex> flow;
  for (const Complex& e : eps) flow.push_back(0.25 * e);
  const FlowResponse found = flow_response(eps, flow);
  EXPECT_NEAR(found.pearson.value, 1.0, 1e-13);
  EXPECT_NEAR(found.linear.value, 1.0, 1e-14);
  EXPECT_NEAR(found.coefficient.value, 0.25, 1e-15);
}

TEST(FlowResponse, LosesWhatDoesNotFollow) {
  std::mt19937_64 random(5);
  const std::vector<Complex> eps = vectors_of(events_of(random, 20000, 0.0, 0.2));
  const std::vector<Complex> noise = vectors_of(events_of(random, 20000, 0.0, 0.04));
  std::vector<Complex> flow;
  for (std::size_t i = 0; i < eps.size(); ++i) flow.push_back(0.15 * eps[i] + noise[i]);
  const FlowResponse found = flow_response(eps, flow);
  EXPECT_NEAR(found.linear.value, 0.6, 4 * found.linear.error);  // 0.15 0.2/sqrt((0.15 0.2)^2 + 0.04^2)
  EXPECT_NEAR(found.coefficient.value, 0.15, 4 * found.coefficient.error);
  EXPECT_LT(found.linear.error, 0.01);
}

TEST(Centrality, IsTheRankInPercent) {
  const double none = std::nan("");
  const std::vector<double> found = centralities({5.0, none, 9.0, 1.0, 7.0}, Central::large);
  const std::vector<double> expected{62.5, none, 12.5, 87.5, 37.5};
  for (std::size_t i = 0; i < 5; ++i) EXPECT_TRUE(found[i] == expected[i] || (i == 1 && std::isnan(found[i]))) << i;
  EXPECT_EQ(centralities({2.0, 1.0}, Central::small), (std::vector<double>{75.0, 25.0}));
  EXPECT_EQ(centralities({2.0, 2.0, 1.0, 3.0}, Central::large), (std::vector<double>{50.0, 50.0, 87.5, 12.5}));
  EXPECT_EQ(events_between(found, 0.0, 62.5), (std::vector<std::size_t>{2, 4}));
  EXPECT_EQ(events_between(found, 62.5, 100.0), (std::vector<std::size_t>{0, 3}));
}

}  // namespace
}  // namespace ister::tests
