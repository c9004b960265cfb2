#include <gtest/gtest.h>

#include <numeric>

#include "core/base/error.hpp"
#include "core/base/simd_math.hpp"
#include "core/grid/array_pool.hpp"
#include "core/grid/field_bundle.hpp"
#include "tests/physics/flow_cases.hpp"
#include "tests/sweep_cases.hpp"
#include "tests/ways_to_cut.hpp"

namespace ister::tests {
namespace {

TEST(Decomposition, DealsEveryItemToOneOwner) {
  for (const std::int64_t count : {1, 7, 8, 9, 12, 100, 101})
    for (const int parts : {1, 2, 3, 4, 5, 6, 7, 8, 12, 101}) {
      std::int64_t next = 0, smallest = count, before = count;
      for (int part = 0; part < parts; ++part) {
        const core::Range r = core::split_range(count, parts, part);
        EXPECT_EQ(r.begin, next);
        EXPECT_GE(r.size(), 0);
        EXPECT_LE(r.size(), before) << "larger parts come first";
        next = r.end;
        before = r.size();
        smallest = std::min(smallest, r.size());
      }
      EXPECT_EQ(next, count);
      EXPECT_LE(core::split_range(count, parts, 0).size() - smallest, 1);
      EXPECT_EQ(core::split_range(count, parts, parts - 1).size() == 0, parts > count);
    }
}

TEST(Decomposition, CutsTheSlowestDirectionIntoSlabs) {
  const std::vector<std::vector<int>> shapes = {{9}, {13, 10}, {12, 9, 11}, {16, 16, 8}};
  for (const std::vector<int>& shape : shapes)
    for (const int ranks : {1, 2, 3, 4, 6, 8, 12}) {
      const std::size_t n = shape.size();
      const core::Grid grid = make_grid(shape, std::vector<double>(n, 0.0), std::vector<double>(n, 1.0));
      std::int64_t points = 0, next = 0;
      for (int rank = 0; rank < ranks; ++rank) {
        const core::Decomposition d(grid, ranks, rank);
        const core::Box box = d.box();
        ASSERT_EQ(d.slab_direction(), grid.dimensions - 1);
        EXPECT_EQ(box.points(), d.box(rank).points());
        for (int direction = 0; direction < 3; ++direction) {
          if (direction == d.slab_direction()) {
            EXPECT_EQ(box.offset[direction], next);
            next += box.count[direction];
          } else {
            EXPECT_EQ(box.offset[direction], 0);
            EXPECT_EQ(box.count[direction], grid.points[direction]);
          }
        }
        points += box.points();
      }
      EXPECT_EQ(points, grid.total_points());
    }
}

TEST(Grid, PointsAndVolumes) {
  const core::Grid grid = make_grid({10, 8}, {-2.0, 1.0}, {3.0, 5.0});
  EXPECT_DOUBLE_EQ(grid.spacing(0), 0.5);
  EXPECT_DOUBLE_EQ(grid.coordinate(0, 3), -0.5);
  EXPECT_DOUBLE_EQ(grid.coordinate(1, 7), 4.5);
  EXPECT_EQ(grid.coordinate(2, 0), 0.0);
  EXPECT_DOUBLE_EQ(grid.cell_volume(), 0.25);
  EXPECT_EQ(grid.total_points(), 80);
}

TEST(BlockLayout, RowsAreAlignedAndDoNotOverlap) {
  const std::vector<std::vector<int>> shapes = {{9}, {64}, {13, 10}, {64, 8}, {12, 9, 11}, {32, 16, 8}};
  for (const std::vector<int>& shape : shapes)
    for (const int ranks : {1, 3, 12}) {
      const std::size_t n = shape.size();
      const core::Decomposition d(make_grid(shape, std::vector<double>(n, 0.0), std::vector<double>(n, 1.0)), ranks,
                                  ranks - 1);
      const core::BlockLayout l(d);
      EXPECT_EQ(l.points(), d.box().points());
      EXPECT_EQ(l.slab_layers(), d.box().count[d.slab_direction()]);
      EXPECT_EQ(l.box().offset, d.box().offset);
      EXPECT_EQ(l.box().count, d.box().count);
      for (const std::int64_t stride : {l.pitch, l.plane, l.component}) EXPECT_EQ(stride % 8, 0);
      EXPECT_GE(l.pitch, l.columns);
      EXPECT_GE(l.plane, l.rows * l.pitch);
      EXPECT_GE(l.component, l.planes * l.plane);
      // Powers of two are what strided access must not meet.
      if (core::on_host && l.points() > 0) {
        EXPECT_EQ(l.pitch / 8 % 2, 1);
        EXPECT_EQ(l.plane / 8 % 2, 1);
      }
    }
}

TEST(Decomposition, PiecesAreTheBlockInFileOrder) {
  const std::vector<std::vector<int>> shapes = {{50}, {13, 40}, {12, 9, 31}};
  for (const std::vector<int>& shape : shapes)
    for (const int rank : {0, 1, 2})
      for (const std::int64_t most : {1, 30, 500, 100000}) {
        const std::size_t n = shape.size();
        const core::Decomposition d(make_grid(shape, std::vector<double>(n, 0.0), std::vector<double>(n, 1.0)), 3,
                                    rank);
        const int cut = d.slab_direction();
        std::int64_t next = d.box().offset[cut], points = 0;
        for (const core::Box& piece : d.pieces(most)) {
          EXPECT_EQ(piece.offset[cut], next);
          EXPECT_TRUE(piece.points() <= most || piece.count[cut] == 1);
          next += piece.count[cut];
          points += piece.points();
        }
        EXPECT_EQ(points, d.box().points());
      }
}

TEST(Decomposition, LinesOfAStrideAreTheSameOnAnyNumberOfRanks) {
  const core::Grid grid = make_grid({10, 21, 17}, {0, 0, 0}, {1, 1, 1});
  EXPECT_EQ(core::Decomposition(grid, 1, 0).sampling_stride(grid.total_points()), 1);
  EXPECT_EQ(core::Decomposition(grid, 1, 0).sampling_stride(400), 4);  // 6 x 5 lines; of stride 3 there are 7 x 6
  EXPECT_EQ(core::Decomposition(grid, 1, 0).sampling_stride(9), 21);   // never less than a line
  for (const int ranks : {1, 4, 17}) {
    std::vector<std::array<std::int64_t, 2>> lines;
    for (int rank = 0; rank < ranks; ++rank)
      for (const core::Box& line : core::Decomposition(grid, ranks, rank).lines(4)) {
        EXPECT_EQ(line.points(), 10);
        lines.push_back({line.offset[1], line.offset[2]});
      }
    ASSERT_EQ(lines.size(), 6u * 5u) << ranks << " ranks";
    for (std::size_t i = 0; i < lines.size(); ++i) {
      EXPECT_EQ(lines[i][0], static_cast<std::int64_t>(4 * (i % 6)));
      EXPECT_EQ(lines[i][1], static_cast<std::int64_t>(4 * (i / 6)));
    }
  }
}

TEST(Decomposition, SaysHowItSharesOutTheGrid) {
  const core::Grid flat = unit_grid({12, 10}), deep = unit_grid({8, 6, 5});
  EXPECT_EQ(core::Decomposition(flat, 3, 1).describe(), "cut along y among 3 ranks (4 3 3 layers)");
  EXPECT_EQ(core::Decomposition(deep, 1, 0).describe(), "cut along z among 1 ranks (5 layers)");
  EXPECT_EQ(core::Decomposition(deep, {1, 3, 2}, 0).describe(), "cut along y and z among 6 ranks (2 2 2 x 3 2 layers)");
  EXPECT_EQ(core::Decomposition(flat, 3, 1).describe_shares(), "10 layers along y");
  EXPECT_EQ(core::Decomposition(deep, {1, 3, 2}, 0).describe_shares(), "6 x 5 layers along y and z");
}

TEST(Decomposition, KnowsHowManyRanksItKeepsBusy) {
  EXPECT_EQ(core::Decomposition(unit_grid({64, 10}), 12, 0).idle_ranks(), 2);
  EXPECT_EQ(core::Decomposition(unit_grid({64, 10}), 10, 0).idle_ranks(), 0);
  EXPECT_EQ(core::Decomposition(unit_grid({4, 3, 2}), {1, 4, 4}, 0).idle_ranks(), 10);
  EXPECT_EQ(core::Decomposition::most_ranks(unit_grid({64, 10})), 10);
  EXPECT_DOUBLE_EQ(core::Decomposition(unit_grid({64, 64, 64}), 16, 0).balance(), 1.0);
  EXPECT_DOUBLE_EQ(core::Decomposition(unit_grid({192, 192}), 128, 0).balance(), 0.75);
  EXPECT_DOUBLE_EQ(core::Decomposition(unit_grid({64, 10}), 20, 0).balance(), 0.5);
  EXPECT_DOUBLE_EQ(core::Decomposition(unit_grid({9, 6, 5}), {1, 2, 2}, 0).balance(), 30.0 / (4.0 * 9.0));
}

TEST(Decomposition, OnlySlabsHaveASlabDirection) {
  EXPECT_EQ(core::Decomposition(unit_grid({8, 6, 5}), {1, 1, 3}, 0).slab_direction(), 2);
  EXPECT_THROW((void)core::Decomposition(unit_grid({8, 6, 5}), {1, 2, 1}, 0).slab_direction(), Error);
}

TEST(Decomposition, GridsOfProcessesGiveEveryPointToOneRank) {
  for (const std::vector<int>& shape : shapes_to_cut())
    for (const int ranks : {1, 4, 6, 12}) {
      const core::Grid grid = unit_grid(shape);
      for (const std::array<int, 3>& parts : ways_to_cut(grid, ranks)) {
        std::vector<int> owners(static_cast<std::size_t>(grid.total_points()), 0);
        for (int rank = 0; rank < ranks; ++rank) {
          const core::Decomposition d(grid, parts, rank);
          EXPECT_EQ(d.ranks(), ranks);
          EXPECT_LE(d.box().points(), d.largest_box().points());
          for_each_index(d.box(), [&](std::int64_t x, std::int64_t y, std::int64_t z) {
            ++owners.at(static_cast<std::size_t>((z * grid.points[1] + y) * grid.points[0] + x));
          });
        }
        EXPECT_EQ(owners, std::vector<int>(owners.size(), 1));
      }
    }
}

TEST(FieldBundle, TakesBoxesOneByOne) {
  const std::vector<std::vector<int>> shapes = {{40}, {13, 11}, {9, 8, 10}};
  for (const std::vector<int>& shape : shapes) {
    const core::Grid grid = unit_grid(shape);
    const core::Decomposition d(grid, 3, 1);
    const core::Box block = d.box();
    core::ArrayPool pool;
    core::FieldBundle bundle(pool, core::BlockLayout(d), 2);
    const auto number = [&](std::int64_t x, std::int64_t y, std::int64_t z) {
      return static_cast<double>((z * grid.points[1] + y) * grid.points[0] + x + 1);
    };
    const auto values_of = [&](const core::Box& box) {
      std::vector<double> values;
      for_each_index(box, [&](std::int64_t x, std::int64_t y, std::int64_t z) { values.push_back(number(x, y, z)); });
      return values;
    };
    // Cut once more, in two along every direction.
    const core::Grid within = unit_grid(
        {static_cast<int>(block.count[0]), static_cast<int>(block.count[1]), static_cast<int>(block.count[2])});
    for (int part = 0; part < 8; ++part) {
      core::Box box = core::Decomposition(within, {2, 2, 2}, part).box();
      for (int k = 0; k < 3; ++k) box.offset[k] += block.offset[k];
      bundle.copy_in(1, values_of(box).data(), box);
    }
    std::vector<double> back(static_cast<std::size_t>(block.points()));
    bundle.copy_out(1, back.data());
    EXPECT_EQ(back, values_of(block));
    bundle.copy_out(0, back.data());
    EXPECT_EQ(back, std::vector<double>(back.size(), 0.0));
  }
}

TEST(FieldBundle, GivesBackWhatItWasGiven) {
  core::ArrayPool pool;
  const core::Decomposition d(make_grid({13, 9, 10}, {0, 0, 0}, {1, 1, 1}), 3, 1);
  const core::BlockLayout layout(d);
  core::FieldBundle bundle(pool, layout, 3);
  std::vector<std::vector<double>> values(3, std::vector<double>(static_cast<std::size_t>(layout.points())));
  double next = 1.0;
  for (auto& component : values)
    for (double& v : component) v = next++;
  for (int c = 0; c < 3; ++c) bundle.copy_in(c, values[c].data());
  std::vector<double> back(values[0].size());
  for (int c = 0; c < 3; ++c) {
    bundle.copy_out(c, back.data());
    EXPECT_EQ(back, values[c]);
  }
}

class Sweep : public testing::TestWithParam<std::vector<int>> {};

TEST_P(Sweep, DerivativesOfWavesAreExact) {
  SweepCase c(MPI_COMM_SELF, GetParam());
  EXPECT_LE(c.derivative_error<core::GradientSweep>(false), 1e-13);
  EXPECT_LE(c.derivative_error<core::GradientSweep>(true), 1e-13);
}

TEST_P(Sweep, FiltersMultiplyWavesByTheirSymbol) {
  EXPECT_LE(SweepCase(MPI_COMM_SELF, GetParam()).filter_error<core::GradientSweep>(), 1e-14);
}

INSTANTIATE_TEST_SUITE_P(Shapes, Sweep, testing::ValuesIn(sweep_shapes()),
                         [](const auto& info) { return shape_name(info.param); });

TEST(LineSymbol, DerivativesVanishAtTheNyquistMode) {
  const core::LineSymbol even = core::derivative_symbol(8, 2.0 * M_PI);
  const std::vector<double> wavenumbers = {0, 1, 2, 3, 0, -3, -2, -1};
  for (int i = 0; i < 8; ++i) EXPECT_NEAR(even.factor[i] * 8, wavenumbers[i], 1e-14);
  const core::LineSymbol odd = core::derivative_symbol(5, 4.0 * M_PI);
  for (int i = 0; i < 5; ++i) EXPECT_NEAR(odd.factor[i] * 5, 0.5 * (i <= 2 ? i : i - 5), 1e-14);
  EXPECT_TRUE(odd.imaginary);
}

TEST(LineSymbol, FiltersSeeTheFractionOfTheNyquistWavenumber) {
  const core::LineSymbol even = core::filter_symbol(8, [](double s) { return s; });
  const std::vector<double> fractions = {0, 0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25};
  for (int i = 0; i < 8; ++i) EXPECT_NEAR(even.factor[i] * 8, fractions[i], 1e-15);
  const core::LineSymbol odd = core::filter_symbol(5, [](double s) { return s; });
  for (int i = 0; i < 5; ++i) EXPECT_NEAR(odd.factor[i] * 5, 0.4 * (i <= 2 ? i : 5 - i), 1e-15);
  EXPECT_FALSE(odd.imaginary);
}

TEST(SimdMath, ExpIsExactToAnUlp) {
  for (int i = -70000; i <= 70000; ++i) {
    const double x = 0.01 * i + 1e-5 * (i % 7);
    const double expected = std::exp(x);
    ASSERT_NEAR(ister::simd_exp(x), expected, 2.3e-16 * expected) << x;
  }
  EXPECT_EQ(ister::simd_exp(0.0), 1.0);
  EXPECT_EQ(ister::simd_exp(-800.0), 0.0);
  EXPECT_EQ(ister::simd_exp(-HUGE_VAL), 0.0);
  EXPECT_TRUE(std::isfinite(ister::simd_exp(HUGE_VAL)));
  EXPECT_TRUE(std::isnan(ister::simd_exp(std::nan(""))));
}

}  // namespace
}  // namespace ister::tests
