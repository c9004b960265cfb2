#include <gtest/gtest.h>

#include "core/parallel/profiler.hpp"

namespace ister::tests {
namespace {

using namespace core;

TEST(ProfilerRanks, RegionsOfAllRanksAreUnited) {
  int ranks = 1, rank = 0;
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  Profiler profiler;
  {
    const Profiler::Region step(&profiler, "step");
    if (rank == ranks - 1) const Profiler::Region last(&profiler, "only the last");
    for (int i = 0; i <= rank; ++i) {
      const Profiler::Region exchange(&profiler, "exchange");
      exchange.add_work(10.0, 0.0);
    }
  }
  { const Profiler::Region output(&profiler, "output"); }

  const auto regions = summarise(MPI_COMM_WORLD, profiler);
  ASSERT_EQ(regions.size(), 4u);
  EXPECT_EQ(regions[0].name, "step");
  EXPECT_EQ(regions[3].name, "output");
  for (const RegionSummary& region : regions) {
    EXPECT_EQ(region.depth, region.name == "step" || region.name == "output" ? 0 : 1);
    EXPECT_LE(region.self.max, region.total.max);
    if (region.name == "exchange") {
      EXPECT_EQ(region.calls.min, 1.0);
      EXPECT_EQ(region.calls.mean, 0.5 * (ranks + 1));
      EXPECT_EQ(region.calls.max, ranks);
      EXPECT_EQ(region.bytes.max, 10.0 * ranks);
    }
    if (region.name == "only the last") {
      EXPECT_EQ(region.calls.min, ranks == 1 ? 1.0 : 0.0);
      EXPECT_EQ(region.calls.max, 1.0);
    }
  }
}

}  // namespace
}  // namespace ister::tests
