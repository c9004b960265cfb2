#include <gtest/gtest.h>

#include "drivers/machine/instruction_set.hpp"

namespace ister::tests {
namespace {

using namespace drivers;

TEST(InstructionSet, NamesTheFirstThatIsMissing) {
  const Instructions list[] = {{"avx2", true}, {"fma", false}, {"avx512f", false}};
  EXPECT_EQ(first_missing(list, 0), nullptr);
  EXPECT_EQ(first_missing(list, 1), nullptr);
  EXPECT_STREQ(first_missing(list, 2), "fma");
  EXPECT_STREQ(first_missing(list, 3), "fma");
}

TEST(InstructionSet, ThisProcessorHasWhatThisBuildNeeds) { require_instructions(); }

}  // namespace
}  // namespace ister::tests
