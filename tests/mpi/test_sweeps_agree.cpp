#include <fmt/format.h>

#include <cstdlib>

#include "tests/physics/flow_cases.hpp"
#include "tests/sweep_cases.hpp"

// FusedSweep, which a host uses, and StoredSweep, which a GPU uses, on the same host.
namespace ister::tests {
namespace {

/// For the exchanges made while it lives.
class MessagesThroughCopies {
 public:
  MessagesThroughCopies() { setenv("ISTER_GPU_AWARE_MPI", "0", 1); }
  ~MessagesThroughCopies() { unsetenv("ISTER_GPU_AWARE_MPI"); }
  MessagesThroughCopies(const MessagesThroughCopies&) = delete;
  MessagesThroughCopies& operator=(const MessagesThroughCopies&) = delete;
};

class SweepsAgree : public testing::TestWithParam<std::vector<int>> {
 protected:
  void SetUp() override {
    if (!core::on_host) GTEST_SKIP() << "FusedSweep is for host memory";
  }
};

TEST_P(SweepsAgree, OnDerivatives) {
  SweepCase c(MPI_COMM_WORLD, GetParam());
  for (const bool in_place : {false, true}) EXPECT_LE(c.derivatives_apart(in_place), 1e-13);
}

TEST_P(SweepsAgree, OnFilters) { EXPECT_LE(SweepCase(MPI_COMM_WORLD, GetParam()).filters_apart(), 1e-13); }

TEST_P(SweepsAgree, WhereMessagesPassThroughCopies) {
  const MessagesThroughCopies copies;
  EXPECT_LE(SweepCase(MPI_COMM_WORLD, GetParam()).derivatives_apart(false), 1e-13);
}

INSTANTIATE_TEST_SUITE_P(Shapes, SweepsAgree, testing::ValuesIn(odd_shapes()),
                         [](const auto& info) { return shape_name(info.param); });

/// A hot spot that expands under a force, all terms of the equations in play.
class CollisionsAgree : public testing::TestWithParam<solvers::Formulation> {};

TEST_P(CollisionsAgree, WithStoredAndWithFusedDerivatives) {
  const core::Grid grid = make_grid({48, 39}, {-8.0, -8.0}, {8.0, 8.0});
  solvers::SolverOptions options = full_fluid(physics::Geometry::milne, GetParam());
  options.filter.type = solvers::FilterOptions::Type::exponential;
  options.time.cfl = 0.3;
  options.drive.tones = {{0, {1, 2, 0}, 1.5, 0.05, 0.4}};
  const solvers::InitialOptions initial{
      "hot_spot", {{"energy_density", 1.0}, {"amplitude", 20.0}, {"width", std::vector<double>{1.5, 2.5}}}};

  Flow fused(grid, options, MPI_COMM_WORLD);
  options.stored_derivatives = true;
  Flow stored(grid, options, MPI_COMM_WORLD);
  for (Flow* flow : {&fused, &stored}) {
    flow->start(initial);
    flow->run_to(2.0);
  }
  const Fields reference = fused.fields();
  double worst = 0.0;
  for (const auto& [name, values] : stored.fields())
    worst = std::max(worst, deviation(values, reference.at(name), scale_of(name, reference)));
  EXPECT_LE(worst, 1e-12);
  EXPECT_NEAR(stored.system().balance(), fused.system().balance(), 1e-12);
  EXPECT_GE(fused.system().step_count(), 8);
  fmt::print("rank {}: after {} steps the sweeps are {:.1e} apart\n", fused.decomposition().rank(),
             fused.system().step_count(), worst);
}

INSTANTIATE_TEST_SUITE_P(Formulations, CollisionsAgree,
                         testing::Values(solvers::Formulation::primitive, solvers::Formulation::conservative),
                         [](const auto& info) {
                           return info.param == solvers::Formulation::primitive ? "primitive" : "conservative";
                         });

}  // namespace
}  // namespace ister::tests
