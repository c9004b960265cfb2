#include <fftw3-mpi.h>
#include <fmt/format.h>

#include <chrono>
#include <thread>

#include "core/spectral/gradient_sweep.hpp"
#include "drivers/bench/bench.hpp"
#include "drivers/bench/problem.hpp"
#include "solvers/hydro_system.hpp"

namespace ister::drivers {
namespace {

/// The unit of time: one real-to-complex transform of a cube by FFTW's MPI interface, in place, transposed.
class FftwTransform {
 public:
  FftwTransform(MPI_Comm comm, int size) {
    const std::ptrdiff_t n = size;
    std::ptrdiff_t planes = 0, first = 0, lines = 0, first_line = 0;
    const std::ptrdiff_t count =
        fftw_mpi_local_size_3d_transposed(n, n, n / 2 + 1, comm, &planes, &first, &lines, &first_line);
    m_memory = core::make_host_array(2 * count);
    auto* spectrum = reinterpret_cast<fftw_complex*>(m_memory.data());
    m_plan = core::Plan(
        fftw_mpi_plan_dft_r2c_3d(n, n, n, m_memory.data(), spectrum, comm, FFTW_MEASURE | FFTW_MPI_TRANSPOSED_OUT));
    Kokkos::deep_copy(m_memory, 0.0);
  }
  void execute() const { fftw_execute(m_plan.get()); }

 private:
  core::HostArray m_memory;
  core::Plan m_plan;
};

/// Takes derivatives and does nothing with them.
struct IdleKernel {
  static constexpr int outputs = 1;
  ISTER_INLINE void point(const core::GradientRow&, std::int64_t, const core::OutputRow&) const {}
  ISTER_INLINE void prefetch(int, std::int64_t, std::int64_t) const {}
  ISTER_INLINE void finish(std::int64_t, std::int64_t, std::int64_t, const core::OutputRow&) const {}
};

/// All three derivatives of a few fields.
class DerivativeProblem {
 public:
  static constexpr int fields = 10;

  DerivativeProblem(const core::Ranks& ranks, int size)
      : m_decomposition(CubeProblem::cube(size), ranks.count(), ranks.rank()),
        m_state(m_pool, core::BlockLayout(m_decomposition), fields),
        m_sweep(ranks.comm(), m_decomposition, m_pool, {all(), all(), all()}, IdleKernel::outputs) {}
  void differentiate() { m_sweep.run(m_state, IdleKernel{}); }

