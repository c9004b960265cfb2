#pragma once
#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "core/kernels/angles/angle_range.hpp"

namespace ister::tests {

using Indices = std::vector<std::int64_t>;

struct Ends {
  double lower, upper;
};

inline std::vector<core::AngleRange> angle_ranges(const std::vector<Ends>& ranges, bool axial = false) {
  std::vector<core::AngleRange> made;
  made.reserve(ranges.size());
  for (const Ends& e : ranges) made.emplace_back(e.lower, e.upper, axial);
  return made;
}

/// The distance that an angle has to go up from the lower end, in long double, against the width of the range; `far`
/// tells whether rounding cannot matter.
inline bool inside_exactly(long double angle, Ends range, long double period, bool& far) {
  const auto up = [&](long double x) { return x - period * std::floor(x / period); };
  long double width = static_cast<long double>(range.upper) - range.lower;
  if (width >= period) return true;
  if (width < 0) width = up(width);
  const long double distance = up(angle - range.lower);
  far = far && distance > 1e-9L && period - distance > 1e-9L && std::abs(distance - width) > 1e-9L;
  return distance <= width;
}

/// Random ranges and angles that reach around the circle several times, and what is inside by long double.
struct AngleCase {
  std::vector<Ends> ranges;
  bool axial;
  std::vector<double> angles;
  Indices inside;
};

inline std::vector<AngleCase> random_angle_cases() {
  std::mt19937_64 random(1);
  std::vector<AngleCase> cases;
  for (const double reach : {180.0, 360.0, 700.0, 5000.0})
    for (std::size_t trial = 0; trial < 40; ++trial) {
      std::uniform_real_distribution<double> any(-reach, reach), end(-400.0, 400.0);
      AngleCase made{std::vector<Ends>(1 + trial % 7), trial % 2 == 1, {}, {}};
      for (Ends& r : made.ranges) {
        r.lower = end(random);
        r.upper = trial % 3 == 0 ? end(random) : r.lower + 0.05 * std::abs(end(random));
      }
      made.angles.resize(1 + trial * 60);
      for (double& a : made.angles) a = any(random);
      if (trial % 5 == 0) made.angles[made.angles.size() / 2] = std::numeric_limits<double>::quiet_NaN();
      for (std::size_t i = 0; i < made.angles.size(); ++i) {
        bool inside = false, far = true;
        if (std::isnan(made.angles[i])) continue;
        for (const Ends& r : made.ranges)
          inside = inside_exactly(made.angles[i], r, made.axial ? 180.0L : 360.0L, far) || inside;
        EXPECT_TRUE(far) << "choose another seed";
        if (inside) made.inside.push_back(static_cast<std::int64_t>(i));
      }
      cases.push_back(made);
    }
  return cases;
}

}  // namespace ister::tests
