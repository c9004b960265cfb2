#pragma once
#include <cstdint>
#include <vector>

#include "core/kernels/angles/angle_range.hpp"

namespace ister::core {

/// What is inside any of several ranges, by arrays in the memory of who asks. Angles up to the direct limit are
/// compared with intervals; those beyond, which are rare, are put to the definition.
struct AngleUnion {
  static constexpr double direct_limit = 720.0;

  const Interval* intervals;  ///< intervals_of the ranges
  std::int64_t interval_count;
  const AngleRange* ranges;
  std::int64_t range_count;

  [[nodiscard]] ISTER_FUNCTION bool contains(double angle) const {
    if (angle >= -direct_limit && angle <= direct_limit) {
      for (std::int64_t n = 0; n < interval_count; ++n)
        if (intervals[n].contains(angle)) return true;
      return false;
    }
    for (std::int64_t n = 0; n < range_count; ++n)
      if (ranges[n].contains(angle)) return true;
    return false;
  }

  /// All angles inside within the direct limit, ascending. InputError where there is no range.
  static std::vector<Interval> intervals_of(const std::vector<AngleRange>& ranges);
};

}  // namespace ister::core
