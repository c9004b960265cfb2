#include "core/grid/halo.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/grid/rows.hpp"
#include "tests/mpi/allocation_counter.hpp"
#include "tests/ways_to_cut.hpp"

namespace ister::tests {
namespace {

/// What component c is at a point, its indices being those of a periodic image.
double value_at(const core::Grid& grid, int c, std::int64_t x, std::int64_t y, std::int64_t z) {
  const std::int64_t at[3] = {wrapped(x, grid.points[0]), wrapped(y, grid.points[1]), wrapped(z, grid.points[2])};
  return static_cast<double>(((c * 1000 + at[2]) * 1000 + at[1]) * 1000 + at[0]) + 0.5;
}

class HaloCase {
 public:
  static constexpr int fields = 4;

  HaloCase(const core::Grid& grid, const std::array<int, 3>& parts, core::WantedBox wanted)
      : m_decomposition(grid, parts, rank_of_world()),
        m_wanted(std::move(wanted)),
        m_halo(MPI_COMM_WORLD, m_decomposition, m_pool, m_wanted, m_components),
        m_state(m_pool, core::BlockLayout(m_decomposition), fields),
        m_seen(m_pool, m_halo.layout(), m_halo.components()) {
    for (int c = 0; c < fields; ++c) {
      std::vector<double> values;
      for_each_index(m_decomposition.box(), [&](std::int64_t x, std::int64_t y, std::int64_t z) {
        values.push_back(value_at(grid, c, x, y, z));
      });
      m_state.copy_in(c, values.data());
    }
    m_pool.freeze();
  }

  static int rank_of_world() {
    int rank = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
  }
  static int ranks() {
    int count = 1;
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    return count;
  }

  void fetch() { m_halo.fetch(m_state, m_seen); }
  /// Brings but a box of the own block upon zeros; returns how many of its values, and of zeros beside it, are wrong.
  [[nodiscard]] int wrong_within(const core::Box& within) {
    Kokkos::deep_copy(m_seen.view(), 0.0);
    m_halo.fetch(m_state, m_seen, within);
    const core::Box owned = m_decomposition.box();
    int wrong = 0;
    for (int c = 0; c < m_halo.components() && core::on_host; ++c)
      for_each_index(owned, [&](std::int64_t x, std::int64_t y, std::int64_t z) {
        const std::int64_t at[] = {x, y, z};
        bool inside = true;
        for (int d = 0; d < 3; ++d)
          inside = inside && at[d] >= within.offset[d] && at[d] < within.offset[d] + within.count[d];
        const double right = inside ? value_at(m_decomposition.grid(), m_components[c], x, y, z) : 0.0;
        wrong += m_seen.component(c)[m_seen.layout().at(x, y, z)] != right;
      });
    return wrong;
  }
  [[nodiscard]] core::Box owned() const { return m_decomposition.box(); }

  /// Values of a wide bundle that are not those of their points, once its block alone was given. Components that the
  /// halo does not bring stay as they are.
  [[nodiscard]] int wrong_when_surrounded() {
    const core::Box mine = m_decomposition.box(), seen = core::wanted_box(m_wanted, mine);
    const auto owned = [&mine](const std::int64_t(&at)[3]) {
      bool inside = true;
      for (int d = 0; d < 3; ++d) inside = inside && at[d] >= mine.offset[d] && at[d] < mine.offset[d] + mine.count[d];
      return inside;
    };
    const auto value = [&](int c, std::int64_t x, std::int64_t y, std::int64_t z, bool everywhere) {
      return everywhere || owned({x, y, z}) ? value_at(m_decomposition.grid(), c, x, y, z) : -1.0;
    };
    core::ArrayPool pool;
    core::FieldBundle wide(pool, m_halo.layout(), fields);
    for (int c = 0; c < fields; ++c) {
      std::vector<double> values;
      for_each_index(seen, [&](auto... at) { values.push_back(value(c, at..., false)); });
      wide.copy_in(c, values.data());
    }
    m_halo.surround(wide);
    int wrong = 0;
    for (int c = 0; c < fields; ++c) {
      const bool brought = std::count(m_components.begin(), m_components.end(), c) > 0;
      std::vector<double> values(static_cast<std::size_t>(seen.points()));
      wide.copy_out(c, values.data());
      auto found = values.begin();
      for_each_index(seen, [&](auto... at) { wrong += *found++ != value(c, at..., brought) ? 1 : 0; });
    }
    return wrong;
  }

