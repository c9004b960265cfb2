#include "core/kernels/homodyne/power_law.hpp"

#include <gtest/gtest.h>

#include <random>

#include "core/base/error.hpp"
#include "core/kernels/homodyne/sincos.hpp"
#include "tests/unit/kernels/homodyne_oracle.hpp"

namespace ister::tests {
namespace {

using namespace core;

TEST(Sincos, AgreesWithTheLibrary) {
  for (const double x :
       {0.0, 1e-300, 1e-9, 0.5, 0.785398, 0.7853982, 1.5707963, 3.1415926, -2.0, 100.0, -12345.678, 9e5}) {
    EXPECT_NEAR(sincos(x).sine, static_cast<double>(std::sin(static_cast<long double>(x))), 2.3e-16) << x;
    EXPECT_NEAR(sincos(x).cosine, static_cast<double>(std::cos(static_cast<long double>(x))), 2.3e-16) << x;
  }
  EXPECT_EQ(sincos(1e-300).sine, 1e-300);
  EXPECT_TRUE(std::isnan(sincos(std::nan("")).sine));
}

/// Simpson's rule in ln t.
long double quadrature(const PowerLaw& law, long double from, long double to) {
  constexpr int steps = 16000;
  const long double h = std::log(to / from) / steps;
  long double sum = 0;
  for (int k = 0; k <= steps; ++k) {
    const long double t = from * std::exp(k * h),
                      rate = law.amplitude * std::pow(t, static_cast<long double>(law.exponent)) + law.offset;
    sum += (k == 0 || k == steps ? 1 : k % 2 == 1 ? 4 : 2) * t * rate;
  }
  return sum * h / 3;
}

TEST(PowerLaw, IntegralIsExactThroughTheLogarithm) {
  for (const double exponent : {-3.0, -1.5, -1.0 - 1e-9, -1.0, -1.0 + 1e-12, -0.7, 0.0, 0.5, 2.0})
    for (const auto& [from, to] : {std::pair{0.1, 0.2}, std::pair{0.1, 30.0}, std::pair{10.0, 10.1}}) {
      const PowerLaw law{3.0, exponent, 0.2};
      const long double expected = quadrature(law, from, to);
      EXPECT_NEAR(law.integral(from, to)[0] / expected, 1.0, 2e-13) << exponent << " " << from << " " << to;
    }
}

TEST(PowerLaw, IsSplitWhereTheFloorClips) {
  const PowerLaw falls{1.0, -0.5, -0.5}, rises{1.0, 2.0, -4.0};  // zero at t = 4 and t = 2
  EXPECT_NEAR(falls.integral(1.0, 9.0)[0], 2.0 * (2.0 - 1.0) - 0.5 * 3.0, 1e-15);
  EXPECT_NEAR(rises.integral(1.0, 3.0)[0], 19.0 / 3.0 - 4.0, 1e-14);
  EXPECT_EQ(falls.integral(5.0, 6.0)[0], 0.0);
  EXPECT_EQ((PowerLaw{-1.0, 0.0, 0.5}.integral(0.0, 1.0)[0]), 0.0);
  EXPECT_NEAR((PowerLaw{2.0, -0.5, 0.0}.integral(0.0, 4.0)[0]), 8.0, 1e-14);
  EXPECT_THROW((void)(PowerLaw{1.0, -1.0, 0.0}.integral(0.0, 1.0)), InputError);
}

TEST(PowerLaw, Derivatives) {
  const PowerLaw laws[] = {{1.5, -0.4, 0.3}, {1.5, -1.0, 0.3}, {1.0, -0.5, -0.5}, {1.0, 2.0, -4.0}};
  for (const PowerLaw& law : laws) {
    const auto parts = law.integral(0.7, 9.0);
    constexpr double h = 1e-5;
    const auto slope = [&](PowerLaw up, PowerLaw down) {
      return (up.integral(0.7, 9.0)[0] - down.integral(0.7, 9.0)[0]) / (2.0 * h);
    };
    PowerLaw up = law, down = law;
    up.amplitude += h, down.amplitude -= h;
    EXPECT_NEAR(parts[1], slope(up, down), 1e-7 * std::abs(parts[1]));
    up = down = law;
    up.exponent += h, down.exponent -= h;
    EXPECT_NEAR(parts[2], slope(up, down), 1e-7 * std::abs(parts[2]));
    up = down = law;
    up.offset += h, down.offset -= h;
    EXPECT_NEAR(parts[3], slope(up, down), 1e-7 * std::abs(parts[3]));
  }
}

}  // namespace
}  // namespace ister::tests
