#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "physics/column_file.hpp"
#include "physics/cooper_frye.hpp"
#include "physics/delta_f.hpp"
#include "physics/hadron_list.hpp"
#include "physics/particle_moments.hpp"
#include "tests/unit/physics/freeze_out_cases.hpp"

namespace ister::tests {
namespace {

using namespace physics;

/// Coefficients of a Boltzmann gas of mass 5/fm and degeneracy 42.25 by other software.
TEST(HadronGas, StiffnessAgainstATable) {
  const ColumnFile table = read_columns(std::string(ISTER_TEST_DATA_DIR) + "/massive_gas_massive14.csv",
                                        {{"T", 0}, {"beta_pi", 0}, {"beta_Pi", 0}, {"cs2", 0}});
  const HadronGas gas({{"X", 5.0 / gev, 0.0, 1, 0, 0, 0, 0}});
  ASSERT_GT(table.columns[0].size(), 10u);
  for (std::size_t row = 0; row < table.columns[0].size(); ++row) {
    const HadronGas::Stiffness found = gas.stiffness(table.columns[0][row]);
    EXPECT_LT(relative(42.25 * found.shear, table.columns[1][row]), 1e-10) << row;
    EXPECT_LT(relative(42.25 * found.bulk, table.columns[2][row]), 1e-8) << row;
    EXPECT_LT(relative(found.sound_speed_squared, table.columns[3][row]), 1e-10) << row;
  }
}

/// 14 moments make the stress of each hadron as large as it should be with Boltzmann's statistics, not with others.
TEST(HadronGas, FourteenMomentsWithBoltzmannsStatistics) {
  std::vector<Hadron> hadrons = shipped_hadrons();
  const double t = 0.15 * gev;
  const auto share = [&] {
    const ScaledPressure p = HadronGas(hadrons).at(t);
    const double w = (p.energy() + p.value) * std::pow(t, 4);
    const ViscousCorrection correction(ShearCorrection::fourteen_moments, BulkCorrection::none, hadrons);
    EXPECT_LT(relative(correction.share_of_enthalpy(t, w), 1.0), 1e-12);
    return correction.share_of_shear(t, w);
  };
  EXPECT_GT(std::abs(share() - 1.0), 1e-3);
  for (Hadron& hadron : hadrons) hadron.statistics = 0;
  EXPECT_LT(relative(share(), 1.0), 1e-12);
}

/// An element in flow along all directions whose fluid is a gas of hadrons, with normal, stress and bulk pressure.
struct Fluid {
  double energy, pressure, bulk;
  FreezeOutElement element;

  Fluid(const std::vector<Hadron>& hadrons, ShearCorrection shear, BulkCorrection correction) {
    const double t = 0.155 * gev, t4 = std::pow(t, 4);
    const ScaledPressure gas = HadronGas(hadrons).at(t);
    energy = gas.energy() * t4, pressure = gas.value * t4, bulk = -0.03 * pressure;
    const double w = energy + pressure;
    element = {0.3, 0.9, 0.4, -0.3, 0.2, 0.3, -0.2, 0, t, 0, 0, 0, 0, 0, 0, {}};
    set_stress(element, w, -0.05, 0.04);
    // boosted along z
    const FreezeOutElement e = element;
    const double c = std::cosh(0.25), s = std::sinh(0.25);
    element.uz = s * e.ut();
    element.pixz = s * e.pitx(), element.piyz = s * e.pity();
    element.pizz = c * c * e.pizz + s * s * e.pitt();
    ViscousCorrection viscous(shear, correction, hadrons);
    element.delta = viscous.at(t, w, bulk);
  }

