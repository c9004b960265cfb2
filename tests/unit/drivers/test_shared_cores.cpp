#include <gtest/gtest.h>

#include "drivers/machine/shared_cores.hpp"
#include "tests/unit/core/refusal.hpp"

namespace ister::tests {
namespace {

using namespace drivers;

TEST(SharedCores, RanksWithCoresOfTheirOwnAreLeftAlone) {
  EXPECT_EQ(shared_cores({{"a", 1, {0}}, {"a", 1, {1}}}), "");
  EXPECT_EQ(shared_cores({{"a", 1, {0, 1}}, {"a", 1, {0, 1}}}), "");  // the kernel spreads them
  EXPECT_EQ(shared_cores({{"a", 2, {0, 2}}, {"a", 2, {1, 3}}, {"b", 2, {0, 2}}}), "");
  EXPECT_EQ(shared_cores({{"a", 64, {}}}), "");  // the system does not say
}

TEST(SharedCores, RanksOnOneCoreAreNamed) {
  const std::string text = shared_cores({{"a", 1, {0}}, {"node7", 1, {4}}, {"node7", 1, {4}}, {"node7", 1, {5}}});
  EXPECT_TRUE(has(text, "2 rank(s) with 2 thread(s) share 1 core(s) of node7"));
  EXPECT_TRUE(has(text, "--bind-to core"));
  EXPECT_TRUE(has(text, "--cpu-bind=cores"));
}

TEST(SharedCores, MoreThreadsThanCores) {
  EXPECT_TRUE(has(shared_cores({{"a", 8, {0, 1}}}), "8 thread(s) share 2 core(s)"));
  EXPECT_TRUE(has(shared_cores({{"a", 1, {0, 1}}, {"a", 1, {1, 0}}, {"a", 1, {0}}}), "3 rank(s) with 3 thread(s)"));
  EXPECT_TRUE(has(shared_cores({{"a", 2, {0, 1, 2}}, {"a", 2, {1, 2, 3}}, {"a", 1, {0, 3}}}), "share 4 core(s)"));
}

}  // namespace
}  // namespace ister::tests
