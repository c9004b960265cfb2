#pragma once
#include "core/kernels/angles/angle_filter.hpp"
#include "core/kernels/device/arrays.hpp"

namespace ister::core::device {

/// core::AngleFilter for angles in the memory of Execution, one work item an angle. The answer is the same; nothing is
/// allocated after set-up.
class AngleFilter {
 public:
  using Angles = Values<const double>;
  using Indices = Values<std::int64_t>;

  /// InputError where there is no range.
  explicit AngleFilter(const std::vector<AngleRange>& ranges);

  /// Writes the indices of those of the angles (degrees) that are inside, ascending; `indices` has room for all angles.
  /// Returns how many there are.
  std::int64_t apply(const Angles& angles, const Indices& indices) const;

  /// The same for selections that must not be empty: InputError, or all indices if asked.
  AngleSelection select(const Angles& angles, const Indices& indices, IfNone if_none) const;

 private:
  Values<Interval> m_intervals;  ///< see AngleUnion
  Values<AngleRange> m_ranges;
};

}  // namespace ister::core::device
