#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "physics/column_file.hpp"
#include "physics/dispersion.hpp"
#include "physics/linear_modes.hpp"

// Branches omega(k) against the roots of the dispersion relation, and what is concluded from them.
namespace ister::tests {
namespace {

using namespace physics;

using Complex = std::complex<double>;

/// What the linear theory knows of a fluid.
PointEquations equations(double cs2, double tau_pi, double eta_over_w, double tau_bulk, double zeta_over_w) {
  PointEquations e{{}, true, tau_bulk > 0, false};
  e.fluid.sound_speed_squared = cs2;
  e.fluid.shear_rate = 1 / tau_pi;
  e.fluid.shear_stiffness = eta_over_w / tau_pi;
  e.fluid.delta_pipi = 4.0 / 3.0;
  e.fluid.tau_pipi = 10.0 / 7.0;
  e.fluid.lambda_pibulk = 1.2;
  e.fluid.phi7 = 0.5;
  e.fluid.bulk_rate = tau_bulk > 0 ? 1 / tau_bulk : 0;
  e.fluid.bulk_stiffness = tau_bulk > 0 ? zeta_over_w / tau_bulk : 0;
  e.fluid.delta_bulkbulk = 2.0 / 3.0;
  e.fluid.lambda_bulkpi = 0.1;
  return e;
}

PointEquations fluid_a() { return equations(1.0 / 3.0, 1.0, 0.2, 0, 0); }
PointEquations fluid_b() { return equations(1.0 / 3.0, 0.104, 0.04, 0, 0); }
PointEquations fluid_c() { return equations(0.25, 0.8, 0.16, 0.05 / (14.55 / 144), 0.05); }
PointEquations fluid_d() { return equations(0.2, 0.75, 0.15, 0.6, 0.1); }
PointEquations acausal() { return equations(1.0 / 3.0, 0.2, 0.2, 0, 0); }

const double right_angle = std::acos(-1.0) / 2;

struct Case {
  const char* file;
  WaveBackground background;
  int sound_roots;
};

class WaveBranches : public testing::TestWithParam<Case> {
 protected:
  static ColumnFile table() {
    std::vector<Column> wanted{{"k", 0}};
    for (const std::string& name : names())
      for (const char* part : {"_re", "_im"}) wanted.push_back({name + part, 0});
    return read_columns(std::string(ISTER_TEST_DATA_DIR) + "/" + GetParam().file, wanted);
  }
  static std::vector<std::string> names() {
    std::vector<std::string> result{"shear1", "shear2"};
    for (int i = 1; i <= GetParam().sound_roots; ++i) result.push_back("sound" + std::to_string(i));
    return result;
  }
};

TEST_P(WaveBranches, AreTheRootsOfTheReference) {
  const ColumnFile file = table();
  const Dispersion found = dispersion(GetParam().background, file.columns[0]);
  ASSERT_GE(found.k.size(), 9u);
  for (std::size_t row = 0; row < found.k.size(); ++row)
    for (std::size_t c = 1; c < file.columns.size(); c += 2) {
      const Complex expected(file.columns[c][row], file.columns[c + 1][row]);
      const char letter = c < 5 ? 'T' : 'L';
      double distance = 1e300;
      for (const WaveBranch& branch : found.branches)
        if (branch.name[0] == letter) distance = std::min(distance, std::abs(branch.omega[row] - expected));
      EXPECT_LT(distance, 1e-12 * std::abs(expected)) << names()[c / 2] << " at k = " << found.k[row];
    }
}

INSTANTIATE_TEST_SUITE_P(
    Reference, WaveBranches,
    testing::Values(Case{"dispersion_acausal_demo.csv", {acausal()}, 3},
                    Case{"dispersion_conformal_A.csv", {fluid_a()}, 3},
                    Case{"dispersion_conformal_B.csv", {fluid_b()}, 3},
                    Case{"dispersion_nonconformal_C.csv", {fluid_c()}, 4},
                    Case{"dispersion_nonconformal_D.csv", {fluid_d()}, 4},
                    Case{"dispersion_conformal_A_boost_V0.5_ang0.csv", {fluid_a(), 0.5, 0}, 3},
                    Case{"dispersion_conformal_A_boost_V0.5_ang1.57.csv", {fluid_a(), 0.5, right_angle}, 3},
                    Case{"dispersion_nonconformal_C_boost_V0.4_ang0.csv", {fluid_c(), 0.4, 0}, 4},
                    Case{"dispersion_nonconformal_C_boost_V0.4_ang1.57.csv", {fluid_c(), 0.4, right_angle}, 4}),
    [](const auto& info) {
      std::string name = info.param.file;
      name = name.substr(11, name.size() - 15);
      std::replace(name.begin(), name.end(), '.', '_');
      return name;
    });

TEST(Waves, AllModesAreThoseOfTheCovariantEquations) {
  const PointEquations c = fluid_c();
  const LinearFluid linear{0.25, 1.25, 0.2, c.fluid.bulk_rate, c.fluid.bulk_stiffness};
  const WaveBackground background{c, 0.7, 0.9};
  const Dispersion found = dispersion(background, {0.3, 1.0, 4.0});
  ASSERT_EQ(found.branches.size(), 10u);
  for (std::size_t row = 0; row < found.k.size(); ++row)
    for (const LinearMode& mode : linear_modes(linear, background.u(), {found.k[row], 0, 0})) {
      double distance = 1e300;
      for (const WaveBranch& branch : found.branches)
        distance = std::min(distance, std::abs(branch.omega[row] - mode.omega));
      EXPECT_LT(distance, 1e-11);
    }
}

TEST(Waves, BranchesAreSmoothAndTheirSlopeIsTheGroupVelocity) {
  std::vector<double> k;
  for (int i = 0; i <= 400; ++i) k.push_back(0.5 + 0.005 * i);
  const Dispersion found = dispersion({fluid_c(), 0.4, 1.0}, k);
  for (const WaveBranch& branch : found.branches)
    for (std::size_t i = 1; i + 1 < k.size(); ++i) {
      const Complex slope = (branch.omega[i + 1] - branch.omega[i - 1]) / (k[i + 1] - k[i - 1]);
      EXPECT_LT(std::abs(slope - branch.group[i]), 2e-3) << branch.name << " at k = " << k[i];
    }
}

TEST(Waves, SmallestOnesComeFirst) {
  const Dispersion found = dispersion({fluid_c()}, {0.01, 0.02});
  ASSERT_EQ(found.branches.size(), 7u);
  EXPECT_EQ(found.branches[0].name, "L0");
  EXPECT_NEAR(found.branches[0].omega[0].real(), 0.005, 1e-5) << "sound along k";
  EXPECT_NEAR(found.branches[1].omega[0].real(), -0.005, 1e-5);
  EXPECT_EQ(found.branches[4].name, "T0");
  EXPECT_NEAR(found.branches[4].omega[0].imag(), -0.16e-4, 1e-8) << "diffusion of shear";
}

/// The telegraph equation in the frame of the fluid, where the wave has the rate r and the wavenumber q.
TEST(Waves, LongOnesAreExactRelativeToThemselves) {
  const double k = 1e-5, V = 0.5, angle = 1.0, gamma = 1 / std::sqrt(1 - V * V), diffusion = 0.16, tau_pi = 0.8;
  const Dispersion found = dispersion({fluid_c(), V, angle}, {k, 2 * k});
  const auto slowest = std::find_if(found.branches.begin(), found.branches.end(),
                                    [](const WaveBranch& branch) { return branch.name == "T0"; });
  const Complex rate = Complex(0, -1) * slowest->omega[0], along(k * std::cos(angle));
  const Complex r = gamma * (rate + Complex(0, V) * along), q = gamma * (along - Complex(0, V) * rate);
  const Complex q_squared = k * k * std::sin(angle) * std::sin(angle) + q * q;
  EXPECT_LT(std::abs(tau_pi * r * r + r + diffusion * q_squared), 1e-9 * std::abs(r));
}

TEST(Waves, BranchesMeetWhereTheTelegraphEquationSays) {
  for (const auto& [fluid, tau_pi, eta_over_w] :
       {std::make_tuple(fluid_a(), 1.0, 0.2), std::make_tuple(fluid_d(), 0.75, 0.15)}) {
    const std::vector<BranchPoint> points = branch_points(fluid, 0.01, 100);
    const auto shear = std::find_if(points.begin(), points.end(), [](const BranchPoint& p) { return p.letter == 'T'; });
    ASSERT_NE(shear, points.end());
    EXPECT_NEAR(shear->k * 2 * std::sqrt(tau_pi * eta_over_w), 1.0, 1e-9);
    EXPECT_EQ(shear->travelling_below, 0);
    EXPECT_EQ(shear->travelling_above, 2);
  }
}

TEST(Waves, FrontsAreTheLimitOfShortWaves) {
  const WaveBackground background{fluid_c(), 0.4, 1.0};
  const Dispersion found = dispersion(background, {1e5, 2e5});
  std::size_t branch = 0;
  for (const WaveSector& sector : wave_sectors(background)) {
    const std::vector<Complex> fronts = front_speeds(background, sector);
    for (std::size_t i = 0; i < fronts.size(); ++i, ++branch) {
      double distance = 1e300;
      for (const Complex& v : fronts)
        distance = std::min(distance, std::abs(v - found.branches[branch].omega[0] / 1e5));
      EXPECT_LT(distance, 1e-4) << found.branches[branch].name;
    }
  }
  EXPECT_EQ(branch, found.branches.size());
}

TEST(Waves, AcausalMatterIsStableAtRestAndUnstableInMotion) {
  std::vector<double> k;
  for (int i = 0; i <= 80; ++i) k.push_back(0.01 * std::pow(10.0, i / 20.0));
  const auto growth = [&](const PointEquations& fluid, double velocity) {
    const WaveBackground background{fluid, velocity, 0};
    return instability(background, dispersion(background, k));
  };
  EXPECT_FALSE(growth(acausal(), 0).present());
  EXPECT_FALSE(growth(fluid_a(), 0.9).present());
  EXPECT_FALSE(growth(fluid_c(), 0.99).present());
  // Fronts of speed sqrt(5/3) go back in time where V > sqrt(3/5): waves of all lengths grow.
  EXPECT_FALSE(growth(acausal(), 0.77).present());
  const Instability fast = growth(acausal(), 0.8);
  EXPECT_TRUE(fast.present());
  EXPECT_GT(fast.rate, 1.0);
  EXPECT_EQ(fast.k_first, k.front());
}

}  // namespace
}  // namespace ister::tests