 private:
  static std::vector<int> all() {
    std::vector<int> components;
    for (int c = 0; c < fields; ++c) components.push_back(c);
    return components;
  }
  core::Decomposition m_decomposition;
  core::ArrayPool m_pool;
  core::FieldBundle m_state;
  core::GradientSweep m_sweep;
};

/// A barrier that leaves the processor to others while it waits.
void wait_quietly(MPI_Comm comm) {
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibarrier(comm, &request);
  for (int done = 0; done == 0;) {
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    if (done == 0) std::this_thread::sleep_for(std::chrono::microseconds(200));
  }
}

double sum_over_ranks(MPI_Comm comm, double value) {
  MPI_Allreduce(MPI_IN_PLACE, &value, 1, MPI_DOUBLE, MPI_SUM, comm);
  return value;
}

}  // namespace

void bench_right_hand_side(const core::Ranks& ranks, int size, BenchReport& report) {
  const MPI_Comm comm = ranks.comm();
  const FftwTransform unit(comm, size);
  CubeProblem problem(comm, size);
  DerivativeProblem derivatives(ranks, size);
  const std::int64_t sent_before = problem.bytes_sent();
  problem.evaluate();
  const double sent = sum_over_ranks(comm, static_cast<double>(problem.bytes_sent() - sent_before));

  const std::string at = fmt::format("/{}", size);
  const int rounds = size > 200 ? 7 : 20;
  const auto several = [](int times, const auto& f) {
    return [=, &f] {
      for (int i = 0; i < times; ++i) f();
    };
  };
  const auto transform = [&] { unit.execute(); };
  const std::vector<Timing> timings =
      report.time_in_turn(rounds, {{"r2c" + at, several(3, transform)},
                                   {"rhs" + at, [&] { problem.evaluate(); }},
                                   {"rk4" + at, [&] { problem.step(); }},
                                   {"derivatives" + at, [&] { derivatives.differentiate(); }}});
  const double points = static_cast<double>(size) * size * size;
  const double r2c = timings[0].best() / 3.0, rhs = timings[1].best(), step = timings[2].best();
  const double derivative = timings[3].best() / (3.0 * DerivativeProblem::fields);
  const auto per_point = [&](double seconds) { return seconds / points * 1e9; };
  const std::string unit_text = fmt::format("r2c {:.2f} ns/pt", per_point(r2c));
  for (Timing timing : timings) {
    timing.items = points;
    report.add(timing);
  }
  const Target rhs_target = size >= 256 ? Target{50, 35, 25} : Target{70, 50, 35};
  report.add({"rhs" + at, rhs / r2c, "r2c", fmt::format("{:.1f} ns/pt, {}", per_point(rhs), unit_text), rhs_target});
  report.add({"rk4 stage" + at,
              step / 4.0 / r2c,
              "r2c",
              fmt::format("{:.1f} ns/pt, {}", per_point(step / 4.0), unit_text),
              {}});
  report.add({"derivative" + at, derivative / r2c, "r2c",
              fmt::format("{:.2f} ns/pt, {}", per_point(derivative), unit_text), Target{1.0, 0.75, 0.6}});
  const int count = ranks.count();
  if (count > 1)
    report.add({"exchange" + at, sent / (8.0 * points) * count / (count - 1.0), "fields", "8 B x points x (P-1)/P",
                Target{26, 20, 12.4}});
}

void bench_scaling(const core::Ranks& ranks, int size, BenchReport& report) {
  const int cores = ranks.count() * ranks.threads();
  if (cores == 1) return;  // nothing to compare
  const MPI_Comm comm = ranks.comm();
  CubeProblem together(comm, size);
  std::unique_ptr<CubeProblem> alone;
  if (ranks.is_root()) alone = std::make_unique<CubeProblem>(MPI_COMM_SELF, size);
  const auto run_alone = [&] {
    if (alone) core::on_one_thread([&] { alone->evaluate(); });
    wait_quietly(comm);
  };
  const std::string at = fmt::format("/{}", size);
  const std::vector<Timing> timings = report.time_in_turn(
      10, {{"rhs on all cores" + at, [&] { together.evaluate(); }}, {"rhs on one core" + at, run_alone}});
  for (const Timing& timing : timings) report.add(timing);
  std::optional<Target> target;
  if (cores == 2) target = Target{1.8, 1.9, {}, true};
  report.add({"speed-up" + at, timings[1].best() / timings[0].best(), "x",
              fmt::format("{} ranks of {} threads against one core", ranks.count(), ranks.threads()), target});
}

void bench_memory(const core::Ranks& ranks, int size, BenchReport& report) {
  const core::Decomposition decomposition(CubeProblem::cube(size), ranks.count(), ranks.rank());
  const solvers::SolverOptions options = CubeProblem::options();
  core::ArrayPool pool;
  const solvers::HydroSystem system(ranks.comm(), decomposition, pool,
                                    physics::FluidModel(options.eos, options.transport), options, 1.0);
  const double bytes = sum_over_ranks(ranks.comm(), static_cast<double>(pool.statistics().high_water));
  report.add({fmt::format("memory/{}", size), bytes / (static_cast<double>(size) * size * size), "B/pt",
              "ten fields, RK4, all arrays of a run", Target{600, 400, 300}});
}

}  // namespace ister::drivers
