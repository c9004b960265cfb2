#include <gtest/gtest.h>
#include <mpi.h>

#include "core/base/random.hpp"
#include "core/kernels/angles/angle_filter.hpp"
#include "core/kernels/correlation/correlation.hpp"
#include "core/kernels/correlation/multi_tau.hpp"
#include "core/kernels/correlation/pearson.hpp"
#include "core/kernels/device/angle_filter.hpp"
#include "core/kernels/device/arrays.hpp"
#include "core/kernels/device/multi_tau.hpp"
#include "core/kernels/device/pearson.hpp"
#include "core/kernels/device/point_probes.hpp"
#include "core/kernels/device/two_time.hpp"
#include "core/kernels/device/voice_bank.hpp"
#include "core/kernels/device/volterra.hpp"
#include "core/kernels/homodyne/chi_squared.hpp"
#include "core/kernels/homodyne/homodyne.hpp"
#include "core/kernels/sound/voice_bank.hpp"
#include "core/kernels/volterra/volterra.hpp"
#include "solvers/hydro_system.hpp"
#include "tests/mpi/allocation_counter.hpp"

// After warm-up a step allocates nothing: neither Kokkos arrays, as Kokkos itself reports them, nor any memory at all.
// Nor do the reusable kernels.

namespace ister {
namespace {

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

TEST(KernelAllocations, NothingIsAllocatedOnceSetUp) {
#ifndef ISTER_COUNTS_MALLOC
  GTEST_SKIP() << "allocations cannot be counted with this C library or sanitizer";
#else
  if (!core::on_host || tests::launches_allocate()) GTEST_SKIP() << "Kokkos itself allocates at every launch";
  constexpr std::int64_t n = 300, rows = 4;
  std::vector<double> x(rows * n), y(rows * n), z(rows * n);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = y[i] = random_uniforms(1, {i}).first;
  std::vector<std::int64_t> indices(x.size());

  std::vector<std::pair<const char*, std::function<void()> > > calls;
  const core::LaggedCorrelation<double> lagged(n);
  calls.emplace_back("lagged correlation", [&] { lagged.apply(rows, x.data(), y.data(), z.data()); });
  const core::PearsonCorrelation pearson(rows, rows, n);
  calls.emplace_back("Pearson", [&] { pearson.apply(x.data(), y.data(), z.data()); });
  core::MultiTau<double> multi_tau(rows, 16, 4);
  calls.emplace_back("multi-tau", [&] { multi_tau.push(x.data(), y.data()); });
  core::AngleFilter angles({{0.2, 0.4}, {0.7, 0.8}});
  calls.emplace_back("angles", [&] { angles.apply(x.data(), rows * n, indices.data()); });
  core::VolterraKernel kernel;
  kernel.taps = 40;
  kernel.orders = {std::vector<double>(40, 0.1), std::vector<double>(40, 0.2)};
  core::Volterra volterra(kernel, rows, n);
  calls.emplace_back("Volterra", [&] { volterra.apply(x.data(), z.data(), n, n); });
  core::ChiSquared chi_squared(n);
  const core::ChiSquared::Values values(x.data(), n), expected(y.data(), n);
  calls.emplace_back("chi-squared", [&] { (void)chi_squared(values, expected, 0.1); });
  core::HomodyneSetup setup;
  setup.q = 0.01;
  setup.gap = 1e3;
  setup.dt = 0.1;
  setup.angles = {0.0, 45.0};
  core::Homodyne homodyne(setup, 20, std::vector<double>(x.begin(), x.begin() + 800), {0.1});
  const core::HomodyneParameters parameters{100, 0.1, 1, 1e-3, 0.1, 0, 0};
  std::array<core::HomodyneScaling, 2> scalings{};
  calls.emplace_back("homodyne", [&] { homodyne.evaluate(&parameters, 1, scalings.data()); });
  const core::WaveTable table(std::vector<double>(x.begin(), x.begin() + n), core::Loop{0, n});
  core::VoiceBank voices(3, 64);
  for (int voice = 0; voice < 3; ++voice) voices.play(voice, table, 0.9 + 0.1 * voice);
  calls.emplace_back("voices", [&] { voices.render(n, z.data(), z.data() + n); });
  const core::device::WaveTable device_table(table);
  core::device::VoiceBank device_voices(3, 64);
  const core::DeviceArray left("left", n), right("right", n);
  calls.emplace_back("voices on a device", [&] {
    device_voices.play(1, device_table, 0.9);
    device_voices.set_filter(2, core::Biquad::notch(1, 1));
    device_voices.render(n, left, right);
  });
  core::Grid grid;
  grid.points = {10, 1, 1};
  const core::device::PointProbes probes(grid, {{0.1}, {0.3}}, core::GridInterpolation::spectral);
  const Kokkos::View<const double***, Kokkos::LayoutRight, core::Memory> field(left.data(), 1, 1, 10);
  calls.emplace_back("probes on a device", [&] { probes.read(field, right); });

  const auto device_x = core::device::array_of(x);
  const core::device::AngleFilter device_angles({{0.2, 0.4}, {0.7, 0.8}});
  const core::device::AngleFilter::Indices device_indices("indices", x.size());
  calls.emplace_back("angles on a device", [&] { device_angles.apply(device_x, device_indices); });
  const core::device::Volterra::Samples samples(device_x.data(), rows, n), responses("responses", rows, n);
  core::device::Volterra device_direct(kernel, rows, 100, core::VolterraEngine::direct);
  core::device::Volterra device_fft(kernel, rows, 100, core::VolterraEngine::fft);
  calls.emplace_back("direct Volterra on a device", [&] { device_direct.apply(samples, responses); });
  calls.emplace_back("Volterra by FFT on a device", [&] { device_fft.apply(samples, responses); });

  for (const auto& [name, call] : calls) {
    call();
    EXPECT_EQ(tests::allocations_of(call), 0) << name;
  }
#endif
}

TEST(KernelAllocations, NothingIsAllocatedOnceSetUpWhereKernelsRun) {
#ifndef ISTER_COUNTS_MALLOC
  GTEST_SKIP() << "allocations cannot be counted with this C library or sanitizer";
#else
  if (!core::on_host || tests::launches_allocate()) GTEST_SKIP() << "Kokkos itself allocates at every launch";
  using core::device::Rows;
  using Complex = Kokkos::complex<double>;
  constexpr std::int64_t n = 300, rows = 4;
  const Rows<double> x("x", rows, n), y("y", rows, n), z("z", rows, n), pairs("pairs", rows, rows);
  for (std::int64_t i = 0; i < rows * n; ++i) x.data()[i] = y.data()[i] = random_uniforms(1, {std::uint64_t(i)}).first;
  const core::device::Values<const Complex> modes(reinterpret_cast<const Complex*>(x.data()), rows);

  std::vector<std::pair<const char*, std::function<void()> > > calls;
  core::CorrelationOptions options;
  options.normalisation = core::Normalisation::normalised;
  const core::device::LaggedCorrelation<double> by_fft(n, rows, options);
  calls.emplace_back("lagged correlation by FFT", [&] { by_fft.apply(x, y, z); });
  options.engine = core::CorrelationEngine::direct;
  const core::device::LaggedCorrelation<double> directly(n, rows, options);
  calls.emplace_back("direct lagged correlation", [&] { directly.apply(x, y, z); });
  const core::device::PearsonCorrelation pearson(rows, rows, n);
  calls.emplace_back("Pearson", [&] { pearson.apply(x, y, pairs); });
  core::device::MultiTau<Complex> multi_tau(rows, 16, 4);
  const Rows<Complex> lags("lags", multi_tau.lags().size(), rows);
  calls.emplace_back("multi-tau", [&] {
    multi_tau.push(modes, modes);
    multi_tau.result(core::Normalisation::unbiased, lags);
  });
  core::device::ModeRecord record(3, std::vector<double>(rows, 1.0));
  calls.emplace_back("mode record", [&] { record.push(modes); });
  core::device::ModeRecord full(2, std::vector<double>(rows, 1.0));
  full.push(modes);
  full.push(modes);
  const core::device::TwoTimeCorrelation two_time(2);
  const Rows<double> c2("c2", 2, 2);
  const Rows<Complex> amplitudes("amplitudes", 2, 2);
  calls.emplace_back("two-time", [&] {
    two_time.intensity(full, c2);
    two_time.amplitude(full, amplitudes);
  });
  const core::device::ScatteringFunction scattering(full.present());
  const core::device::Values<double> f("f", 2);
  calls.emplace_back("scattering", [&] { scattering.apply(full, f); });

  for (const auto& [name, call] : calls) {
    call();
    EXPECT_EQ(tests::allocations_of(call), 0) << name;
  }
#endif
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
