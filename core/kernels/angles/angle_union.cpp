#include "core/kernels/angles/angle_union.hpp"

#include "core/base/error.hpp"

namespace ister::core {

std::vector<Interval> AngleUnion::intervals_of(const std::vector<AngleRange>& ranges) {
  if (ranges.empty()) throw InputError("selecting angles takes at least one range");
  std::vector<Interval> intervals;
  for (const AngleRange& range : ranges) range.append_intervals(direct_limit, intervals);
  return merged(std::move(intervals));
}

}  // namespace ister::core
