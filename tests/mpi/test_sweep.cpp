#include "tests/sweep_cases.hpp"

// Derivatives and filters on any number of ranks, also where some own nothing.
namespace ister::tests {
namespace {

class Sweep : public testing::TestWithParam<std::vector<int>> {};

TEST_P(Sweep, DerivativesOfWavesAreExact) {
  SweepCase c(MPI_COMM_WORLD, GetParam());
  EXPECT_LE(c.derivative_error<core::GradientSweep>(false), 1e-13);
  EXPECT_LE(c.derivative_error<core::GradientSweep>(true), 1e-13);
}

TEST_P(Sweep, FiltersMultiplyWavesByTheirSymbol) {
  EXPECT_LE(SweepCase(MPI_COMM_WORLD, GetParam()).filter_error<core::GradientSweep>(), 1e-14);
}

INSTANTIATE_TEST_SUITE_P(Shapes, Sweep, testing::ValuesIn(sweep_shapes()),
                         [](const auto& info) { return shape_name(info.param); });

}  // namespace
}  // namespace ister::tests
