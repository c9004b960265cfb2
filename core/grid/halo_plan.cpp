#include "core/grid/halo_plan.hpp"

#include <algorithm>

namespace ister::core {
namespace {

/// An overlap along one direction.
struct Segment {
  std::int64_t in_owned, in_wanted, count;
};

std::vector<Segment> segments(std::int64_t period, const Range& owned, const Range& wanted) {
  std::vector<Segment> found;
  std::int64_t shift = (wanted.begin - owned.begin) / period * period - period;
  for (; owned.begin + shift < wanted.end; shift += period) {
    const std::int64_t begin = std::max(owned.begin + shift, wanted.begin),
                       end = std::min(owned.end + shift, wanted.end);
    if (begin < end) found.push_back({begin - shift - owned.begin, begin - wanted.begin, end - begin});
  }
  return found;
}

Range along(const Box& box, int d) { return {box.offset[d], box.offset[d] + box.count[d]}; }

}  // namespace

WantedBox surrounded(const Grid& grid, int width) {
  return [dimensions = grid.dimensions, width](const Box& owned) {
    Box box = owned;
    for (int d = 0; d < dimensions; ++d) {
      box.offset[d] -= width;
      box.count[d] += 2 * width;
    }
    return box;
  };
}

Box wanted_box(const WantedBox& wanted, const Box& owned) { return owned.points() > 0 ? wanted(owned) : owned; }

std::vector<Overlap> overlaps(const Grid& grid, const Box& owned, const Box& wanted) {
  std::array<std::vector<Segment>, 3> found;
  for (int d = 0; d < 3; ++d) found[d] = segments(grid.points[d], along(owned, d), along(wanted, d));
  std::vector<Overlap> boxes;
  for (const Segment& z : found[2])
    for (const Segment& y : found[1])
      for (const Segment& x : found[0])
        boxes.push_back({{x.in_owned, y.in_owned, z.in_owned},
                         {x.in_wanted, y.in_wanted, z.in_wanted},
                         {x.count, y.count, z.count}});
  return boxes;
}

}  // namespace ister::core
