#include "physics/nonlinear_causality.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/random.hpp"
#include "physics/characteristics.hpp"

// The conditions on the principal axes against the principal symbol in all directions.
namespace ister::tests {
namespace {

using namespace physics;

class Dice {
 public:
  double uniform(double low, double high) { return low + (high - low) * random_uniforms(5, {m_next++}).first; }

 private:
  std::uint64_t m_next = 0;
};

struct Sample {
  PointEquations equations;
  PrincipalStresses stress;
  double bulk = 0;

  [[nodiscard]] FlowState state() const { return {{}, {stress.low, 0, 0, stress.middle, 0, stress.high}, bulk}; }
  [[nodiscard]] AxisFronts fronts() const { return {ShearBulkStress{}, equations.fluid, bulk}; }
};

Sample random_sample(Dice& dice) {
  Sample s;
  FluidPoint& f = s.equations.fluid;
  f = {};
  f.sound_speed_squared = dice.uniform(0.1, 0.34);
  f.shear_stiffness = dice.uniform(0.05, 0.3);
  f.delta_pipi = dice.uniform(0.0, 1.4);
  f.tau_pipi = dice.uniform(0.0, 3.0);
  f.lambda_pibulk = dice.uniform(0.0, 2.0);
  f.bulk_stiffness = dice.uniform(0.0, 0.2);
  f.delta_bulkbulk = dice.uniform(0.0, 1.0);
  f.lambda_bulkpi = dice.uniform(0.0, 0.5);
  const double size = dice.uniform(0.0, 0.4), angle = dice.uniform(0.0, 7.0);
  double l[] = {size * std::cos(angle), size * std::cos(angle + 2 * M_PI / 3), size * std::cos(angle + 4 * M_PI / 3)};
  std::sort(l, l + 3);
  s.stress = {l[0], l[1], l[2]};
  s.bulk = dice.uniform(-0.3, 0.3);
  return s;
}

TEST(AxisFronts, ViolationsAreSeenByThePrincipalSymbol) {
  Dice dice;
  int on_axes = 0, anywhere = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    const Sample s = random_sample(dice);
    const bool axes = s.fronts().causal(s.stress), all = fastest_front(s.equations, s.state()).causal();
    EXPECT_FALSE(all && !axes) << "the conditions are necessary";
    on_axes += !axes;
    anywhere += !all;
  }
  EXPECT_GT(on_axes, 500);
  EXPECT_LT(on_axes, 2500);
  EXPECT_LT(anywhere - on_axes, 0.12 * anywhere) << "and miss little";
}

TEST(AxisFronts, AreTheEigenvaluesAlongAnAxis) {
  Dice dice;
  const auto agrees = [](const Sample& s) {
    bool symbol = true;
    for (const Vec3& axis : {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}})
      symbol = symbol && fastest_of(characteristic_speeds(s.equations, s.state(), axis)).causal();
    return symbol == s.fronts().causal(s.stress);
  };
  for (int trial = 0; trial < 3000; ++trial) EXPECT_TRUE(agrees(random_sample(dice)));
}

TEST(AxisFronts, ABoundOnTheStressIsOnTheSafeSide) {
  Dice dice;
  int bounded = 0;
  for (int trial = 0; trial < 3000; ++trial) {
    const Sample s = random_sample(dice);
    const PrincipalStresses& p = s.stress;
    const bool by_size = s.fronts().causal_up_to(p.low * p.low + p.middle * p.middle + p.high * p.high);
    EXPECT_FALSE(by_size && !s.fronts().causal(p));
    bounded += by_size;
  }
  EXPECT_GT(bounded, 300);
}

/// (4a) of arXiv:2005.11632, 2 eta/tau_pi + lambda_piPi Pi >= tau_pipi |Lambda_1|/2, is the condition across an axis
/// with Lambda_a = 0, the eigenvalue that belongs to u: of components of pi that orthogonality leaves no freedom.
TEST(AxisFronts, NothingIsAskedOfComponentsAlongTheFlow) {
  Sample s;
  s.equations.fluid = {};
  s.equations.fluid.sound_speed_squared = 1.0 / 3.0;
  s.equations.fluid.shear_stiffness = 0.2;
  s.equations.fluid.tau_pipi = 5.0;
  s.stress = {-0.18, 0.09, 0.09};
  ASSERT_LT(2 * 0.2 - 0.5 * 5.0 * 0.18, 0) << "violates (4a)";
  EXPECT_TRUE(fastest_front(s.equations, s.state()).causal());
  EXPECT_TRUE(s.fronts().causal(s.stress));
}

TEST(AxisFronts, WithoutStressesTheyAreLinearTheory) {
  FluidPoint f{};
  f.sound_speed_squared = 1.0 / 3.0;
  for (const double excess : {-1e-6, 1e-6}) {
    f.shear_stiffness = 0.5 + excess;
    EXPECT_EQ(AxisFronts(ShearStress{}, f, 0).causal({}), excess < 0);
    EXPECT_TRUE(AxisFronts(IdealStress{}, f, 0).causal({}));
    f.bulk_stiffness = 2.0 / 3.0 + excess;
    EXPECT_EQ(AxisFronts(BulkStress{}, f, 0).causal({}), excess < 0);
  }
}

}  // namespace
}  // namespace ister::tests
