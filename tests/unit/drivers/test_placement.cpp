#include "drivers/machine/placement.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "drivers/run/memory_need.hpp"
#include "drivers/run/run_observers.hpp"
#include "drivers/run/run_time.hpp"
#include "solvers/hydro_system.hpp"

// Memory, layout and time of a run as they are told before it starts.
namespace ister::tests {
namespace {

using namespace drivers;

core::Grid make_grid(std::vector<int> points) {
  core::Grid grid;
  grid.dimensions = static_cast<int>(points.size());
  for (int d = 0; d < grid.dimensions; ++d) {
    grid.points[d] = points[d];
    grid.upper[d] = 10.0;
  }
  return grid;
}

Input make_input(std::vector<int> points) {
  Input input;
  input.grid = make_grid(std::move(points));
  input.initial = {"uniform", {{"temperature", 1.0}}};
  return input;
}

MemoryNeed need_of(const Input& input, int ranks = 1, std::int64_t process = 0) {
  const physics::FluidModel fluid(input.solver.eos, input.solver.transport);
  return count_memory(input, fluid, core::Decomposition(input.grid, ranks, 0), {}, process);
}

TEST(MemoryNeed, IsWhatTheRunTakesFromItsPool) {
  for (const char* integrator : {"ssprk3", "rk4", "bs32", "dp54", "ars443"})
    for (const auto formulation : {solvers::Formulation::primitive, solvers::Formulation::conservative})
      for (const std::vector<int>& points : {std::vector<int>{20}, {17, 12}, {9, 8, 10}})
        for (const double zeta : {0.0, 0.02}) {
          Input input = make_input(points);
          input.solver.formulation = formulation;
          input.solver.time.integrator = integrator;
          if (std::string(integrator) == "dp54")
            input.solver.time.tolerance = 1e-6;
          else
            input.solver.time.step = 0.01;
          input.solver.eos = {"constant_cs2", {{"cs2", 0.25}}};
          input.solver.transport.zeta_over_s.value = zeta;
          core::ArrayPool pool;
          solvers::HydroSystem system(MPI_COMM_SELF, core::Decomposition(input.grid, 1, 0), pool,
                                      physics::FluidModel(input.solver.eos, input.solver.transport), input.solver, 1.0);
          const RunObservers observers(system, input);
          const MemoryNeed need = need_of(input);
          EXPECT_EQ(need.fields + need.device, pool.statistics().bytes) << integrator;
        }
}

TEST(MemoryNeed, GrowsWithTheGridBeyondAnyMachine) {
  const double small = static_cast<double>(need_of(make_input({128, 128, 128})).arrays()) / std::pow(128.0, 3);
  const double large = static_cast<double>(need_of(make_input({65536, 65536, 65536})).arrays()) / std::pow(65536.0, 3);
  EXPECT_GT(large, 0.8 * small);
  EXPECT_LT(large, 1.2 * small);
  // A line of 65521 points, a prime, is transformed on a longer one: none of that is worked out here.
  EXPECT_GT(need_of(make_input({65521, 65521}), 7).arrays(), 0);
}

TEST(MemoryNeed, IsSharedOutAmongTheRanks) {
  const Input input = make_input({96, 96, 96});
  const double alone = static_cast<double>(need_of(input).arrays());
  EXPECT_LT(static_cast<double>(need_of(input, 8).arrays()), alone / 6);
  EXPECT_EQ(need_of(input, 8, 1000).peak(), need_of(input, 8).arrays() + 1000);
}

TEST(Placement, RanksAreAsManyAsTheGridKeepsBusy) {
  const Layout few = recommend_layout(make_grid({64, 64, 64}), 4);
  EXPECT_EQ(few.ranks, 4);
  EXPECT_EQ(few.threads, 1);
  const Layout uneven = recommend_layout(make_grid({192, 192, 9}), 8);
  EXPECT_EQ(uneven.ranks, 3) << "four would have as many layers each at most";
  EXPECT_EQ(uneven.threads, 2);
  const Layout collision = recommend_layout(make_grid({192, 192}), 128);
  EXPECT_LE(collision.ranks * collision.threads, 16) << "a small grid does not feed 128 cores";
  const Layout small = recommend_layout(make_grid({8}), 64);
  EXPECT_EQ(small.ranks * small.threads, 1);
}

TEST(RunTime, StepsAreCountedWithoutTakingThem) {
  Input input = make_input({100, 50});
  input.solver.time.start = 1.0;
  input.solver.time.end = 3.0;
  input.solver.time.step = 0.03;
  EXPECT_EQ(count_steps(input), 67);
  input.solver.time.step.reset();
  input.solver.time.cfl = 0.5;  // of 0.1 fm
  EXPECT_NEAR(count_steps(input), 40, 1);
  input = make_input({20, 20, 100});
  input.solver.geometry = physics::Geometry::milne;
  input.solver.time.start = 1.0;
  input.solver.time.end = 9.0;
  input.solver.time.cfl = 0.5;  // of 0.1 tau until tau = 5, then of 0.5 fm
  EXPECT_NEAR(count_steps(input), 20 * std::log(5.0) + 16, 2);
}

TEST(RunTime, AStepOfAPointTakesNanosecondsToMicroseconds) {
  Input input = make_input({48, 40});
  input.solver.time.cfl = 0.4;
  const physics::FluidModel fluid(input.solver.eos, input.solver.transport);
  const double seconds = measure_point_step(input, fluid, 10.0);
  EXPECT_GT(seconds, 1e-9);
  EXPECT_LT(seconds, 1e-4);
}

}  // namespace
}  // namespace ister::tests