  /// T^{mn} dsigma_n with the stresses, m = t, x, y, z.
  [[nodiscard]] std::array<double, 4> flux(bool with_bulk) const {
    const FreezeOutElement& e = element;
    const double p = pressure + (with_bulk ? bulk : 0.0), w = energy + p,
                 n[4] = {e.normal_t, e.normal_x, e.normal_y, e.normal_z};
    const double u[4] = {e.ut(), e.ux, e.uy, e.uz}, metric[4] = {-1, 1, 1, 1};
    const double stress[4][4] = {{e.pitt(), e.pitx(), e.pity(), e.pitz()},
                                 {e.pitx(), e.pixx, e.pixy, e.pixz},
                                 {e.pity(), e.pixy, e.piyy, e.piyz},
                                 {e.pitz(), e.pixz, e.piyz, e.pizz}};
    std::array<double, 4> result{};
    for (int i = 0; i < 4; ++i)
      for (int j = 0; j < 4; ++j) result[i] += (w * u[i] * u[j] + (i == j ? p * metric[i] : 0.0) + stress[i][j]) * n[j];
    return result;
  }
};

/// Sum of g p^m dN over all hadrons: int d^2pT dy p^m dN/(dy d^2pT).
std::array<double, 4> carried(const FreezeOutElement& element, const std::vector<Hadron>& hadrons) {
  constexpr int angles = 24;
  const MomentumGrid grid(7.0 * gev, 36);
  const Directions directions(angles);
  constexpr double step = 0.17, end = 5.5;
  std::map<std::pair<double, int>, double> kinds;
  for (const Hadron& hadron : hadrons) kinds[{hadron.mass * gev, hadron.statistics}] += hadron.degeneracy;
  std::array<double, 4> sum{};
  for (const auto& [kind, degeneracy] : kinds)
    for (std::size_t i = 0; i < grid.pt.size(); ++i)
      for (double y = -end; y <= end; y += step) {
        const double pt = grid.pt[i], mt = std::hypot(kind.first, pt), rapidity = element.eta + y;
        const Harmonics mean =
            harmonics_of(cooper_frye_at(rapidity, {element}, kind.first, kind.second, pt, directions));
        const double weight = degeneracy * step * 2.0 * pi * pt * grid.weight[i];
        sum[0] += weight * mt * std::cosh(y) * mean[0].real();
        sum[1] += weight * pt * mean[1].real();
        sum[2] += weight * pt * mean[1].imag();
        sum[3] += weight * mt * std::sinh(y) * mean[0].real();
      }
  return sum;
}

void expect_carried(const std::vector<Hadron>& hadrons, ShearCorrection shear, BulkCorrection bulk) {
  const Fluid fluid(hadrons, shear, bulk);
  const auto exact = fluid.flux(bulk != BulkCorrection::none), found = carried(fluid.element, hadrons);
  for (int i = 0; i < 4; ++i) EXPECT_LT(std::abs(found[i] - exact[i]), 1e-8 * std::abs(exact[0])) << i;
}

/// Energy and momentum through an element: Landau's matching, Pi and pi at once, from the spectra of all hadrons.
TEST(DeltaF, HadronsCarryTheStressOfTheFluid) {
  const std::vector<Hadron> hadrons = shipped_hadrons();
  expect_carried(hadrons, ShearCorrection::chapman_enskog, BulkCorrection::chapman_enskog);
}

TEST(DeltaF, FourteenMomentsCarryTheStressWithBoltzmannsStatistics) {
  std::vector<Hadron> hadrons = shipped_hadrons();
  for (Hadron& hadron : hadrons) hadron.statistics = 0;
  expect_carried(hadrons, ShearCorrection::fourteen_moments, BulkCorrection::chapman_enskog);
}

/// int d^3p f g(E, p^2), by Gauss and Legendre's points.
template <class Function>
double over_momenta(double mass, int statistics, double t, Function&& g) {
  const MomentumGrid grid(std::sqrt(45.0 * t * (45.0 * t + 2.0 * mass)), 120);
  double sum = 0.0;
  for (std::size_t i = 0; i < grid.pt.size(); ++i) {
    const double p = grid.pt[i], e = std::hypot(p, mass);
    sum += grid.weight[i] * p * p / (2.0 * pi * pi) * g(e, p * p, 1.0 / (std::exp(e / t) + statistics));
  }
  return sum;
}

/// The same in the frame of the fluid, each by itself: delta e = 0, delta p = Pi, and pi^{mn}.
TEST(DeltaF, MatchingOfLandau) {
  const std::vector<Hadron> hadrons = shipped_hadrons();
  const double t = 0.15 * gev, w = 5.0, bulk = -0.2;  // the enthalpy of the fluid does not matter
  ViscousCorrection viscous(ShearCorrection::chapman_enskog, BulkCorrection::chapman_enskog, hadrons);
  const DeltaF delta = viscous.at(t, w, bulk);
  double energy = 0.0, pressure = 0.0, shear = 0.0, size = 0.0;
  for (const Hadron& h : hadrons) {
    const double m = h.mass * gev;
    const auto change = [&](double e, double f) {
      return f * (1.0 - h.statistics * f) * (delta.energy * e + delta.inverse_energy * m * m / e);
    };
    const auto sum = [&](auto&& g) { return h.degeneracy * over_momenta(m, h.statistics, t, g); };
    energy += sum([&](double e, double, double f) { return e * change(e, f); });
    size += sum([&](double e, double, double f) { return std::abs(e * change(e, f)); });
    pressure += sum([&](double e, double p2, double f) { return p2 / (3.0 * e) * change(e, f); });
    // <p_i p_j p_k p_l> pi^{kl} = 2/15 p^4 pi_ij
    shear += sum([&](double e, double p2, double f) {
      return 2.0 / 15.0 * p2 * p2 / e * f * (1.0 - h.statistics * f) * (delta.stress + delta.stress_over_energy / e);
    });
  }
  EXPECT_LT(std::abs(energy), 1e-10 * size);
  EXPECT_LT(relative(pressure, bulk), 1e-9);
  EXPECT_LT(relative(shear, 1.0), 1e-10);
}

TEST(DeltaF, NothingWithoutStress) {
  ViscousCorrection none(ShearCorrection::none, BulkCorrection::none, shipped_hadrons());
  EXPECT_FALSE(none.at(0.15 * gev, 5.0, -0.2).any());
  ViscousCorrection bulk(ShearCorrection::none, BulkCorrection::chapman_enskog, shipped_hadrons());
  EXPECT_FALSE(bulk.at(0.15 * gev, 5.0, 0.0).any());
  EXPECT_TRUE(bulk.at(0.15 * gev, 5.0, -0.2).any());
}

/// Of bulk pressure delta f/f depends on the energy alone, of a stress along z on the polar angle besides.
TEST(DeltaF, ShareOfWhatIsBeyondEquilibrium) {
  const double t = temperature;
  for (const auto& kind : {std::pair{0.938 * gev, 1}, {0.938 * gev, 0}, {0.14 * gev, -1}}) {
    const double m = kind.first;
    const int statistics = kind.second;
    for (const bool stressed : {false, true}) {
      FreezeOutElement e = element(0.4, 0.3, 1, 0, 0, stressed ? 0.3 : 0.0, 0.0);
      e.delta = stressed ? fourteen_moments : DeltaF{0, 0, 0.18, -0.1};
      const auto beyond = [&](double energy, double p2, double f, double z) {
        const double q = stressed ? 0.3 * enthalpy * p2 * 0.5 * (3.0 * z * z - 1.0) * e.delta.stress : 0.0;
        return std::abs((1.0 - statistics * f) *
                        (q + e.delta.energy * energy + e.delta.inverse_energy * m * m / energy)) > 1.0;
      };
      constexpr int steps = 1000;
      double share = 0.0, all = 0.0;
      for (int i = 0; i < steps; ++i)
        for (int k = 0; k < 100; ++k) {
          const double p = 24.0 * t * (i + 0.5) / steps, energy = std::hypot(p, m);
          const double f = 1.0 / (std::exp(energy / t) + statistics);
          all += p * p * f;
          share += beyond(energy, p * p, f, (k + 0.5) / 100) ? p * p * f : 0.0;
        }
      share /= all;
      EXPECT_GT(share, 0.01);
      EXPECT_NEAR(share_beyond_equilibrium({e}, m, statistics), share, 0.05 * share) << statistics << stressed;
      e.delta = no_change;
      EXPECT_EQ(share_beyond_equilibrium({e}, m, statistics), 0.0);
    }
  }
}

}  // namespace
}  // namespace ister::tests
