#pragma once
#include <algorithm>
#include <cmath>
#include <vector>

#include "core/base/inline.hpp"

namespace ister::core {

/// The doubles from lower to upper, both included; no not-a-number.
struct Interval {
  double lower = 0, upper = 0;
  [[nodiscard]] ISTER_FUNCTION bool contains(double x) const { return x >= lower && x <= upper; }
};

/// The same set in ascending intervals that neither overlap nor touch.
inline std::vector<Interval> merged(std::vector<Interval> intervals) {
  std::sort(intervals.begin(), intervals.end(), [](const Interval& a, const Interval& b) { return a.lower < b.lower; });
  std::vector<Interval> result;
  for (const Interval& next : intervals)
    if (!result.empty() && next.lower <= std::nextafter(result.back().upper, HUGE_VAL))
      result.back().upper = std::max(result.back().upper, next.upper);
    else
      result.push_back(next);
  return result;
}

}  // namespace ister::core
