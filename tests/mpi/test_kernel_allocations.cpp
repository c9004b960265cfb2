#include <gtest/gtest.h>

#include "core/base/random.hpp"
#include "core/kernels/angles/angle_filter.hpp"
#include "core/kernels/correlation/correlation.hpp"
#include "core/kernels/correlation/multi_tau.hpp"
#include "core/kernels/correlation/pearson.hpp"
#include "core/kernels/device/arrays.hpp"
#include "core/kernels/device/multi_tau.hpp"
#include "core/kernels/device/pearson.hpp"
#include "core/kernels/device/point_probes.hpp"
#include "core/kernels/device/two_time.hpp"
#include "core/kernels/homodyne/chi_squared.hpp"
#include "core/kernels/homodyne/homodyne.hpp"
#include "core/kernels/sound/voice_bank.hpp"
#include "core/kernels/volterra/volterra.hpp"
#include "tests/mpi/allocation_counter.hpp"

// Once set up, the reusable kernels allocate nothing.

namespace ister::tests {
namespace {

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
  const core::DeviceArray left("left", n), right("right", n);
  core::Grid grid;
  grid.points = {10, 1, 1};
  const core::device::PointProbes probes(grid, {{0.1}, {0.3}}, core::GridInterpolation::spectral);
  const Kokkos::View<const double***, Kokkos::LayoutRight, core::Memory> field(left.data(), 1, 1, 10);
  calls.emplace_back("probes on a device", [&] { probes.read(field, right); });

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

}  // namespace
}  // namespace ister::tests
