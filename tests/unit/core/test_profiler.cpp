#include "core/parallel/profiler.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

namespace ister::tests {
namespace {

using namespace core;

void wait() { std::this_thread::sleep_for(std::chrono::milliseconds(2)); }

std::vector<Profiler::Record> nested_records() {
  Profiler profiler;
  for (int step = 0; step < 3; ++step) {
    const Profiler::Region outer(&profiler, "step");
    wait();
    for (int stage = 0; stage < 2; ++stage) {
      const Profiler::Region inner(&profiler, "stage");
      inner.add_work(8.0, 2.0);
      wait();
    }
    const Profiler::Region other(&profiler, "filter");
  }
  const Profiler::Region apart(&profiler, "stage");  // the same name elsewhere is another region
  return profiler.records();
}

TEST(Profiler, RegionsFormATree) {
  const auto records = nested_records();
  ASSERT_EQ(records.size(), 4u);
  const struct {
    const char* name;
    int depth;
    std::int64_t calls;
  } expected[] = {{"step", 0, 3}, {"stage", 1, 6}, {"filter", 1, 3}, {"stage", 0, 1}};
  for (int i = 0; i < 4; ++i) {
    EXPECT_EQ(records[i].name, expected[i].name);
    EXPECT_EQ(records[i].depth, expected[i].depth);
    EXPECT_EQ(records[i].calls, expected[i].calls);
  }
  EXPECT_EQ(records[1].bytes, 48.0);
  EXPECT_EQ(records[1].flops, 12.0);
  EXPECT_EQ(records[0].bytes, 0.0);
}

TEST(Profiler, NestedTimeIsCountedOnce) {
  const auto records = nested_records();
  EXPECT_GE(records[0].total, 0.018);  // 9 waits of 2 ms
  EXPECT_GE(records[1].self, 0.012);
  EXPECT_NEAR(records[0].total, records[0].self + records[1].total + records[2].total, 1e-9);
  EXPECT_EQ(records[1].total, records[1].self);
}

TEST(Profiler, AnOpenRegionCountsUpToNow) {
  Profiler profiler;
  const Profiler::Region open(&profiler, "open");
  wait();
  const auto records = profiler.records();
  ASSERT_EQ(records.size(), 1u);
  EXPECT_GE(records[0].total, 0.002);
  EXPECT_GE(profiler.records()[0].total, records[0].total);
}

TEST(Profiler, WithoutOneNothingIsRecorded) {
  const Profiler::Region region(nullptr, "nothing");
  region.add_work(1.0, 1.0);
}

}  // namespace
}  // namespace ister::tests
