#include "physics/characteristics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/random.hpp"
#include "physics/principal_stresses.hpp"

// Wave fronts of states near and far from equilibrium, from the code's own rates.
namespace ister::tests {
namespace {

using namespace physics;

using Complex = std::complex<double>;

FluidModel fluid_with(double eta_over_s, double tau_pi_coefficient, double zeta_over_s) {
  TransportOptions transport;
  transport.eta_over_s.value = eta_over_s;
  transport.tau_pi_coefficient = tau_pi_coefficient;
  transport.zeta_over_s.value = zeta_over_s;
  return {zeta_over_s > 0 ? EosOptions{"constant_cs2", {{"cs2", 0.25}}} : EosOptions{"conformal", {}}, transport};
}

/// At T = 1/fm.
PointEquations equations_of(const FluidModel& fluid, bool vorticity = false) {
  TransportOptions options;
  options.vorticity = vorticity;
  return point_equations(fluid, options, fluid.log_e_of_temperature(1.0));
}

PointEquations viscous() { return equations_of(fluid_with(0.16, 5, 0.05)); }
constexpr double shear_squared = 0.2, sound_squared = 0.25 + 0.2 * 4 / 3 + 14.55 / 144;  // of viscous()

Vec3 normalised(const Vec3& a) { return (1.0 / std::sqrt(dot(a, a))) * a; }

double distance(Complex value, const std::vector<Complex>& values) {
  double least = 1e300;
  for (const Complex& other : values) least = std::min(least, std::abs(value - other));
  return least;
}

/// With pi^zz of the trace.
FlowState state_of(const Vec3& u, Sym3 pi, double bulk) {
  FlowState state{u, pi, bulk};
  complete_trace<ShearBulkStress>(kinematics(u), state);
  return state;
}

TEST(Characteristics, AtRestTheyAreThoseOfLinearTheory) {
  const double shear = std::sqrt(shear_squared), sound = std::sqrt(sound_squared);
  const std::vector<double> expected{-sound, -shear, -shear, 0, 0, 0, 0, shear, shear, sound};
  for (const Vec3& n : {Vec3{1, 0, 0}, Vec3{0, 0, 1}, normalised({1, -2, 0.5})}) {
    const std::vector<Complex> speeds = characteristic_speeds(viscous(), {}, n);
    ASSERT_EQ(speeds.size(), expected.size());
    for (std::size_t i = 0; i < speeds.size(); ++i) EXPECT_LT(std::abs(speeds[i] - expected[i]), 1e-7);
  }
}

TEST(Characteristics, VelocitiesAddAsRelativitySays) {
  const double V = 0.6, gamma = 1.25;
  const Vec3 n = normalised({2, -1, 0.5});
  const std::vector<Complex> speeds = characteristic_speeds(viscous(), {gamma * V * n, {}, 0.0}, n);
  for (const double c :
       {-std::sqrt(sound_squared), -std::sqrt(shear_squared), 0.0, std::sqrt(shear_squared), std::sqrt(sound_squared)})
    EXPECT_LT(distance((c + V) / (1 + c * V), speeds), 1e-7) << c;
}

TEST(Characteristics, AcrossTheFlowFrontsLieOnTheirCones) {
  const Vec3 u{0.6, -0.4, 0.9}, n = normalised({0.3, 0.9, 0.2});
  int on_a_cone = 0;
  for (const Complex& v : characteristic_speeds(viscous(), {u, {}, 0.0}, n)) {
    const Complex omega = std::sqrt(1 + dot(u, u)) * v - dot(u, n);  // in the frame of the fluid
    const Complex k_squared = 1.0 - v * v + omega * omega;
    for (const double c_squared : {shear_squared, sound_squared})
      on_a_cone += std::abs(omega * omega - c_squared * k_squared) < 1e-6;
    on_a_cone += std::abs(omega) < 1e-6;
  }
  EXPECT_EQ(on_a_cone, 10);
}

TEST(Characteristics, UnknownsFollowTheFluid) {
  EXPECT_EQ(characteristic_speeds(equations_of(fluid_with(0, 5, 0)), {}, {1, 0, 0}).size(), 4u);
  EXPECT_EQ(characteristic_speeds(equations_of(fluid_with(0, 5, 0.05)), {}, {1, 0, 0}).size(), 5u);
  EXPECT_EQ(characteristic_speeds(equations_of(fluid_with(0.2, 5, 0)), {}, {1, 0, 0}).size(), 9u);
}

TEST(Characteristics, TheAcausalFluidIsCalledSo) {
  const PointEquations acausal = equations_of(fluid_with(0.2, 1, 0));
  const FastestFront front = fastest_front(acausal, {});
  EXPECT_FALSE(front.causal());
  EXPECT_NEAR(front.speed, std::sqrt(5.0 / 3.0), 1e-7);
  EXPECT_TRUE(fastest_front(viscous(), {}).causal());
  // Slower than light at a limit of exactly 1.
  EXPECT_TRUE(fastest_front(equations_of(fluid_with(0.2, 2, 0)), {}).causal());
  EXPECT_FALSE(fastest_front(equations_of(fluid_with(0.2, 1.99, 0)), {}).causal());
}

TEST(Characteristics, SourcesAreNotAmongThem) {
  const FlowState state = state_of({0.3, -0.8, 0.4}, {0.05, 0.02, -0.03, 0.01, 0.04}, -0.1);
  PointEquations changed = viscous();
  changed.fluid.phi7 = 3.0;
  changed.fluid.shear_rate *= 7;
  changed.fluid.bulk_rate *= 5;
  const Vec3 n = normalised({1, 2, 3});
  const SquareMatrix<double> a = principal_symbol(viscous(), state, n), b = principal_symbol(changed, state, n);
  for (std::size_t i = 0; i < a.values.size(); ++i) EXPECT_NEAR(a.values[i], b.values[i], 1e-13);
}

/// Random numbers in a given order.
class Dice {
 public:
  double operator()(double size) { return size * (2.0 * random_uniforms(11, {m_next++}).first - 1.0); }
  Vec3 vector(double size) { return {(*this)(size), (*this)(size), (*this)(size)}; }
  Sym3 tensor(double size) { return {(*this)(size), (*this)(size), (*this)(size), (*this)(size), (*this)(size), 0}; }

