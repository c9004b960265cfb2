#include "tests/unit/physics/bjorken.hpp"

#include <gtest/gtest.h>

#include "physics/column_file.hpp"

namespace ister::tests {
namespace {

using namespace physics;

void expect_flow(const std::string& name, const FluidModel& fluid) {
  const ColumnFile table =
      read_columns(std::string(ISTER_TEST_DATA_DIR) + "/" + name, {{"tau", 0}, {"e", 0}, {"phi", 0}, {"Pi", 0}});
  const auto value = [&](int column, std::size_t row) { return table.columns[column][row]; };
  const std::size_t rows = table.columns[0].size();
  ASSERT_GE(rows, 8u);
  const Bjorken flow(fluid, value(0, 0), {value(1, 0), -value(2, 0), value(3, 0)}, value(0, rows - 1));
  for (std::size_t row = 0; row < rows; ++row) {
    const BjorkenPoint point = flow.at(value(0, row));
    EXPECT_NEAR(point.energy_density, value(1, row), 2e-12 * value(1, row));
    EXPECT_NEAR(point.pizz, -value(2, row), 2e-12 * value(1, row));
    EXPECT_NEAR(point.bulk_pressure, value(3, row), 2e-12 * value(1, row));
  }
}

TEST(Bjorken, ConformalFlowMatchesTheReference) {
  TransportOptions transport;
  transport.eta_over_s.value = 0.2;
  expect_flow("bjorken_conformal_DNMR_NSinit.csv", FluidModel({}, transport));
}

TEST(Bjorken, FlowWithBulkPressureMatchesTheReference) {
  EosOptions eos;
  eos = {"constant_cs2", {{"cs2", 0.25}}};
  TransportOptions transport;
  transport.zeta_over_s.value = 0.05;
  expect_flow("bjorken_nonconformal_cs2_0.25.csv", FluidModel(eos, transport));
}

}  // namespace
}  // namespace ister::tests