  /// Values of the delivered bundle that are not those of their points.
  [[nodiscard]] int wrong() const {
    const core::Box seen = core::wanted_box(m_wanted, m_decomposition.box());
    int wrong = 0;
    for (int c = 0; c < m_halo.components(); ++c) {
      std::vector<double> values(static_cast<std::size_t>(seen.points()));
      m_seen.copy_out(c, values.data());
      auto value = values.begin();
      for_each_index(seen, [&](std::int64_t x, std::int64_t y, std::int64_t z) {
        const double right = value_at(m_decomposition.grid(), m_components[c], x, y, z);
        if (*value++ != right) ++wrong;
        if (core::on_host && m_seen.component(c)[m_seen.layout().at(x, y, z)] != right) ++wrong;
      });
    }
    return wrong;
  }

  /// Of the halo and what it delivers, without memory and with it.
  [[nodiscard]] bool counts_its_memory() const {
    core::ArrayPool counting(core::ArrayPool::Mode::count), lending;
    for (core::ArrayPool* pool : {&counting, &lending}) {
      const core::Halo halo(MPI_COMM_WORLD, m_decomposition, *pool, m_wanted, m_components);
      const core::FieldBundle seen(*pool, halo.layout(), halo.components());
    }
    return counting.statistics().bytes == lending.statistics().bytes;
  }

 private:
  std::vector<int> m_components{2, 0, 3};
  core::Decomposition m_decomposition;
  core::WantedBox m_wanted;
  core::ArrayPool m_pool;
  core::Halo m_halo;
  core::FieldBundle m_state, m_seen;
};

class Halo : public testing::TestWithParam<std::vector<int>> {
 protected:
  core::Grid m_grid = unit_grid(GetParam());
};

TEST_P(Halo, BringsLayersOfNeighboursHoweverTheGridIsCut) {
  for (const std::array<int, 3>& parts : ways_to_cut(m_grid, HaloCase::ranks()))
    for (const int width : {1, 2, 3, 4}) {
      HaloCase c(m_grid, parts, core::surrounded(m_grid, width));
      c.fetch();
      EXPECT_EQ(c.wrong(), 0) << parts[0] << " x " << parts[1] << " x " << parts[2] << " ranks, width " << width;
    }
}

TEST_P(Halo, SurroundsABlockThatStandsInItsPlace) {
  for (const std::array<int, 3>& parts : ways_to_cut(m_grid, HaloCase::ranks()))
    for (const int width : {1, 4}) {
      HaloCase c(m_grid, parts, core::surrounded(m_grid, width));
      EXPECT_EQ(c.wrong_when_surrounded(), 0)
          << parts[0] << " x " << parts[1] << " x " << parts[2] << " ranks, width " << width;
    }
}

TEST_P(Halo, BringsTheLayerBeyondOneFaceAlone) {
  const int last = m_grid.dimensions - 1;
  HaloCase c(m_grid, ways_to_cut(m_grid, HaloCase::ranks()).front(), [last](core::Box box) {
    box.offset[last] += box.count[last];
    box.count[last] = 1;
    return box;
  });
  c.fetch();
  EXPECT_EQ(c.wrong(), 0);
}

TEST_P(Halo, BringsNoMoreOfItsOwnBlockThanIsAskedFor) {
  HaloCase c(m_grid, ways_to_cut(m_grid, HaloCase::ranks()).front(), core::surrounded(m_grid, 2));
  core::Box within = c.owned();
  EXPECT_EQ(c.wrong_within(within), 0);
  for (int d = 0; d < m_grid.dimensions; ++d) {
    within.offset[d] += 1;
    within.count[d] = within.count[d] > 2 ? within.count[d] - 2 : 0;
  }
  EXPECT_EQ(c.wrong_within(within), 0);
}

TEST_P(Halo, AllocatesNothingAndItsMemoryIsKnownBefore) {
  HaloCase c(m_grid, ways_to_cut(m_grid, HaloCase::ranks()).back(), core::surrounded(m_grid, 3));
  EXPECT_TRUE(c.counts_its_memory());
  c.fetch();
#ifdef ISTER_COUNTS_MALLOC
  const int allocations = allocations_of([&] { c.fetch(); });
  if (core::on_host && !launches_allocate()) {
    EXPECT_EQ(allocations, 0);
  }
#endif
  c.fetch();
  EXPECT_EQ(c.wrong(), 0);
}

INSTANTIATE_TEST_SUITE_P(Shapes, Halo, testing::ValuesIn(shapes_to_cut()), [](const auto& info) {
  std::string name;
  for (const int n : info.param) name += (name.empty() ? "" : "x") + std::to_string(n);
  return name;
});

}  // namespace
}  // namespace ister::tests
