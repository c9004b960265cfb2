#include <gtest/gtest.h>
#include <mpi.h>

#include <atomic>
#include <cerrno>
#include <cmath>
#include <cstdlib>

#include "solvers/hydro_system.hpp"

// After warm-up a step allocates nothing: neither Kokkos arrays, as Kokkos itself reports them, nor any memory at all,
// counted where every allocation on the host passes. What MPI allocates inside of its calls is its own affair.
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define ISTER_COUNTS_MALLOC
#endif

namespace {

std::atomic<int> allocations{0};
thread_local bool counts = false;  ///< this thread runs our code

struct InsideMpi {
  InsideMpi() { counts = false; }
  ~InsideMpi() { counts = before; }
  bool before = counts;
};

[[maybe_unused]] void count_allocation() {
  if (counts) ++allocations;
}

}  // namespace

extern "C" {

int MPI_Allreduce(const void* send, void* receive, int count, MPI_Datatype type, MPI_Op op, MPI_Comm comm) {
  const InsideMpi inside;
  return PMPI_Allreduce(send, receive, count, type, op, comm);
}

int MPI_Alltoallv(const void* send, const int* send_counts, const int* send_offsets, MPI_Datatype send_type,
                  void* receive, const int* receive_counts, const int* receive_offsets, MPI_Datatype receive_type,
                  MPI_Comm comm) {
  const InsideMpi inside;
  return PMPI_Alltoallv(send, send_counts, send_offsets, send_type, receive, receive_counts, receive_offsets,
                        receive_type, comm);
}

#ifdef ISTER_COUNTS_MALLOC
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) noexcept {
  count_allocation();
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) noexcept {
  count_allocation();
  return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) noexcept {
  count_allocation();
  return __libc_realloc(old, size);
}
void* memalign(std::size_t alignment, std::size_t size) noexcept {
  count_allocation();
  return __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  count_allocation();
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) noexcept {
  count_allocation();
  *memory = __libc_memalign(alignment, size);
  return *memory != nullptr || size == 0 ? 0 : ENOMEM;
}
#endif

}  // extern "C"

namespace ister {
namespace {

/// Makes the threads of kernels count, or stop counting.
void set_counting(bool on) {
  using Host = Kokkos::DefaultHostExecutionSpace;
  Kokkos::parallel_for("count", Kokkos::RangePolicy<Host>(0, core::thread_count()), [on](int) { counts = on; });
  counts = on;
}

struct AllocationCase {
  solvers::Formulation formulation;
  const char* integrator;
  int dimensions;
};

std::string case_name(const testing::TestParamInfo<AllocationCase>& info) {
  const AllocationCase& c = info.param;
  return std::string(c.formulation == solvers::Formulation::primitive ? "primitive_" : "conservative_") + c.integrator +
         "_" + std::to_string(c.dimensions) + "d";
}

/// A fluid with all stresses, all that is done between steps included, after two steps.
class Allocations : public testing::TestWithParam<AllocationCase> {
 protected:
  Allocations()
      : m_options(options()),
        m_decomposition(grid(), ranks(), rank()),
        m_system(MPI_COMM_WORLD, m_decomposition, m_pool, physics::FluidModel(m_options.eos, m_options.transport),
                 m_options, 1.0, &m_profiler) {
    solvers::InitialOptions initial;
    initial.type = "hot_spot";
    initial.energy_density = 10.0;
    initial.amplitude = 0.2;
    initial.width.assign(static_cast<std::size_t>(GetParam().dimensions), 1.5);
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
    options.eos.type = physics::EosType::constant_cs2;
    options.eos.cs2 = 0.25;
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
  if constexpr (!core::on_host) GTEST_SKIP() << "the launches of a GPU allocate on the host";
  set_counting(true);
  allocations = 0;
  std::free(std::malloc(8));
  const int seen = allocations;
  allocations = 0;
  take_steps(3);
  const int made = allocations;
  set_counting(false);
  EXPECT_EQ(seen, 1) << "the counter itself does not work";
  EXPECT_EQ(made, 0);
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

constexpr auto primitive = solvers::Formulation::primitive, conservative = solvers::Formulation::conservative;
INSTANTIATE_TEST_SUITE_P(All, Allocations,
                         testing::Values(AllocationCase{primitive, "rk4", 2}, AllocationCase{primitive, "dp54", 2},
                                         AllocationCase{primitive, "rk4", 3}, AllocationCase{primitive, "dp54", 3},
                                         AllocationCase{primitive, "ars443", 2}, AllocationCase{conservative, "rk4", 2},
                                         AllocationCase{conservative, "dp54", 2},
                                         AllocationCase{conservative, "rk4", 3},
                                         AllocationCase{conservative, "dp54", 3}),
                         case_name);

}  // namespace
}  // namespace ister
