#include <gtest/gtest.h>

#include <limits>

#include "solvers/verdict.hpp"

namespace ister::tests {
namespace {

using solvers::Grade;
using solvers::Measured;
using solvers::Verdicts;

TEST(Verdict, IsNoneBeforeAnythingIsMeasured) {
  const Verdicts v;
  for (const std::string& name : Verdicts::names()) EXPECT_EQ(v.grade_of(name), Grade::none);
  EXPECT_EQ(v.line(), "verdict: balance none, cavitation none, seam none, resolution none, causality none");
  EXPECT_TRUE(v.remarks().empty());
  EXPECT_FALSE(v.end_run());
  EXPECT_TRUE(v.numbers().empty());
}

TEST(Verdict, BalanceHasTheContractsThresholds) {
  EXPECT_EQ(solvers::grade(Measured::energy_balance, 1e-3), Grade::good);
  EXPECT_EQ(solvers::grade(Measured::energy_balance, 1.01e-3), Grade::doubtful);
  EXPECT_EQ(solvers::grade(Measured::energy_balance, 1e-2), Grade::doubtful);
  EXPECT_EQ(solvers::grade(Measured::energy_balance, 1.01e-2), Grade::bad);
  EXPECT_EQ(solvers::grade(Measured::energy_growth, 2.0), Grade::good);
  EXPECT_EQ(solvers::grade(Measured::energy_growth, 2.01), Grade::bad);
  EXPECT_EQ(solvers::grade(Measured::resolution, std::numeric_limits<double>::quiet_NaN()), Grade::bad);
}

TEST(Verdict, KeepsTheLargestAndWhenItWas) {
  Verdicts v;
  v.note(Measured::bulk_ratio, 0.3, 1.0);
  v.note(Measured::bulk_ratio, 0.9, 2.0);
  v.note(Measured::bulk_ratio, 0.4, 3.0);
  EXPECT_EQ(v.extreme(Measured::bulk_ratio).value, 0.9);
  EXPECT_EQ(v.extreme(Measured::bulk_ratio).time, 2.0);
  EXPECT_EQ(v.grade_of("cavitation"), Grade::doubtful);
  ASSERT_EQ(v.remarks().size(), 1u);
  EXPECT_NE(v.remarks()[0].find("cavitation doubtful: |Pi|/p"), std::string::npos);
  EXPECT_NE(v.remarks()[0].find("0.9 at time 2 fm"), std::string::npos);
  EXPECT_TRUE(v.remarks(Grade::bad).empty());
}

TEST(Verdict, IsTheWorstOfItsCriteria) {
  Verdicts v;
  v.note(Measured::seam_x, 1e-3, 1.0);
  EXPECT_NE(v.line().find("seam good (0.001)"), std::string::npos);
  v.note(Measured::seam_z, 0.5, 1.0);
  EXPECT_NE(v.line().find("seam bad (0.5)"), std::string::npos);
  EXPECT_FALSE(v.end_run());
  v.note(Measured::energy_balance, 2e-5, 1.0);
  EXPECT_NE(v.line().find("balance good (2e-05)"), std::string::npos);
  v.note(Measured::energy_growth, 3.0, 1.0);
  EXPECT_NE(v.line().find("balance bad (3)"), std::string::npos);
  EXPECT_TRUE(v.end_run());
}

TEST(Verdict, ComesBackFromACheckpoint) {
  Verdicts before, after;
  before.note(Measured::energy_balance, 5e-3, 1.5);
  before.note(Measured::resolution, 2e-6, 0.6);
  after.note(Measured::seam_x, 0.9, 1.0);  // of a state that is left
  after.restore(before.numbers());
  EXPECT_EQ(after.line(), before.line());
  EXPECT_EQ(after.remarks(), before.remarks());
  EXPECT_EQ(std::get<std::string>(after.attributes().at("verdict_balance")), "doubtful");
  EXPECT_EQ(std::get<std::string>(after.attributes().at("verdict_seam")), "none");
}

}  // namespace
}  // namespace ister::tests
