#include "io/file_order.hpp"

#include <gtest/gtest.h>

#include "tests/ways_to_cut.hpp"

namespace ister::tests {
namespace {

/// Numbers in file order of the points of a box, as its runs say.
std::vector<std::int64_t> numbers_of(const core::Grid& grid, const core::Box& box) {
  std::vector<std::int64_t> numbers;
  for (const io::Run& run : io::runs_of(grid, box)) {
    EXPECT_EQ(run.in_box, static_cast<std::int64_t>(numbers.size()));
    for (std::int64_t i = 0; i < run.count; ++i) numbers.push_back(run.in_file + i);
  }
  return numbers;
}

TEST(FileOrder, RunsAreThePointsOfTheBox) {
  for (const std::vector<int>& shape : shapes_to_cut()) {
    const core::Grid grid = unit_grid(shape);
    for (const std::array<int, 3>& parts : ways_to_cut(grid, 12))
      for (int rank = 0; rank < 12; ++rank) {
        const core::Box box = core::Decomposition(grid, parts, rank).box();
        std::vector<std::int64_t> expected;
        for_each_index(box, [&](std::int64_t x, std::int64_t y, std::int64_t z) {
          expected.push_back((z * grid.points[1] + y) * grid.points[0] + x);
        });
        EXPECT_EQ(numbers_of(grid, box), expected);
      }
  }
}

TEST(FileOrder, RunsAreAsFewAsCanBe) {
  const core::Grid grid = unit_grid({8, 6, 5});
  const auto count = [&](const std::array<int, 3>& parts) {
    return io::runs_of(grid, core::Decomposition(grid, parts, 0).box()).size();
  };
  EXPECT_EQ(count({1, 1, 5}), 1u);
  EXPECT_EQ(count({1, 2, 2}), 3u);  // one for each of the layers of z
  EXPECT_EQ(count({2, 1, 2}), 18u);
  EXPECT_EQ(io::runs_of(grid, core::Decomposition(grid, 6, 5).box()).size(), 0u);
}

}  // namespace
}  // namespace ister::tests
