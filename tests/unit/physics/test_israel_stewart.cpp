#include "physics/israel_stewart.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/base/random.hpp"
#include "tests/physics/covariant_oracle.hpp"

// The pointwise equations against their covariant form, at random points with random derivatives.
namespace ister::tests {
namespace {

using namespace physics;

using tests::covariant::Coefficients;
using tests::covariant::Geometry;
using tests::covariant::Independent;

class Dice {
 public:
  explicit Dice(int seed) : m_seed(static_cast<std::uint64_t>(seed)) {}
  double uniform(double low, double high) { return low + (high - low) * random_uniforms(m_seed, {m_next++}).first; }
  Vec3 vector(double size) { return {uniform(-size, size), uniform(-size, size), uniform(-size, size)}; }
  Sym3 tensor(double size) {
    return {uniform(-size, size), uniform(-size, size), uniform(-size, size),
            uniform(-size, size), uniform(-size, size), 0.0};
  }

 private:
  std::uint64_t m_seed, m_next = 0;
};

/// A point with all that the equations ask for, stresses and derivatives in units of w = e + p.
struct RandomPoint {
  FluidPoint fluid;
  FlowState state;
  FlowGradients gradient;
  EquationTerms terms;
  double w = 1.0, tau = 1.0;
};

template <class Stress>
RandomPoint random_point(int seed, bool milne, bool all_terms) {
  Dice dice(seed);
  RandomPoint p;
  p.w = dice.uniform(0.5, 5.0);
  p.fluid.energy_fraction = dice.uniform(0.7, 0.85);
  p.fluid.sound_speed_squared = dice.uniform(0.15, 0.33);
  p.fluid.shear_rate = dice.uniform(0.5, 3.0);
  p.fluid.shear_stiffness = dice.uniform(0.1, 0.25);
  p.fluid.delta_pipi = dice.uniform(1.0, 1.5);
  p.fluid.tau_pipi = dice.uniform(1.0, 1.6);
  p.fluid.lambda_pibulk = dice.uniform(1.0, 1.4);
  p.fluid.phi7 = all_terms ? dice.uniform(0.3, 0.8) * p.fluid.shear_rate : 0.0;
  p.fluid.bulk_rate = dice.uniform(0.5, 3.0);
  p.fluid.bulk_stiffness = dice.uniform(0.02, 0.2);
  p.fluid.delta_bulkbulk = dice.uniform(0.5, 0.8);
  p.fluid.lambda_bulkpi = dice.uniform(0.1, 0.3);
  p.terms.vorticity = all_terms ? 1.0 : 0.0;
  if (milne) {
    p.tau = dice.uniform(0.4, 3.0);
    p.terms.expansion = 1.0 / p.tau;
  }
  p.state.u = dice.vector(seed % 5 == 0 ? 3.0 : 0.8);
  FlowGradients& g = p.gradient;
  g.energy = dice.vector(1.0);
  const Vec3 x = dice.vector(1.0), y = dice.vector(1.0), z = dice.vector(1.0);
  g.u = {x.x, x.y, x.z, y.x, y.y, y.z, z.x, z.y, z.z};
  const Kinematics k = kinematics(p.state.u);
  if constexpr (Stress::shear) {
    const double longitudinal = longitudinal_factor(k, p.state.u);
    p.state.pi = dice.tensor(0.1);
    p.state.pi.zz = traceless_zz(p.state.pi, k.v, longitudinal);
    const Vec3 n = project(p.state.pi, k.v).n;
    const Vec3 du[] = {x, y, z};
    Sym3* const dpi[] = {&g.pi_x, &g.pi_y, &g.pi_z};
    for (int d = 0; d < 3; ++d) {
      *dpi[d] = dice.tensor(0.3);
      dpi[d]->zz = traceless_zz_gradient(*dpi[d], du[d], k, n, longitudinal);
    }
  }
  if constexpr (Stress::bulk) {
    p.state.bulk = dice.uniform(-0.1, 0.1);
    g.bulk = dice.vector(0.3);
  }
  return p;
}

Independent<double> independent(double e, const Vec3& u, const Sym3& pi, double bulk) {
  return {e, {u.x, u.y, u.z}, {pi.xx, pi.xy, pi.xz, pi.yy, pi.yz}, bulk};
}

/// The largest residual of the covariant equations, in units of the largest time derivative.
template <class Stress>
double covariant_residual(const RandomPoint& p, const FlowRates& rates) {
  const double w = p.w, tau = p.tau;
  const FlowGradients& g = p.gradient;
  const Independent<double> values =
      independent(w * p.fluid.energy_fraction, p.state.u, w * p.state.pi, w * p.state.bulk);
  // Frame derivatives are coordinate derivatives but for d_eta = tau d_z.
  const Independent<double> derivatives[] = {
      independent(w * rates.energy, rates.u, w * rates.pi, w * rates.bulk),
      independent(w * g.energy.x, {g.u.xx, g.u.xy, g.u.xz}, w * g.pi_x, w * g.bulk.x),
      independent(w * g.energy.y, {g.u.yx, g.u.yy, g.u.yz}, w * g.pi_y, w * g.bulk.y),
      independent(tau * w * g.energy.z, tau * Vec3{g.u.zx, g.u.zy, g.u.zz}, (tau * w) * g.pi_z, tau * w * g.bulk.z)};
  const auto fields = complete(values, tau);
  std::array<tests::covariant::Fields<double>, 4> d;
  for (int a = 0; a < 4; ++a)
    d[a] = complete_derivative(values, derivatives[a], tau, a == 0 && p.terms.expansion > 0.0 ? 1.0 : 0.0);

  const FluidPoint& f = p.fluid;
  const double tau_pi = 1.0 / f.shear_rate, tau_bulk = 1.0 / f.bulk_rate;
  const Coefficients c = {w * (1.0 - f.energy_fraction),
                          f.sound_speed_squared,
                          tau_pi * w * f.shear_stiffness,
                          tau_pi,
                          tau_pi * f.delta_pipi,
                          tau_pi * f.tau_pipi,
                          tau_pi * f.lambda_pibulk,
                          tau_pi * f.phi7 / w,
                          p.terms.vorticity > 0.0,
                          tau_bulk * w * f.bulk_stiffness,
                          tau_bulk,
                          tau_bulk * f.delta_bulkbulk,
                          tau_bulk * f.lambda_bulkpi};
  const Geometry geometry = p.terms.expansion > 0.0 ? Geometry::milne(tau) : Geometry::minkowski();
  const tests::covariant::Residual r = residual(fields, d, c, geometry);

  double scale = w, worst = 0.0;
  for (int m = 0; m < 4; ++m) scale = std::max({scale, std::fabs(d[0].e), w * std::fabs(d[0].u[m])});
  scale *= fields.u[0] * fields.u[0];
  for (int m = 0; m < 4; ++m) {
    worst = std::max(worst, std::fabs(r.conservation[m]));
    if constexpr (Stress::shear) {
      for (int n = 0; n < 4; ++n) worst = std::max(worst, std::fabs(r.shear[m][n]));
    }
  }
  if constexpr (Stress::bulk) worst = std::max(worst, std::fabs(r.bulk));
  return worst / scale;
}

template <class Stress>
class IsraelStewart : public testing::Test {};
using Stresses = testing::Types<IdealStress, BulkStress, ShearStress, ShearBulkStress>;
TYPED_TEST_SUITE(IsraelStewart, Stresses);

TYPED_TEST(IsraelStewart, SolvesTheCovariantEquations) {
  for (const bool milne : {false, true})
    for (const bool all_terms : {false, true})
      for (int seed = 0; seed < 200; ++seed) {
        const RandomPoint p = random_point<TypeParam>(seed, milne, all_terms);
        const FlowRates rates = israel_stewart_rates<TypeParam>(p.fluid, p.state, p.gradient, p.terms);
        ASSERT_LE(covariant_residual<TypeParam>(p, rates), 1e-12) << "seed " << seed << (milne ? " in Milne" : "");
      }
}

/// The test above must not be blind: any one rate off by 1e-6 shows.
TYPED_TEST(IsraelStewart, TheCovariantEquationsNoticeEveryRate) {
  const RandomPoint p = random_point<TypeParam>(1, true, true);
  const FlowRates right = israel_stewart_rates<TypeParam>(p.fluid, p.state, p.gradient, p.terms);
  const auto change = [&](auto member) {
    FlowRates wrong = right;
    member(wrong) += 1e-6;
    EXPECT_GE(covariant_residual<TypeParam>(p, wrong), 1e-9);
  };
  change([](FlowRates& r) -> double& { return r.energy; });
  change([](FlowRates& r) -> double& { return r.u.x; });
  change([](FlowRates& r) -> double& { return r.u.y; });
  change([](FlowRates& r) -> double& { return r.u.z; });
  if constexpr (TypeParam::shear) {
    change([](FlowRates& r) -> double& { return r.pi.xx; });
    change([](FlowRates& r) -> double& { return r.pi.xy; });
    change([](FlowRates& r) -> double& { return r.pi.xz; });
    change([](FlowRates& r) -> double& { return r.pi.yy; });
    change([](FlowRates& r) -> double& { return r.pi.yz; });
  }
  if constexpr (TypeParam::bulk) change([](FlowRates& r) -> double& { return r.bulk; });
}

/// Rigid rotation v = (-W y, W x) on its axis with nothing but the vorticity term: d pi^xx/dt = +2 W pi^xy.
TEST(IsraelStewartTerms, VorticityTurnsTheStressInTheSenseOfKineticTheory) {
  constexpr double W = 0.7;
  FluidPoint fluid{};
  fluid.energy_fraction = 0.75;
  fluid.sound_speed_squared = 1.0 / 3.0;
  FlowState state;
  state.pi = {0.03, 0.05, 0.0, -0.01, 0.0, -0.02};
  FlowGradients gradient;
  gradient.u.xy = W;   // d_x u^y
  gradient.u.yx = -W;  // d_y u^x
  const FlowRates rates = israel_stewart_rates<ShearStress>(fluid, state, gradient, {0.0, 1.0});
  EXPECT_NEAR(rates.pi.xx, 2.0 * W * state.pi.xy, 1e-15);
  EXPECT_NEAR(rates.pi.yy, -2.0 * W * state.pi.xy, 1e-15);
  EXPECT_NEAR(rates.pi.xy, W * (state.pi.yy - state.pi.xx), 1e-15);
  const FlowRates without = israel_stewart_rates<ShearStress>(fluid, state, gradient, {0.0, 0.0});
  EXPECT_NEAR(without.pi.xx, 0.0, 1e-15);
}

TEST(IsraelStewartTerms, TheTraceVanishesAlongWithItsDerivative) {
  for (int seed = 0; seed < 100; ++seed) {
    const RandomPoint p = random_point<ShearStress>(seed, false, false);
    const auto fields = complete(independent(1.0, p.state.u, p.state.pi, 0.0), 1.0);
    EXPECT_NEAR(p.state.pi.zz, fields.pi[3][3], 1e-14 * kinematics(p.state.u).g2);
    const auto derivative = complete_derivative(
        independent(1.0, p.state.u, p.state.pi, 0.0),
        independent(0.0, {p.gradient.u.yx, p.gradient.u.yy, p.gradient.u.yz}, p.gradient.pi_y, 0.0), 1.0, 0.0);
    EXPECT_NEAR(p.gradient.pi_y.zz, derivative.pi[3][3], 1e-13 * kinematics(p.state.u).g2);
  }
}

}  // namespace
}  // namespace ister::tests
