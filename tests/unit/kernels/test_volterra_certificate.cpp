#include "core/kernels/volterra/certificate.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "core/kernels/volterra/identify.hpp"
#include "tests/unit/kernels/volterra_cases.hpp"

namespace ister::tests {
namespace {

using namespace core;

constexpr std::int64_t taps = 10;

/// Taps that decay to exp(-2), of the orders listed, and where wanted products of different times.
VolterraKernel system_of(std::int64_t memory, const std::vector<int>& orders, bool products, std::uint64_t seed) {
  VolterraKernel kernel = random_kernel(memory, 5, products, seed);
  for (int p = 1; p <= 5; ++p)
    for (std::int64_t i = 0; i < memory; ++i) {
      double& h = kernel.orders[p - 1][i];
      const bool wanted = std::find(orders.begin(), orders.end(), p) != orders.end();
      h = wanted ? h * std::exp(2.0 * static_cast<double>(i) / static_cast<double>(memory)) : 0.0;
    }
  return kernel;
}

/// A way to identify a system; noise is a part of y.
using Method = std::function<VolterraEstimate(const VolterraKernel& system, int orders, double noise, std::uint64_t)>;

double deviation(const std::vector<double>& y) {
  double mean = 0.0, square = 0.0;
  for (const double v : y) mean += v / static_cast<double>(y.size());
  for (const double v : y) square += (v - mean) * (v - mean) / static_cast<double>(y.size());
  return std::sqrt(square);
}

Method periodic(VolterraExcitation (*excite)(const ExcitationDesign&),
                VolterraEstimate (*identify)(const VolterraExcitation&, const std::vector<double>&)) {
  return [=](const VolterraKernel& system, int orders, double noise, std::uint64_t seed) {
    ExcitationDesign design;
    design.orders = orders;
    design.taps = taps;
    design.seed = seed;
    const VolterraExcitation excitation = excite(design);
    const double scale = noise > 0 ? deviation(response(system, excitation)) : 0.0;
    return identify(excitation, response(system, excitation, 0.3, noise * scale, seed + 1));
  };
}

Method any_record(std::int64_t samples) {
  return [=](const VolterraKernel& system, int orders, double noise, std::uint64_t seed) {
    const std::vector<double> x = uniform_excitation(samples, 1.0, seed);
    std::vector<double> y = direct_response(system, x.data(), samples);
    const double scale = deviation(y);
    const std::vector<double> disturbance = normals(samples, seed + 1);
    for (std::int64_t n = 0; n < samples; ++n) y[n] += noise * scale * disturbance[n];
    return identify_least_squares(x, y, 1, orders, taps);
  };
}

const Method multisine = periodic(multisine_excitation, identify_multisine),
             tones = periodic(second_order_excitation, identify_second_order), record = any_record(1200);

struct Counts {
  int trusted = 0, trials = 0, memory = 0, form = 0;

  void add(const VolterraEstimate& estimate) {
    ++trials;
    trusted += estimate.certificate.trusted();
    memory += estimate.certificate.memory > VolterraCertificate::limit;
    form += estimate.certificate.form > VolterraCertificate::limit;
  }
};

template <class Trial>
Counts count(const Trial& trial) {
  Counts counts;
  for (std::uint64_t seed = 1000; seed < 1000 + 3 * 10; seed += 10) counts.add(trial(seed));
  return counts;
}

constexpr double noises[] = {0.0, 1e-3, 0.05};

TEST(VolterraCertificate, TrustsSystemsThatAreAsAssumed) {
  for (const double noise : noises) {
    for (const std::vector<int>& orders : {std::vector<int>{1}, {2}, {1, 2}, {1, 2, 3, 4, 5}})
      for (const Method& method : {multisine, record}) {
        const Counts counts =
            count([&](auto seed) { return method(system_of(taps, orders, false, seed), 5, noise, seed); });
        EXPECT_EQ(counts.trusted, counts.trials) << "noise " << noise << ", orders up to " << orders.back();
      }
    for (const bool products : {false, true}) {
      const Counts counts = count([&](auto seed) {
        return tones(system_of(taps, {1, 2}, products, seed), 3, noise, seed);
      });
      EXPECT_EQ(counts.trusted, counts.trials) << "noise " << noise << ", products " << products;
    }
  }
}

TEST(VolterraCertificate, FindsMemoryBeyondTheTaps) {
  for (const double noise : noises)
    for (const Method& method : {multisine, record, tones}) {
      const Counts counts = count([&](auto seed) {
        return method(system_of(20, {1, 2}, false, seed), 3, noise, seed);
      });
      EXPECT_EQ(counts.trusted, 0) << noise;
      EXPECT_EQ(counts.memory, counts.trials) << noise;
    }
}

TEST(VolterraCertificate, FindsOrdersAboveTheHighest) {
  for (const double noise : noises)
    for (const auto& [in, assumed] : {std::pair{2, 1}, {3, 1}, {3, 2}, {4, 3}, {5, 3}, {5, 4}}) {
      VolterraKernel system = system_of(taps, {1, in}, false, 7);
      for (double& h : system.orders[in - 1]) h *= 10;  // enough to matter
      EXPECT_FALSE(multisine(system, assumed, noise, 5).certificate.trusted()) << in << assumed << noise;
      EXPECT_FALSE(record(system, assumed, noise, 5).certificate.trusted()) << in << assumed << noise;
      if (assumed == 1) continue;  // tones take order 2 for granted
      EXPECT_FALSE(tones(system, assumed, noise, 5).certificate.trusted()) << in << assumed << noise;
    }
}

TEST(VolterraCertificate, FindsProductsOfDifferentTimes) {
  for (const double noise : noises)
    for (const Method& method : {multisine, record}) {
      const Counts counts = count([&](auto seed) { return method(system_of(taps, {1}, true, seed), 5, noise, seed); });
      EXPECT_EQ(counts.trusted, 0) << noise;
    }
}

TEST(VolterraCertificate, DoesNotTrustWhatNoiseHides) {
  const VolterraKernel system = system_of(taps, {1, 2, 3, 4, 5}, false, 3);
  for (const Method& method : {multisine, record}) {
    EXPECT_FALSE(method(system, 5, 3.0, 9).certificate.trusted());
    EXPECT_GT(method(system, 5, 3.0, 9).certificate.noise, VolterraCertificate::noise_limit);
  }
}

TEST(VolterraCertificate, ShortRecordsCannotTellNoiseFromAnotherSystem) {
  const Method brief = any_record(2 * taps + 30);  // 41 equations beside 20 unknowns and a constant
  EXPECT_TRUE(brief(system_of(taps, {1, 2}, false, 4), 2, 0.0, 11).certificate.trusted());
  for (const VolterraKernel& system : {system_of(taps, {1, 2}, false, 4), system_of(20, {1, 2}, false, 4)}) {
    const VolterraCertificate certificate = brief(system, 2, 0.05, 11).certificate;
    EXPECT_FALSE(certificate.trusted());
    EXPECT_GT(certificate.unclear, VolterraCertificate::limit);
  }
}

TEST(VolterraCertificate, CountsWhatIsBeyondNoise) {
  EXPECT_EQ(beyond_noise(110.0, 100.0, 1.0, 1e9), 0.0);
  EXPECT_NEAR(beyond_noise(300.0, 100.0, 1.0, 1e9), 200.0 - 500.0 * std::sqrt(0.02), 1e-3);
  EXPECT_EQ(beyond_noise(1e-6, 10.0, 0.0, 10.0), 1e-6);
}

}  // namespace
}  // namespace ister::tests
