#include <fmt/format.h>

#include "drivers/bench/bench.hpp"
#include "drivers/machine/machine.hpp"
#include "solvers/flow_kernels.hpp"

namespace ister::drivers {
namespace {

using Stress = physics::ShearBulkStress;
using RowFluid = physics::Fluid<physics::PowerLawEos, physics::ModelTransport>;
using Kernel = solvers::PrimitiveKernel<3, Stress, RowFluid>;

/// The same code for one point at a time: a call per point, which no compiler turns into vectors.
[[gnu::noinline]] void evaluate_point(const Kernel& kernel, const core::GradientRow& row, std::int64_t i,
                                      const core::OutputRow& out) {
  kernel.point(row, i, out);
}

RowFluid fluid() {
  RowFluid f{};
  f.equation_of_state = {0.25, 2.6};
  f.transport.eta_over_s_at_kink = 0.16;
  f.transport.zeta_over_s_at_peak = 0.05;
  f.transport.tau_pi_coefficient = 5.0;
  f.transport.delta_pipi = 4.0 / 3.0;
  f.transport.tau_pipi = 10.0 / 7.0;
  f.transport.lambda_pibulk = 1.2;
  f.transport.tau_bulk_coefficient = 14.55;
  f.transport.delta_bulkbulk = 2.0 / 3.0;
  return f;
}

}  // namespace

void bench_kernel(const core::Ranks&, BenchReport& report) {
  constexpr std::int64_t points = 64, stride = 72, repeats = 200;
  constexpr int components = Kernel::V::count;
  const core::HostArray memory = core::make_host_array(stride * (4 * components + Kernel::outputs + 1));
  double* values = memory.data();
  for (std::int64_t i = 0; i < stride * 4 * components; ++i) values[i] = 0.001 * static_cast<double>(i % 7);
  core::GradientRow row;
  row.values = values;
  row.value_stride = stride;
  for (int d = 0; d < 3; ++d) {
    row.derivatives[d] = values + (d + 1) * components * stride;
    row.derivative_stride[d] = stride;
  }
  const core::OutputRow out{values + 4 * components * stride, stride};
  solvers::FlowParameters parameters;
  parameters.force.data = out.data + Kernel::outputs * stride;  // zeros
  const Kernel kernel{fluid(), parameters, {}, nullptr};
  const std::vector<Timing> timings =
      report.time_in_turn(50, {{"kernel in rows",
                                [&] {
                                  for (int r = 0; r < repeats; ++r)
                                    core::detail::evaluate_row(kernel, row, points, out);
                                }},
                               {"kernel by points", [&] {
                                  for (int r = 0; r < repeats; ++r)
                                    for (std::int64_t i = 0; i < points; ++i) evaluate_point(kernel, row, i, out);
                                }}});
  const auto per_point = [&](const Timing& timing) { return timing.best() / (points * repeats) * 1e9; };
  for (Timing timing : timings) {
    timing.items = points * repeats;
    report.add(timing);
  }
  report.add({"kernel rows / points", per_point(timings[1]) / per_point(timings[0]), "x",
              fmt::format("{:.1f} ns/pt in rows, {:.1f} point by point", per_point(timings[0]), per_point(timings[1])),
              Target{3, 4, {}, true}});
}

void bench_machine(const core::Ranks& ranks, BenchReport& report) {
  const MachineFigures mine = measure_machine();
  double sums[] = {mine.bandwidth, mine.fft_rate};
  MPI_Allreduce(MPI_IN_PLACE, sums, 2, MPI_DOUBLE, MPI_SUM, ranks.comm());
  const std::string cores = fmt::format("{} ranks of {} threads together", ranks.count(), ranks.threads());
  report.add({"memory bandwidth", sums[0] / 1e9, "GB/s", "triad, " + cores, {}});
  report.add({"line transforms", sums[1] / 1e9, "Gflop/s", "in cache, " + cores, {}});
}

}  // namespace ister::drivers
