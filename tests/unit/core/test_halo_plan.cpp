#include "core/grid/halo_plan.hpp"

#include <gtest/gtest.h>

#include "tests/ways_to_cut.hpp"

namespace ister::tests {
namespace {

/// How often each point of a wanted box arrives, where every one has to be the right point of its owner.
std::vector<int> arrivals(const core::Grid& grid, const std::vector<core::Box>& owned, const core::Box& wanted) {
  std::vector<int> count(static_cast<std::size_t>(wanted.points()), 0);
  for (const core::Box& owner : owned)
    for (const core::Overlap& part : core::overlaps(grid, owner, wanted))
      for (std::int64_t i = 0; i < part.points(); ++i) {
        const std::int64_t step[3] = {i % part.count[0], i / part.count[0] % part.count[1],
                                      i / part.count[0] / part.count[1]};
        std::int64_t at[3];
        for (int d = 0; d < 3; ++d) {
          at[d] = part.in_wanted[d] + step[d];
          const std::int64_t inside = part.in_owned[d] + step[d];
          EXPECT_TRUE(inside >= 0 && inside < owner.count[d] && at[d] >= 0 && at[d] < wanted.count[d]);
          EXPECT_EQ(owner.offset[d] + inside, wrapped(wanted.offset[d] + at[d], grid.points[d]));
        }
        ++count.at(static_cast<std::size_t>((at[2] * wanted.count[1] + at[1]) * wanted.count[0] + at[0]));
      }
  return count;
}

void every_point_arrives_once(const core::Grid& grid, const std::vector<core::Box>& boxes,
                              const core::WantedBox& wanted) {
  for (const core::Box& box : boxes) {
    const core::Box seen = core::wanted_box(wanted, box);
    EXPECT_EQ(arrivals(grid, boxes, seen), std::vector<int>(static_cast<std::size_t>(seen.points()), 1));
  }
}

TEST(HaloPlan, EveryPointOfTheLayersArrivesOnceFromItsOwner) {
  for (const std::vector<int>& shape : shapes_to_cut())
    for (const int ranks : {1, 2, 3, 4, 5, 12, 40}) {
      const core::Grid grid = unit_grid(shape);
      for (const std::array<int, 3>& parts : ways_to_cut(grid, ranks)) {
        std::vector<core::Box> boxes;
        for (int rank = 0; rank < ranks; ++rank) boxes.push_back(core::Decomposition(grid, parts, rank).box());
        for (const int width : {1, 2, 3, 4}) every_point_arrives_once(grid, boxes, core::surrounded(grid, width));
      }
    }
}

TEST(HaloPlan, LayersSurroundTheBlockInResolvedDirections) {
  const core::Box box{{0, 4, 0}, {9, 3, 1}}, seen = core::surrounded(unit_grid({9, 8}), 2)(box);
  EXPECT_EQ(seen.offset, (std::array<std::int64_t, 3>{-2, 2, 0}));
  EXPECT_EQ(seen.count, (std::array<std::int64_t, 3>{13, 7, 1}));
}

TEST(HaloPlan, AnyBoxCanBeWanted) {
  const core::Grid grid = unit_grid({6, 7});
  std::vector<core::Box> boxes;
  for (int rank = 0; rank < 3; ++rank) boxes.push_back(core::Decomposition(grid, 3, rank).box());
  every_point_arrives_once(grid, boxes, [](core::Box box) {  // far away, larger than the grid
    box.offset = {-20, 15, 0};
    box.count = {14, 9, 1};
    return box;
  });
  every_point_arrives_once(grid, boxes, [](core::Box box) {
    box.count[0] = 0;
    return box;
  });
}

TEST(HaloPlan, OwnersOfNothingWantNothing) {
  const core::Grid grid = unit_grid({8, 2});
  const core::Box nothing = core::Decomposition(grid, 3, 2).box();
  EXPECT_EQ(core::wanted_box(core::surrounded(grid, 3), nothing).points(), 0);
  EXPECT_TRUE(core::overlaps(grid, nothing, core::surrounded(grid, 3)(core::Decomposition(grid, 3, 0).box())).empty());
}

}  // namespace
}  // namespace ister::tests
