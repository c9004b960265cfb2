#include "core/kernels/device/angle_filter.hpp"

#include <string>

#include "core/base/error.hpp"
#include "core/kernels/device/launch.hpp"

namespace ister::core::device {
namespace {

/// A scan over whether angles are inside: `found` of those before are.
struct Select {
  AngleUnion ranges;
  const double* angles;
  std::int64_t* indices;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i, std::int64_t& found, bool final) const {
    if (!ranges.contains(angles[i])) return;
    if (final) indices[found] = i;
    ++found;
  }
};

struct SelectAll {
  std::int64_t* indices;
  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const { indices[i] = i; }
};

}  // namespace

AngleFilter::AngleFilter(const std::vector<AngleRange>& ranges)
    : m_intervals(array_of(AngleUnion::intervals_of(ranges))), m_ranges(array_of(ranges)) {}

std::int64_t AngleFilter::apply(const Angles& angles, const Indices& indices) const {
  ISTER_REQUIRE(indices.size() >= angles.size());
  static const std::string label = "angle filter";
  const AngleUnion ranges{m_intervals.data(), static_cast<std::int64_t>(m_intervals.size()), m_ranges.data(),
                          static_cast<std::int64_t>(m_ranges.size())};
  std::int64_t found = 0;
  Kokkos::parallel_scan(label, items(angles.size()), Select{ranges, angles.data(), indices.data()}, found);
  return found;
}

AngleSelection AngleFilter::select(const Angles& angles, const Indices& indices, IfNone if_none) const {
  const std::int64_t found = apply(angles, indices);
  if (found > 0) return {found, false};
  if (if_none == IfNone::error) throw InputError("no angle is inside any of the ranges");
  static const std::string label = "all angles";
  Kokkos::parallel_for(label, items(angles.size()), SelectAll{indices.data()});
  return {static_cast<std::int64_t>(angles.size()), true};
}

}  // namespace ister::core::device
