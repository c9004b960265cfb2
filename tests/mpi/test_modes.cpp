#include <fmt/format.h>
#include <gtest/gtest.h>

#include "solvers/observers/modes.hpp"
#include "solvers/observers/observers.hpp"
#include "tests/physics/support.hpp"

// Fourier modes of a run by its observer, against the exact linear evolution and against one rank alone.
namespace ister::tests {
namespace {

constexpr double epsilon = 1e-5, wavenumber = 2 * M_PI / 5, step = 0.01;
constexpr int every = 10;

/// A standing wave of sound along y in a plane, on the ranks of a communicator, with an observer of its modes.
class WatchedWave {
 public:
  WatchedWave(MPI_Comm comm, const core::Grid& grid, const solvers::SolverOptions& options, double energy)
      : m_decomposition(grid, ranks_of(comm), rank_of(comm)),
        m_fluid(options.eos, options.transport),
        m_system(comm, m_decomposition, m_pool, m_fluid, options, 0.0),
        m_observers(m_system) {
    solvers::ModesOptions modes;
    modes.wavevectors = {{0, 1, 0}, {0, 0, 0}, {2, -1, 0}};
    modes.fields = {"energy_density", "uy", "piyy", "T0y"};
    modes.every_steps = every;
    auto observer = std::make_unique<solvers::ModesObserver>(m_system.context(), modes);
    m_series = &observer->series();
    m_observers.add(std::move(observer));
    m_system.set_state(0.0, standing_wave(energy));
  }

  void run(double end) {
    look();
    while (m_system.time() < end) {
      m_system.step(end);
      look();
    }
  }

  [[nodiscard]] const core::Series& series() const { return *m_series; }
  /// f_k of a row.
  [[nodiscard]] std::complex<double> amplitude(std::size_t row, std::size_t mode, std::size_t field) const {
    const double* at = m_series->values.data() + row * m_series->row_size() + 2 * (mode * 4 + field);
    return {at[0], at[1]};
  }

 private:
  static int ranks_of(MPI_Comm comm) {
    int ranks = 1;
    MPI_Comm_size(comm, &ranks);
    return ranks;
  }
  static int rank_of(MPI_Comm comm) {
    int rank = 0;
    MPI_Comm_rank(comm, &rank);
    return rank;
  }

  [[nodiscard]] solvers::InitialState standing_wave(double energy) const {
    solvers::InitialState state;
    const core::Grid& grid = m_decomposition.grid();
    const core::Box box = m_decomposition.box();
    for (std::int64_t y = box.offset[1]; y < box.offset[1] + box.count[1]; ++y)
      for (std::int64_t x = 0; x < grid.points[0]; ++x)
        state.energy_density.push_back(
            energy * (1.0 + epsilon * std::cos(wavenumber * (grid.coordinate(1, y) - grid.lower[1]))));
    solvers::complete_initial_state(state);
    return state;
  }

  void look() { m_observers.look({m_system.step_count(), m_system.time()}); }

  core::ArrayPool m_pool;
  core::Decomposition m_decomposition;
  physics::FluidModel m_fluid;
  solvers::HydroSystem m_system;
  solvers::Observers m_observers;
  core::Series* m_series = nullptr;
};

TEST(Modes, FollowTheExactSolutionOnAnyNumberOfRanks) {
  const core::Grid grid = periodic_box({8, 13}, {-1.0, 0.5}, {1.0, 5.5});
  solvers::SolverOptions options;
  options.transport.eta_over_s.value = 0.2;
  options.time.step = step;
  options.filter.type = solvers::FilterOptions::Type::none;
  const physics::FluidModel fluid(options.eos, options.transport);
  const double energy = std::exp(fluid.log_e_of_temperature(1.0)), enthalpy = energy * 4.0 / 3.0;
  const std::string suffix = fmt::format("_k{:.6g}", wavenumber);
  const Table table = read_table("linear_sound_conformal_A_0.csv", {"t", "A" + suffix, "B" + suffix, "C" + suffix});
  const double end = 2.0;
  const std::size_t rows = 21;

  WatchedWave together(MPI_COMM_WORLD, grid, options, energy), alone(MPI_COMM_SELF, grid, options, energy);
  together.run(end);
  alone.run(end);
  ASSERT_EQ(alone.series().rows(), rows);
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  ASSERT_EQ(together.series().rows(), rank == 0 ? rows : 0);
  if (rank != 0) return;
  EXPECT_EQ(together.series().steps, alone.series().steps);
  for (std::size_t i = 0; i < alone.series().values.size(); ++i)
    EXPECT_NEAR(together.series().values[i], alone.series().values[i], 1e-12 * energy);

  const auto expect = [](std::complex<double> found, std::complex<double> exact, const char* what, double time) {
    EXPECT_LT(std::abs(found - exact), 1e-9) << what << " at " << time;
  };
  for (std::size_t entry = 0; table.at("t")[entry] <= end; ++entry) {
    const double time = table.at("t")[entry];
    const auto row = static_cast<std::size_t>(std::lround(time / (every * step)));
    ASSERT_NEAR(together.series().times[row], time, 1e-12);
    const double unit = 0.5 * epsilon;  // a cosine is two waves
    const std::complex<double> sine(0.0, -1.0);
    expect(together.amplitude(row, 0, 0) / (unit * energy), table.at("A" + suffix)[entry], "e", time);
    expect(together.amplitude(row, 0, 1) / unit, sine * table.at("B" + suffix)[entry], "uy", time);
    expect(together.amplitude(row, 0, 2) / (unit * enthalpy), table.at("C" + suffix)[entry], "piyy", time);
    // T^{0y} = w u^y + pi^{yy} u^y + ...: linear in the wave
    expect(together.amplitude(row, 0, 3) / (unit * enthalpy), sine * table.at("B" + suffix)[entry], "T0y", time);
    EXPECT_NEAR(together.amplitude(row, 1, 0).real() / energy, 1.0, 1e-9) << "the mean";
    EXPECT_LT(std::abs(together.amplitude(row, 2, 0)) / energy, 1e-13) << "a mode that is not there";
  }
}

}  // namespace
}  // namespace ister::tests
