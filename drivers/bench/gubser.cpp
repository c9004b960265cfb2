#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "core/parallel/profiler.hpp"
#include "drivers/bench/bench.hpp"
#include "physics/gubser.hpp"
#include "solvers/hydro_system.hpp"

namespace ister::drivers {
namespace {

/// Viscous Gubser flow from tau = 1 fm on a square grid.
struct GubserRun {
  core::Grid grid;
  solvers::SolverOptions solver;
  solvers::InitialOptions initial;
  double q = 1.0;  // 1/fm
  double temperature_hat = 1.2;

  GubserRun(int points, double lower, double upper, double blend_radius, double step) {
    grid.dimensions = 2;
    grid.points = {points, points, 1};
    grid.lower = {lower, lower, 0.0};
    grid.upper = {upper, upper, 1.0};
    solver.geometry = physics::Geometry::milne;
    solver.transport.eta_over_s.value = 0.2;
    solver.transport.tau_pipi = 0.0;  // the case that the other codes' figures are for
    solver.time.start = 1.0;
    solver.time.step = step;
    initial = {"gubser", {{"q", q}, {"temperature_hat", temperature_hat}, {"blend_radius", blend_radius}}};
  }
  [[nodiscard]] physics::FluidModel fluid() const { return {solver.eos, solver.transport}; }
  [[nodiscard]] physics::Gubser exact() const {
    const auto& transport = solver.transport;
    return {{std::exp(fluid().log_e_of_temperature(1.0)), transport.eta_over_s.value, transport.tau_pi_coefficient,
             transport.delta_pipi, transport.tau_pipi},
            q,
            temperature_hat};
  }
};

/// The square that the published figures are for [fm].
constexpr double half_width = 5.0;

/// L1 error of the energy density within the square, relative to the energy there.
double energy_error(const core::Ranks& ranks, const core::Decomposition& decomposition, solvers::HydroSystem& system,
                    const physics::Gubser& exact) {
  const core::Box box = decomposition.box();
  const core::Grid& grid = decomposition.grid();
  std::vector<double> energy(static_cast<std::size_t>(box.points()));
  for (const core::NamedField& field : system.state_fields())
    if (field.name == "energy_density") field.copy_out(energy.data());
  double sums[] = {0.0, 0.0};
  for (std::int64_t j = 0; j < box.count[1]; ++j)
    for (std::int64_t i = 0; i < box.count[0]; ++i) {
      const double x = grid.coordinate(0, box.offset[0] + i), y = grid.coordinate(1, box.offset[1] + j);
      if (std::abs(x) > half_width || std::abs(y) > half_width) continue;
      const double e = exact.at(system.time(), x, y).energy_density;
      sums[0] += std::abs(energy[static_cast<std::size_t>(j * box.count[0] + i)] - e);
      sums[1] += e;
    }
  MPI_Allreduce(MPI_IN_PLACE, sums, 2, MPI_DOUBLE, MPI_SUM, ranks.comm());
  return sums[0] / sums[1];
}

/// Seconds of a region's visit, from many.
double profiler_cost() {
  constexpr int visits = 100000;
  core::Profiler profiler;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < visits; ++i) const core::Profiler::Region region(&profiler, "empty");
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count() / visits;
}

}  // namespace

void bench_gubser_speed(const core::Ranks& ranks, BenchReport& report) {
  constexpr double other_code = 80000.0;  // cell-steps per second and core
  const GubserRun run(201, -half_width - 0.025, half_width + 0.025, 3.5, 0.005);
  const core::Decomposition decomposition(run.grid, ranks.count(), ranks.rank());
  core::ArrayPool pool;
  core::Profiler profiler;
  solvers::HydroSystem system(ranks.comm(), decomposition, pool, run.fluid(), run.solver, 1.0, &profiler);
  system.set_state(1.0, solvers::make_initial_state(run.initial, run.solver, run.fluid(), decomposition, ranks.comm()));
  constexpr int steps = 5;  // few enough that the blend at the rim does not matter at the end
  const std::int64_t visits_before = profiler.visits();
  Timing timing = report
                      .time_in_turn(20, {{"gubser/201",
                                          [&] {
                                            for (int s = 0; s < steps; ++s) system.step(10.0);
                                          }}})
                      .front();
  timing.items = static_cast<double>(run.grid.total_points()) * steps;
  const double cores = ranks.count() * ranks.threads();
  const double visits =
      static_cast<double>(profiler.visits() - visits_before) / (static_cast<double>(timing.seconds.size()) + 1.0);
  report.add({"gubser 201^2 speed", timing.items / timing.best() / cores / other_code, "x",
              fmt::format("{:.0f} cell-steps/s/core against {:.0f}", timing.items / timing.best() / cores, other_code),
              Target{10, 20, 40, true}});
  report.add({"profiler overhead", 100.0 * visits * profiler_cost() / timing.best(), "%", "of these steps",
              Target{1.0, 0.3, 0.1}});
  report.add(timing);
}

void bench_gubser_accuracy(const core::Ranks& ranks, BenchReport& report) {
  constexpr double other_code = 131.0, wanted = 0.003;  // seconds to an L1 error of the energy density
  const GubserRun run(64, -8.0, 8.0, 6.0, 0.1);
  const core::Decomposition decomposition(run.grid, ranks.count(), ranks.rank());
  double error = 0.0;
  Timing timing =
      report
          .time_in_turn(5, {{"gubser to 0.3 %",
                             [&] {
                               core::ArrayPool pool;
                               const physics::FluidModel fluid = run.fluid();
                               solvers::HydroSystem system(ranks.comm(), decomposition, pool, fluid, run.solver, 1.0);
                               system.set_state(1.0, solvers::make_initial_state(run.initial, run.solver, fluid,
                                                                                 decomposition, ranks.comm()));
                               while (system.time() < 2.0) system.step(2.0);
                               error = energy_error(ranks, decomposition, system, run.exact());
                             }}})
          .front();
  const std::string figure = fmt::format("L1(e) {:.3f} % at tau = 2, {:.1f} ms with set-up, against {:.0f} s",
                                         100 * error, 1e3 * timing.best(), other_code);
  report.add({"gubser accuracy", error <= wanted ? other_code / timing.best() : 0.0, "x", figure,
              Target{100, 300, 1000, true}});
  report.add(timing);
}

}  // namespace ister::drivers
