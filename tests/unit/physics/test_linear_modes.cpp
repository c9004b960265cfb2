#include "physics/linear_modes.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "physics/column_file.hpp"

namespace ister::tests {
namespace {

using namespace physics;

using Complex = LinearMode::Complex;

/// Fluids of the reference tables.
LinearFluid fluid_a() { return {1.0 / 3.0, 1.0, 0.2, 0, 0}; }
LinearFluid fluid_c() {
  const double inverse_tau_bulk = 14.55 * (1.0 / 3.0 - 0.25) * (1.0 / 3.0 - 0.25) / 0.05;
  return {0.25, 1.25, 0.2, inverse_tau_bulk, 0.05 * inverse_tau_bulk};
}

ColumnFile read(const std::string& name, const std::vector<std::string>& columns) {
  std::vector<Column> wanted;
  for (const std::string& column : columns) wanted.push_back({column, 0});
  return read_columns(std::string(ISTER_TEST_DATA_DIR) + "/" + name, wanted);
}

void expect_roots(const std::string& name, const LinearFluid& fluid, const Vec3& u, int sound_roots) {
  std::vector<std::string> columns{"k", "shear1_re", "shear1_im", "shear2_re", "shear2_im"};
  for (int i = 1; i <= sound_roots; ++i) {
    columns.push_back("sound" + std::to_string(i) + "_re");
    columns.push_back("sound" + std::to_string(i) + "_im");
  }
  const ColumnFile table = read(name, columns);
  ASSERT_GE(table.columns[0].size(), 9u);
  for (std::size_t row = 0; row < table.columns[0].size(); ++row) {
    const double k = table.columns[0][row];
    const std::vector<LinearMode> modes = linear_modes(fluid, u, {k, 0, 0});
    for (std::size_t c = 1; c < columns.size(); c += 2) {
      const Complex expected(table.columns[c][row], table.columns[c + 1][row]);
      double distance = 1e300;
      for (const LinearMode& mode : modes) distance = std::min(distance, std::abs(mode.omega - expected));
      EXPECT_LT(distance, 1e-12) << name << " " << columns[c] << " at k = " << k;
    }
  }
}

TEST(LinearModes, FrequenciesMatchTheReference) {
  const double gamma_v = 0.4 / std::sqrt(1 - 0.4 * 0.4);
  expect_roots("dispersion_conformal_A.csv", fluid_a(), {}, 3);
  expect_roots("dispersion_nonconformal_C.csv", fluid_c(), {}, 4);
  expect_roots("dispersion_nonconformal_C_boost_V0.4_ang0.csv", fluid_c(), {gamma_v, 0, 0}, 4);
  expect_roots("dispersion_nonconformal_C_boost_V0.4_ang1.57.csv", fluid_c(), {0, gamma_v, 0}, 4);
}

TEST(LinearModes, NumberOfModesFollowsTheFluid) {
  EXPECT_EQ(linear_modes(fluid_c(), {}, {1, 2, 3}).size(), 10u);
  EXPECT_EQ(linear_modes(fluid_a(), {}, {1, 2, 3}).size(), 9u);
  EXPECT_EQ(linear_modes({0.25, 0, 0, 0, 0}, {}, {1, 2, 3}).size(), 4u);
}

TEST(LinearModes, WavesAtRestMatchTheReference) {
  const ColumnFile table =
      read("eigenmodes_nonconformal_C.csv", {"k", "omega_s_re", "omega_s_im", "v_re", "v_im", "pxx_re", "pxx_im",
                                             "Pi_re", "Pi_im", "omega_t_re", "omega_t_im", "pxy_re", "pxy_im"});
  const double energy_fraction = 0.8;
  for (std::size_t row = 0; row < table.columns[0].size(); ++row) {
    const auto value = [&](int c) { return Complex(table.columns[c][row], table.columns[c + 1][row]); };
    const double k = table.columns[0][row];
    const LinearMode sound = sound_mode(fluid_c(), {}, {k, 0, 0});
    EXPECT_LT(std::abs(sound.omega - value(1)), 1e-13);
    EXPECT_LT(std::abs(energy_fraction * sound.u[0] - value(3)), 1e-13);
    EXPECT_LT(std::abs(energy_fraction * sound.pi[0] - value(5)), 1e-13);
    EXPECT_LT(std::abs(energy_fraction * sound.bulk - value(7)), 1e-13);
    const LinearMode shear = shear_mode(fluid_c(), {}, {k, 0, 0}, {0, 1, 0});
    EXPECT_LT(std::abs(shear.omega - value(9)), 1e-13);
    EXPECT_LT(std::abs(shear.u[1] - 1.0), 1e-13);
    EXPECT_LT(std::abs(shear.pi[1] - value(11)), 1e-13);
  }
}

/// The covariant linearised equations, written with four-tensors: the largest residual of a mode.
double covariant_residual(const LinearFluid& fluid, const Vec3& velocity, const Vec3& wave, const LinearMode& mode) {
  const double u[4] = {std::sqrt(1 + dot(velocity, velocity)), velocity.x, velocity.y, velocity.z};
  const double u_cov[4] = {-u[0], u[1], u[2], u[3]};
  const double metric[4] = {-1, 1, 1, 1};
  const Complex i_k[4] = {Complex(0, -1) * mode.omega, {0, wave.x}, {0, wave.y}, {0, wave.z}};  // d_mu
  Complex du[4], pi[4][4];
  const int symmetric[3][3] = {{0, 1, 2}, {1, 3, 4}, {2, 4, 5}};
  for (int i = 1; i < 4; ++i) {
    du[i] = mode.u[i - 1];
    du[0] += u[i] * du[i] / u[0];
    for (int j = 1; j < 4; ++j) pi[i][j] = mode.pi[symmetric[i - 1][j - 1]];
  }
  for (int i = 1; i < 4; ++i) {
    for (int j = 1; j < 4; ++j) pi[i][0] += pi[i][j] * u[j] / u[0];
    pi[0][i] = pi[i][0];
    pi[0][0] += pi[0][i] * u[i] / u[0];
  }
  Complex along = 0, expansion = 0;
  Complex gradient[4];  // Delta^{mn} d_n
  for (int m = 0; m < 4; ++m) {
    along += u[m] * i_k[m];
    expansion += i_k[m] * du[m];
  }
  for (int m = 0; m < 4; ++m) gradient[m] = metric[m] * i_k[m] + u[m] * along;

  double worst = std::abs(along * mode.energy + expansion);
  for (int m = 0; m < 4; ++m) {
    Complex momentum = along * du[m] + gradient[m] * (fluid.cs2 * mode.energy + mode.bulk), orthogonal = 0;
    for (int n = 0; n < 4; ++n) {
      momentum += i_k[n] * pi[m][n];
      orthogonal += pi[m][n] * u_cov[n];
      const double projector = (m == n ? metric[m] : 0.0) + u[m] * u[n];
      const Complex sigma = 0.5 * (gradient[m] * du[n] + gradient[n] * du[m]) - projector * expansion / 3.0;
      worst =
          std::max(worst, std::abs(along * pi[m][n] + fluid.shear_rate * pi[m][n] + 2 * fluid.shear_stiffness * sigma));
    }
    worst = std::max({worst, std::abs(momentum), std::abs(orthogonal)});
  }
  const Complex trace = pi[1][1] + pi[2][2] + pi[3][3] - pi[0][0];
  const Complex bulk = along * mode.bulk + fluid.bulk_rate * mode.bulk + fluid.bulk_stiffness * expansion;
  return std::max({worst, std::abs(trace), std::abs(bulk)});
}

TEST(LinearModes, ModesOfAMovingFluidSolveTheCovariantEquations) {
  const Vec3 u{0.6, -0.4, 0.9}, k{1.3, 2.1, -0.7};
  for (const LinearFluid& fluid : {fluid_c(), fluid_a()}) {
    for (const LinearMode& mode : linear_modes(fluid, u, k)) EXPECT_LT(covariant_residual(fluid, u, k, mode), 1e-12);
    const LinearMode sound = sound_mode(fluid, u, k);
    EXPECT_LT(covariant_residual(fluid, u, k, sound), 1e-12);
    EXPECT_LT(std::abs(sound.energy - 1.0), 1e-14);
    const LinearMode shear = shear_mode(fluid, u, k, {0.2, 0.1, 1.0});
    EXPECT_LT(covariant_residual(fluid, u, k, shear), 1e-12);
    EXPECT_NEAR(std::norm(shear.u[0]) + std::norm(shear.u[1]) + std::norm(shear.u[2]), 1.0, 1e-13);
  }
}

TEST(LinearModes, SoundTravelsAlongItsWavevector) {
  const LinearMode forth = sound_mode(fluid_c(), {0.3, 0, 0}, {2, 0, 0});
  const LinearMode back = sound_mode(fluid_c(), {0.3, 0, 0}, {-2, 0, 0});
  EXPECT_GT(forth.omega.real(), back.omega.real());
  EXPECT_GT(back.omega.real(), 0);
}

TEST(LinearModes, APolarisationAlongTheWaveIsRefused) {
  EXPECT_THROW(shear_mode(fluid_a(), {}, {2, 0, 0}, {1, 0, 0}), InputError);
  EXPECT_THROW(shear_mode(fluid_a(), {}, {2, 0, 0}, {0, 0, 0}), InputError);
}

}  // namespace
}  // namespace ister::tests
