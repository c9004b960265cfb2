#include "core/spectral/fft3d.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.hpp"
#include "core/base/random.hpp"
#include "core/parallel/collective.hpp"
#include "core/spectral/spectrum.hpp"
#include "solvers/initial/initial.hpp"
#include "tests/ways_to_cut.hpp"

namespace ister::tests {
namespace {

using namespace core;

int rank_of_world() {
  int rank = 0;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

Decomposition over_world(const Grid& grid) {
  int ranks = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  return {grid, ranks, rank_of_world()};
}

Grid make_grid(std::vector<int> points) {
  Grid grid;
  grid.dimensions = static_cast<int>(points.size());
  for (int d = 0; d < grid.dimensions; ++d) {
    grid.points[d] = points[d];
    grid.lower[d] = -1.0;
    grid.upper[d] = 1.0 + d;
  }
  return grid;
}

/// A field that every rank can compute anywhere.
double noise(std::int64_t index) { return random_uniforms(3, {static_cast<std::uint64_t>(index)}).first - 0.5; }

std::vector<double> noise_block(const Decomposition& decomposition) {
  const Grid& grid = decomposition.grid();
  std::vector<double> block;
  for_each_index(decomposition.box(), [&](std::int64_t x, std::int64_t y, std::int64_t z) {
    block.push_back(noise((z * grid.points[1] + y) * grid.points[0] + x));
  });
  return block;
}

/// By definition, f_k = (1/N) sum f exp(-i k.(x - lower)).
std::complex<double> coefficient(const Grid& grid, const FourierMode& mode) {
  std::complex<double> sum = 0;
  std::int64_t index = 0;
  for (int z = 0; z < grid.points[2]; ++z) {
    for (int y = 0; y < grid.points[1]; ++y) {
      for (int x = 0; x < grid.points[0]; ++x) {
        const double phase = static_cast<double>(mode.number[0]) * x / grid.points[0] +
                             static_cast<double>(mode.number[1]) * y / grid.points[1] +
                             static_cast<double>(mode.number[2]) * z / grid.points[2];
        sum += noise(index++) * std::polar(1.0, -2.0 * M_PI * phase);
      }
    }
  }
  return sum / static_cast<double>(grid.total_points());
}

class Fft3dShapes : public testing::TestWithParam<std::vector<int>> {};

TEST_P(Fft3dShapes, ForwardIsTheDefinitionAndBackwardItsInverse) {
  const Grid grid = make_grid(GetParam());
  const Decomposition decomposition = over_world(grid);
  const std::vector<double> block = noise_block(decomposition);
  Fft3d fft(MPI_COMM_WORLD, decomposition);
  std::vector<Fft3d::Complex> spectrum(static_cast<std::size_t>(fft.spectrum_size()));
  fft.forward(block.data(), spectrum.data());

  double weights = 0;
  fft.for_each_mode([&](const FourierMode& mode, std::int64_t position) {
    EXPECT_LT(std::abs(spectrum[position] - coefficient(grid, mode)), 1e-14);
    EXPECT_DOUBLE_EQ(mode.k.x, M_PI * mode.number[0]);
    if (grid.dimensions > 1) {
      EXPECT_DOUBLE_EQ(mode.k.y, 2.0 * M_PI / 3.0 * mode.number[1]);
    }
    weights += mode.weight;
  });
  MPI_Allreduce(MPI_IN_PLACE, &weights, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  EXPECT_EQ(weights, static_cast<double>(grid.total_points()));

  std::vector<double> back(block.size());
  fft.backward(spectrum.data(), back.data());
  for (std::size_t i = 0; i < block.size(); ++i) EXPECT_NEAR(back[i], block[i], 1e-14);
}

TEST_P(Fft3dShapes, ShellsObeyParseval) {
  const Decomposition decomposition = over_world(make_grid(GetParam()));
  const std::vector<double> block = noise_block(decomposition);
  Fft3d fft(MPI_COMM_WORLD, decomposition);
  const ShellSpectrum shells = shell_spectrum(fft, {block.data(), block.data()});
  double square = 0, energy = 0, modes = 0;
  for (const double value : block) square += value * value;
  MPI_Allreduce(MPI_IN_PLACE, &square, 1, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
  for (const double e : shells.energy) energy += e;
  for (const double n : shells.modes) modes += n;
  const auto points = static_cast<double>(decomposition.grid().total_points());
  EXPECT_NEAR(energy, square / points, 1e-14);
  EXPECT_EQ(modes, points);
}

INSTANTIATE_TEST_SUITE_P(Shapes, Fft3dShapes,
                         testing::Values(std::vector<int>{8}, std::vector<int>{13}, std::vector<int>{8, 8},
                                         std::vector<int>{9, 6}, std::vector<int>{12, 13}, std::vector<int>{8, 9, 5},
                                         std::vector<int>{7, 4, 6}, std::vector<int>{6, 2, 3}));

TEST(Spectrum, OneWaveFillsItsShell) {
  const Decomposition decomposition = over_world(make_grid({16, 24}));
  const Grid& grid = decomposition.grid();
  const Box box = decomposition.box();
  std::vector<double> block;
  for (std::int64_t y = 0; y < box.count[1]; ++y) {
    for (std::int64_t x = 0; x < box.count[0]; ++x)
      block.push_back(0.3 * std::cos(2.0 * M_PI * (2.0 * x / 16 + 3.0 * (y + box.offset[1]) / 24)));
  }
  Fft3d fft(MPI_COMM_WORLD, decomposition);
  const ShellSpectrum shells = shell_spectrum(fft, {block.data()});
  EXPECT_DOUBLE_EQ(shells.dk, M_PI);
  const auto shell = static_cast<std::size_t>(std::lround(std::hypot(2.0, 2.0)));  // k = (2 pi, 3 2 pi/3)
  EXPECT_NEAR(shells.energy[shell], 0.25 * 0.09, 1e-14);
  const double volume = 2.0 * 3.0;
  EXPECT_NEAR(shells.structure_factor[shell], volume * 0.5 * 0.09 / shells.modes[shell], 1e-14);
  EXPECT_NEAR(shells.energy[shell - 1], 0.0, 1e-30);
  EXPECT_EQ(grid.dimensions, 2);
}

/// The sides 6, 5 and 4.5 put wavevectors exactly on edges of shells: in units of dk = 2 pi/4.5 their lengths are
/// sqrt(m)/20 with whole m, and a shell begins at m = 100 (2 n - 1)^2.
TEST(Spectrum, EdgesBelongToTheUpperShell) {
  Grid grid = make_grid({24, 20, 18});
  grid.lower = {};
  grid.upper = {6.0, 5.0, 4.5};
  std::vector<double> expected(17, 0.0);
  for (int x = -12; x < 12; ++x)
    for (int y = -10; y < 10; ++y)
      for (int z = -9; z < 9; ++z) {
        const int m = 225 * x * x + 324 * y * y + 400 * z * z;
        std::size_t shell = 0;
        for (int n = 1; 100 * (2 * n - 1) * (2 * n - 1) <= m; ++n) ++shell;
        ++expected.at(shell);
      }
  const Decomposition decomposition = over_world(grid);
  const std::vector<double> block = noise_block(decomposition);
  Fft3d fft(MPI_COMM_WORLD, decomposition);
  const ShellSpectrum shells = shell_spectrum(fft, {block.data()});
  expected.resize(shells.modes.size(), 0.0);
  EXPECT_EQ(shells.modes, expected);
}

TEST(Collective, AnErrorOnOneRankIsTheSameOnAll) {
  const Decomposition decomposition = over_world(make_grid({8}));
  const int last = decomposition.ranks() - 1;
  try {
    collectively(MPI_COMM_WORLD, [&] {
      if (rank_of_world() == last) throw InputError("bad point of rank " + std::to_string(last));
    });
    FAIL() << "no error";
  } catch (const InputError& error) {
    EXPECT_EQ(error.what(), "bad point of rank " + std::to_string(last));
  }
}

TEST(RandomVelocity, DoesNotDependOnTheRanks) {
  solvers::SolverOptions solver;
  const physics::FluidModel fluid(solver.eos, solver.transport);
  const solvers::InitialOptions options{"random_velocity",
                                        {{"temperature", 1.0}, {"amplitude", 0.2}, {"k_min", 1.0}, {"k_max", 8.0}}};
  const Grid grid = make_grid({12, 9, 10});
  const Decomposition shared = over_world(grid), alone(grid, 1, 0);
  const auto part = make_initial_state(options, solver, fluid, shared, MPI_COMM_WORLD);
  const auto whole = make_initial_state(options, solver, fluid, alone, MPI_COMM_SELF);
  const std::int64_t first = shared.box().offset[2] * 12 * 9;
  double square = 0;
  for (std::size_t i = 0; i < part.ux.size(); ++i) {
    const std::size_t j = static_cast<std::size_t>(first) + i;
    EXPECT_NEAR(part.ux[i], whole.ux[j], 1e-14);
    EXPECT_NEAR(part.uy[i], whole.uy[j], 1e-14);
    EXPECT_NEAR(part.uz[i], whole.uz[j], 1e-14);
  }
  for (std::size_t i = 0; i < whole.ux.size(); ++i)
    square += whole.ux[i] * whole.ux[i] + whole.uy[i] * whole.uy[i] + whole.uz[i] * whole.uz[i];
  EXPECT_NEAR(std::sqrt(square / static_cast<double>(whole.ux.size())), 0.2, 1e-14);

  Fft3d fft(MPI_COMM_SELF, alone);
  std::vector<Fft3d::Complex> x(static_cast<std::size_t>(fft.spectrum_size())), y(x.size()), z(x.size());
  fft.forward(whole.ux.data(), x.data());
  fft.forward(whole.uy.data(), y.data());
  fft.forward(whole.uz.data(), z.data());
  fft.for_each_mode([&](const FourierMode& mode, std::int64_t p) {
    EXPECT_LT(std::abs(mode.k.x * x[p] + mode.k.y * y[p] + mode.k.z * z[p]), 1e-14);
    const double k = std::sqrt(dot(mode.k, mode.k));
    if (k < 1.0 || k > 8.0) {
      EXPECT_LT(std::abs(x[p]), 1e-16);
    }
  });
}

}  // namespace
}  // namespace ister::tests