 private:
  std::uint64_t m_next = 0;
};

TEST(Characteristics, ARotatedStateHasTheSameSpeeds) {
  Dice dice;
  for (const bool vorticity : {false, true}) {
    const PointEquations equations = equations_of(fluid_with(0.16, 5, 0.05), vorticity);
    const FlowState a = state_of(dice.vector(0.7), dice.tensor(0.1), 0.05);
    const Vec3 n = normalised(dice.vector(1.0));
    // x -> y -> z -> x
    const FlowState b{{a.u.z, a.u.x, a.u.y}, {a.pi.zz, a.pi.xz, a.pi.yz, a.pi.xx, a.pi.xy, a.pi.yy}, a.bulk};
    const std::vector<Complex> of_b = characteristic_speeds(equations, b, {n.z, n.x, n.y});
    for (const Complex& v : characteristic_speeds(equations, a, n)) EXPECT_LT(distance(v, of_b), 1e-6);
  }
}

TEST(Characteristics, FrontsOfStressedMatterTransformAsCovectors) {
  Dice dice;
  for (int trial = 0; trial < 20; ++trial) {
    const PointEquations equations = equations_of(fluid_with(0.16, 5, 0.05), trial % 2 == 0);
    const FlowState moving = state_of(dice.vector(0.8), dice.tensor(0.08), dice(0.1));
    const Vec3 &u = moving.u, n = normalised(dice.vector(1.0));
    const double gamma = std::sqrt(1 + dot(u, u));
    const FlowState rest{{}, rest_frame_stress(moving.pi, u, kinematics(u)), moving.bulk};
    for (const Complex& v : characteristic_speeds(equations, moving, n)) {
      ASSERT_LT(std::abs(v.imag()), 1e-5);
      const double omega = gamma * v.real() - dot(u, n);
      const Vec3 k = n + (dot(u, n) / (1 + gamma) - v.real()) * u;
      const double length = std::sqrt(dot(k, k));
      EXPECT_LT(distance(omega / length, characteristic_speeds(equations, rest, (1 / length) * k)), 1e-5);
    }
  }
}

TEST(Characteristics, LargeStressesMakeMatterAcausal) {
  const PointEquations equations = viscous();
  EXPECT_TRUE(fastest_front(equations, state_of({}, {0.1, 0, 0, -0.05, 0}, 0)).causal());
  const FastestFront stretched = fastest_front(equations, state_of({}, {0.4, 0, 0, -0.2, 0}, 0));
  EXPECT_FALSE(stretched.causal());
  EXPECT_GT(stretched.speed, 1.0);
  // Against its high pressure signals along the third axis are the fastest.
  EXPECT_NEAR(stretched.direction.z, 1.0, 1e-12);
  EXPECT_FALSE(fastest_front(equations, state_of({0.5, 1.0, -2.0}, {1.2, 0, 0, -0.2, 0}, 0)).causal());
  const FastestFront cavitating = fastest_front(equations, {{}, {}, -0.75});
  EXPECT_FALSE(cavitating.causal());
  const FastestFront squeezed = fastest_front(equations, state_of({}, {-0.5, 0, 0, 0.25, 0}, 0));
  EXPECT_GT(squeezed.growth, 0.1) << "v^2 < 0: not even hyperbolic";
}

TEST(PrincipalStresses, AreEigenvaluesAtRest) {
  Dice dice;
  for (int trial = 0; trial < 50; ++trial) {
    const Vec3 u = dice.vector(2.0);
    const FlowState state = state_of(u, dice.tensor(0.3), 0);
    const Sym3 rest = rest_frame_stress(state.pi, u, kinematics(u));
    EXPECT_NEAR(trace(rest), 0, 1e-14);
    const PrincipalStresses p = principal_stresses(rest);
    EXPECT_LE(p.low, p.middle);
    EXPECT_LE(p.middle, p.high);
    for (const double value : {p.low, p.middle, p.high})
      EXPECT_NEAR(determinant(rest - value * Sym3{1, 0, 0, 1, 0, 1}), 0, 1e-14);
    EXPECT_NEAR(p.low * p.low + p.middle * p.middle + p.high * p.high,
                shear_square(state.pi, project(state.pi, kinematics(u).v)), 1e-13);
  }
  EXPECT_EQ(principal_stresses({}).high, 0.0);
}

}  // namespace
}  // namespace ister::tests
