#include <gtest/gtest.h>
#include <mpi.h>

#include "solvers/hydro_system.hpp"
#include "tests/mpi/allocation_counter.hpp"

// After warm-up a step allocates nothing: neither Kokkos arrays, as Kokkos itself reports them, nor any memory at all.

namespace ister::tests {
namespace {

struct AllocationCase {
  solvers::Formulation formulation;
  const char* integrator;
  int dimensions;
  bool stored = false;  ///< derivatives as whole fields
};

std::string case_name(const testing::TestParamInfo<AllocationCase>& info) {
  const AllocationCase& c = info.param;
  return std::string(c.formulation == solvers::Formulation::primitive ? "primitive_" : "conservative_") + c.integrator +
         "_" + std::to_string(c.dimensions) + (c.stored ? "d_stored" : "d");
}

/// A fluid with all stresses, all that is done between steps included, after two steps.
class Allocations : public testing::TestWithParam<AllocationCase> {
 protected:
  Allocations()
      : m_options(options()),
        m_decomposition(grid(), ranks(), rank()),
        m_system(MPI_COMM_WORLD, m_decomposition, m_pool, physics::FluidModel(m_options.eos, m_options.transport),
                 m_options, 1.0, &m_profiler) {
    const std::vector<double> width(static_cast<std::size_t>(GetParam().dimensions), 1.5);
    const solvers::InitialOptions initial{"hot_spot", {{"energy_density", 10.0}, {"amplitude", 0.2}, {"width", width}}};
    const physics::FluidModel fluid(m_options.eos, m_options.transport);
    m_system.set_state(m_options.time.start,
                       solvers::make_initial_state(initial, m_options, fluid, m_decomposition, MPI_COMM_WORLD));
    take_steps(2);
    m_pool.freeze();
  }

  void take_steps(int count) {
    for (int i = 0; i < count; ++i) m_system.step(100.0);
  }

  static int ranks() {
    int count = 1;
    MPI_Comm_size(MPI_COMM_WORLD, &count);
    return count;
  }
  static int rank() {
    int number = 0;
    MPI_Comm_rank(MPI_COMM_WORLD, &number);
    return number;
  }
  static core::Grid grid() {
    core::Grid grid;
    grid.dimensions = GetParam().dimensions;
    constexpr int points[] = {18, 15, 12};
    for (int d = 0; d < grid.dimensions; ++d) {
      grid.points[d] = points[d];
      grid.upper[d] = 10.0;
    }
    return grid;
  }
  static solvers::SolverOptions options() {
    solvers::SolverOptions options;
    options.geometry = physics::Geometry::milne;
    options.formulation = GetParam().formulation;
    options.stored_derivatives = GetParam().stored;
    options.eos = {"constant_cs2", {{"cs2", 0.25}}};
    options.transport.zeta_over_s.value = 0.02;
    options.time.start = 1.0;
    options.time.integrator = GetParam().integrator;
    if (std::string(GetParam().integrator) == "dp54")
      options.time.tolerance = 1e-5;
    else
      options.time.step = 0.02;
    options.sponge.width = 1.0;
    options.sponge.energy_density = 1.0;
    options.floor.energy_density = 1e-3;
    return options;
  }

  solvers::SolverOptions m_options;
  core::Decomposition m_decomposition;
  core::ArrayPool m_pool;
  core::Profiler m_profiler;
  solvers::HydroSystem m_system;
};

int kokkos_allocations = 0;

TEST_P(Allocations, KokkosAllocatesNothingInAStep) {
  Kokkos::Tools::Experimental::set_allocate_data_callback(
      [](Kokkos_Profiling_SpaceHandle, const char*, const void*, std::uint64_t) { ++kokkos_allocations; });
  kokkos_allocations = 0;
  { const core::HostArray seen("seen", 8); }
  EXPECT_EQ(kokkos_allocations, 1) << "the events themselves do not work";
  kokkos_allocations = 0;
  take_steps(3);
  Kokkos::Tools::Experimental::set_allocate_data_callback(nullptr);
  EXPECT_EQ(kokkos_allocations, 0);
}

TEST_P(Allocations, TheHostAllocatesNothingInAStep) {
#ifndef ISTER_COUNTS_MALLOC
  GTEST_SKIP() << "allocations cannot be counted with this C library or sanitizer";
#else
  if (!core::on_host || tests::launches_allocate()) GTEST_SKIP() << "Kokkos itself allocates at every launch";
  std::vector<double> kept;
  EXPECT_EQ(tests::allocations_of([&] { kept.resize(8); }), 1) << "the counter itself does not work";
  EXPECT_EQ(tests::allocations_of([&] { take_steps(3); }), 0);
#endif
}

TEST_P(Allocations, ThePoolAndThePlansServeEveryStep) {
  const core::ArrayPool::Statistics before = m_pool.statistics();
  const core::TransformStatistics transforms = m_system.transforms();
  take_steps(3);
  EXPECT_EQ(m_pool.statistics().bytes, before.bytes);
  EXPECT_EQ(m_pool.statistics().requests - before.requests, m_pool.statistics().reused - before.reused);
  EXPECT_EQ(m_system.transforms().plans, transforms.plans);
  EXPECT_GT(m_system.transforms().applied, transforms.applied);
}

TEST_P(Allocations, ACountingPoolKnowsWhatTheyTake) {
  core::ArrayPool counting(core::ArrayPool::Mode::count);
  const solvers::HydroSystem counted(MPI_COMM_SELF, m_decomposition, counting,
                                     physics::FluidModel(m_options.eos, m_options.transport), m_options, 1.0);
  EXPECT_EQ(counting.statistics().bytes, m_pool.statistics().bytes);
}

constexpr auto primitive = solvers::Formulation::primitive, conservative = solvers::Formulation::conservative;
INSTANTIATE_TEST_SUITE_P(All, Allocations,
                         testing::Values(AllocationCase{primitive, "rk4", 2}, AllocationCase{primitive, "dp54", 2},
                                         AllocationCase{primitive, "rk4", 3}, AllocationCase{primitive, "dp54", 3},
                                         AllocationCase{primitive, "rk4", 3, true},
                                         AllocationCase{primitive, "ars443", 2}, AllocationCase{conservative, "rk4", 2},
                                         AllocationCase{conservative, "dp54", 2},
                                         AllocationCase{conservative, "rk4", 3},
                                         AllocationCase{conservative, "dp54", 3}),
                         case_name);

}  // namespace
}  // namespace ister::tests
