#include <fmt/format.h>

#include <memory>

#include "drivers/bench/bench.hpp"
#include "drivers/bench/statistics.hpp"
#include "solvers/observers/observers.hpp"
#include "solvers/observers/surface_observer.hpp"

namespace ister::drivers {
namespace {

/// A drop of the size of a lead-lead collision, on the grid and with the steps of inputs/pbpb.toml.
class DropRun {
 public:
  DropRun(const core::Ranks& ranks, bool with_surface)
      : m_options(options()),
        m_decomposition(grid(), ranks.count(), ranks.rank()),
        m_system(ranks.comm(), m_decomposition, m_pool, fluid(), m_options, 1.0),
        m_observers(m_system),
        m_causality(m_system, m_options),
        m_verdict(m_system, m_causality, 0) {
    m_system.set_state(m_options.time.start,
                       solvers::make_initial_state(initial(), m_options, fluid(), m_decomposition, ranks.comm()));
    if (!with_surface) return;
    solvers::SurfaceOptions surface;
    surface.temperatures = {0.150};
    auto observer = std::make_unique<solvers::SurfaceObserver>(m_system, surface, m_verdict);
    m_surface = observer.get();
    m_observers.add(std::move(observer));
    m_observers.look({0, m_system.time(), false, false});
  }

  void evolve(int steps) {
    for (int s = 0; s < steps; ++s) {
      m_system.step(m_options.time.end);
      m_observers.look({m_system.step_count(), m_system.time(), false, false});
    }
  }
  /// Cells that the surface has cut so far; on rank 0.
  [[nodiscard]] double cut_cells() { return static_cast<double>(m_surface->tables().front()->rows()); }

 private:
  static core::Grid grid() {
    core::Grid grid;
    grid.dimensions = 2;
    grid.points = {192, 192, 1};
    grid.lower = {-20.5, -20.5, 0.0};
    grid.upper = {20.5, 20.5, 1.0};
    return grid;
  }
  static solvers::SolverOptions options() {
    solvers::SolverOptions options;
    options.geometry = physics::Geometry::milne;
    options.eos = {"hotqcd", {}};
    options.transport.eta_over_s.value = 0.16;
    options.time.start = 0.6;
    options.time.end = 100.0;
    options.time.step = 0.04;
    options.filter.order = 16.0;  // as numerics.preset = "event" has it
    options.stabilizer = {0.05, 2, 0.6, 3.0};
    return options;
  }
  /// Up to 0.4 GeV, upon next to nothing.
  static solvers::InitialOptions initial() {
    return {"hot_spot", {{"energy_density", 2e-3}, {"amplitude", 1e5}, {"width", std::vector<double>{2.2, 1.8}}}};
  }
  [[nodiscard]] physics::FluidModel fluid() const { return {m_options.eos, m_options.transport}; }

  solvers::SolverOptions m_options;
  core::Decomposition m_decomposition;
  core::ArrayPool m_pool;
  solvers::HydroSystem m_system;
  solvers::Observers m_observers;
  solvers::CausalityObserver m_causality;
  solvers::VerdictObserver m_verdict;
  solvers::SurfaceObserver* m_surface = nullptr;
};

}  // namespace

void bench_surface(const core::Ranks& ranks, BenchReport& report) {
  constexpr int steps = 10, rounds = 15;
  DropRun plain(ranks, false), watched(ranks, true);
  const std::vector<Timing> timings = report.time_in_turn(
      rounds, {{"steps", [&] { plain.evolve(steps); }}, {"steps with a surface", [&] { watched.evolve(steps); }}});
  std::vector<double> ratios;
  double total = 0.0;
  for (std::size_t r = 0; r < timings[0].seconds.size(); ++r) {
    ratios.push_back(timings[1].seconds[r] / timings[0].seconds[r]);
    total += timings[0].seconds[r];
  }
  const double share = median(ratios) - 1.0;
  double cells = watched.cut_cells() * static_cast<double>(ratios.size()) / static_cast<double>(ratios.size() + 1);
  MPI_Bcast(&cells, 1, MPI_DOUBLE, 0, ranks.comm());
  for (const Timing& timing : timings) report.add(timing);
  report.add(
      {"surface share", 100.0 * share, "%",
       fmt::format("of steps of {:.2f} ms on 192^2 points, all columns", 1e3 * median(timings[0].seconds) / steps),
       Target{5, 3, 2}});
  report.add({"surface cut cell", 1e6 * share * total * ranks.count() * ranks.threads() / cells, "us",
              fmt::format("and core, of {:.0f} cells, one element each", cells), Target{10, 7, 5}});
}

}  // namespace ister::drivers
