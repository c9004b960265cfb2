#include "physics/landau_matching.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "core/base/random.hpp"

// T^{mn} made of a fluid, in more digits than a double's, and the fluid found in it.
namespace ister::tests {
namespace {

using physics::above_floor;
using physics::landau_matching;
using physics::LandauFluid;
using physics::StressTensor;

using Real = long double;
using Vector = std::array<Real, 4>;
using Matrix = std::array<Vector, 4>;

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : m_seed(seed) {}
  double uniform(double low, double high) { return low + (high - low) * random_uniforms(m_seed, {m_next++}).first; }
  Vec3 direction() {
    const double cosine = uniform(-1, 1), phi = uniform(-M_PI, M_PI), sine = std::sqrt(1 - cosine * cosine);
    return {sine * std::cos(phi), sine * std::sin(phi), cosine};
  }

 private:
  std::uint64_t m_seed, m_next = 0;
};

/// Takes vectors at rest to where rest moves with u.
Matrix boost(const Vec3& u) {
  const Vector v = {std::sqrt(1 + Real{u.x} * u.x + Real{u.y} * u.y + Real{u.z} * u.z), u.x, u.y, u.z};
  Matrix b{};
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j) b[i][j] = i == 0 ? v[j] : j == 0 ? v[i] : (i == j ? 1 : 0) + v[i] * v[j] / (1 + v[0]);
  return b;
}

Matrix boosted(const Matrix& b, const Matrix& t) {
  Matrix result{};
  for (int i = 0; i < 4; ++i)
    for (int j = 0; j < 4; ++j)
      for (int k = 0; k < 4; ++k)
        for (int l = 0; l < 4; ++l) result[i][j] += b[i][k] * t[k][l] * b[j][l];
  return result;
}

Matrix at_rest(double energy, const Sym3& s) {
  return {{{energy, 0, 0, 0}, {0, s.xx, s.xy, s.xz}, {0, s.xy, s.yy, s.yz}, {0, s.xz, s.yz, s.zz}}};
}

StressTensor rounded(const Matrix& t) {
  const auto at = [&](int i, int j) { return static_cast<double>(t[i][j]); };
  return {at(0, 0), {at(0, 1), at(0, 2), at(0, 3)}, {at(1, 1), at(1, 2), at(1, 3), at(2, 2), at(2, 3), at(3, 3)}};
}

double size(const Vec3& a) { return std::sqrt(dot(a, a)); }
double size(const Sym3& a) { return std::sqrt(contract(a, a)); }

/// A fluid as it is and as its T^{mn} tells it.
struct MatchingCase {
  LandauFluid made;
  StressTensor t;
  double lorentz_factor = 1;
};

MatchingCase random_case(Dice& dice, double speed) {
  const double e = std::exp(dice.uniform(-30, 10)), pressure = e * dice.uniform(-0.1, 0.6), stress = 0.3 * e;
  const double xx = stress * dice.uniform(-1, 1), yy = stress * dice.uniform(-1, 1);
  const auto shear = [&] { return stress * dice.uniform(-0.5, 0.5); };
  const Sym3 rest = {xx, shear(), shear(), yy, shear(), -xx - yy};
  MatchingCase c;
  c.made = {e, speed * dice.direction(), pressure, {}};
  const Matrix b = boost(c.made.u);
  c.made.pi = rounded(boosted(b, at_rest(0, rest))).stress;
  c.t = rounded(boosted(b, at_rest(e, rest + Sym3{pressure, 0, 0, pressure, 0, pressure})));
  c.lorentz_factor = std::sqrt(1 + speed * speed);
  return c;
}

TEST(LandauMatching, FindsTheFluidAsWellAsItsTensorIsKnown) {
  Dice dice(1);
  for (const double speed : {0.0, 1e-9, 0.1, 1.0, 10.0, 100.0, 1000.0, 3000.0})
    for (int trial = 0; trial < 500; ++trial) {
      const MatchingCase c = random_case(dice, speed);
      const auto found = landau_matching(c.t);
      ASSERT_TRUE(found) << speed;
      const double g = c.lorentz_factor, e = c.made.energy_density, lost = 1e-14 * std::pow(g, 4);
      EXPECT_NEAR(found->energy_density, e, lost * e) << speed;
      EXPECT_NEAR(found->pressure, c.made.pressure, lost * e) << speed;
      EXPECT_LE(size(found->u - c.made.u), lost * g) << speed;
      EXPECT_LE(size(found->pi - c.made.pi), lost * e * g * g) << speed;
    }
}

TEST(LandauMatching, OfMatterAtRestIsExact) {
  const Sym3 stress = {0.25, 0.0625, -0.125, 0.5, 0.03125, 0.75};
  const auto found = landau_matching({1.5, {}, stress});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->energy_density, 1.5);
  EXPECT_EQ(found->pressure, 0.5);
  EXPECT_EQ(size(found->u), 0);
  EXPECT_EQ(size(found->pi - (stress - Sym3{0.5, 0, 0, 0.5, 0, 0.5})), 0);
  const auto dust = landau_matching({3.0, {}, {}});
  ASSERT_TRUE(dust);
  EXPECT_EQ(dust->energy_density, 3.0);
  EXPECT_EQ(dust->pressure, 0);
}

/// The vacuum's energy is small, its fluid none the less as well known; units do not matter.
TEST(LandauMatching, DoesNotKnowUnits) {
  Dice dice(2);
  for (int trial = 0; trial < 100; ++trial) {
    const StressTensor t = random_case(dice, 2.0).t;
    const auto one = landau_matching(t);
    ASSERT_TRUE(one);
    for (const double unit : {0x1p-900, 0x1p500}) {
      const auto other = landau_matching({unit * t.energy, unit * t.momentum, unit * t.stress});
      ASSERT_TRUE(other);
      EXPECT_EQ(other->energy_density, unit * one->energy_density);
      EXPECT_EQ(size(other->u - one->u), 0);
      EXPECT_EQ(other->pi.xy, unit * one->pi.xy);
    }
  }
}

StressTensor beam(double energy, const Vec3& n) { return {energy, energy * n, energy * square(n)}; }
StressTensor sum(const StressTensor& a, const StressTensor& b) {
  return {a.energy + b.energy, a.momentum + b.momentum, a.stress + b.stress};
}

TEST(LandauMatching, NobodyMovesWithABeamOfLight) {
  Dice dice(3);
  EXPECT_FALSE(landau_matching(beam(1, {1, 0, 0})));
  for (int trial = 0; trial < 20000; ++trial) EXPECT_FALSE(landau_matching(beam(dice.uniform(0, 9), dice.direction())));
}

/// Two beams A n and B m: u ~ sqrt(A) n + sqrt(B) m, e = sqrt(A B) (1 - cos), no trace, and vacuum across their plane.
TEST(LandauMatching, TwoBeamsMeetInTheMiddle) {
  Dice dice(4);
  for (int trial = 0; trial < 1000; ++trial) {
    const double a = std::exp(dice.uniform(-6, 6)), b = std::exp(dice.uniform(-6, 6));
    const Vec3 n = dice.direction(), m = dice.direction();
    const auto found = landau_matching(sum(beam(a, n), beam(b, m)));
    ASSERT_TRUE(found);
    const double e = std::sqrt(a * b) * (1 - dot(n, m)), g = (std::sqrt(a) + std::sqrt(b)) / std::sqrt(2 * e);
    const Vec3 u = (1 / std::sqrt(2 * e)) * (std::sqrt(a) * n + std::sqrt(b) * m);
    const double lost = 1e-14 * std::pow(g, 4);
    EXPECT_NEAR(found->energy_density, e, lost * e);
    EXPECT_LE(size(found->u - u), lost * g);
    EXPECT_NEAR(found->pressure, e / 3, lost * e);
  }
}

TEST(LandauMatching, SaysWhenThereIsNoFluid) {
  const Sym3 one = {1, 0, 0, 1, 0, 1};
  EXPECT_FALSE(landau_matching({})) << "vacuum";
  EXPECT_FALSE(landau_matching({-1, {}, {}})) << "negative energy";
  EXPECT_FALSE(landau_matching({1, {2, 0, 0}, one})) << "more momentum than energy";
  EXPECT_FALSE(landau_matching({1, {0, 1.01, 0}, one})) << "eigenvalues e = +-0.14 i";
  EXPECT_FALSE(landau_matching({1, {}, -1.0 * one})) << "every frame alike";
  EXPECT_FALSE(landau_matching({1, {}, -2.0 * one})) << "negative energy for who moves";
  EXPECT_TRUE(landau_matching({1, {0, 0.99, 0}, one}));
  EXPECT_FALSE(landau_matching({1, {0, 0.4, 0}, {1, 0, 0, -0.3, 0, 1}})) << "complex: 0.4 > (1 - 0.3)/2";
  EXPECT_TRUE(landau_matching({1, {0, 0.3, 0}, {1, 0, 0, -0.3, 0, 1}}));
}

TEST(LandauMatching, AboveAFloorEmptySpaceIsMatterAtRest) {
  const double floor = 1e-4;
  const auto vacuum = landau_matching(above_floor({}, floor));
  ASSERT_TRUE(vacuum);
  EXPECT_EQ(vacuum->energy_density, floor);
  EXPECT_EQ(size(vacuum->u), 0);
  EXPECT_NEAR(vacuum->pressure, floor / 3, 1e-18);
  const StressTensor ringing = {-floor / 7, {0.02 * floor, 0, 0}, {0.1 * floor, 0, 0, -0.1 * floor, 0, 0}};
  ASSERT_FALSE(landau_matching(ringing));
  const auto calm = landau_matching(above_floor(ringing, floor));
  ASSERT_TRUE(calm);
  EXPECT_NEAR(calm->energy_density, 0.93 * floor, 0.01 * floor);
  EXPECT_LT(size(calm->u), 0.05);
  EXPECT_TRUE(landau_matching(above_floor(beam(1, {0.6, 0, 0.8}), floor)));
  EXPECT_EQ(above_floor({-1, {}, {}}, 1e-9).energy, 0) << "what is far below zero stays nothing";
  Dice dice(6);
  for (int trial = 0; trial < 100; ++trial) {
    const StressTensor dense = random_case(dice, 1.0).t, more = above_floor(dense, 1e-3 * dense.energy);
    EXPECT_NEAR(more.energy * (more.energy - dense.energy), std::pow(1e-3 * dense.energy, 2),
                1e-14 * dense.energy * dense.energy);
    EXPECT_NEAR(more.stress.yy - dense.stress.yy, (more.energy - dense.energy) / 3, 1e-15 * more.energy);
    EXPECT_EQ(above_floor(dense, 1e-9 * dense.energy).energy, dense.energy);
  }
}

TEST(LandauMatching, FindsNothingInNumbersThatAreNone) {
  const StressTensor good = {1, {0.1, 0.2, 0.3}, {0.3, 0.01, 0.02, 0.3, 0.03, 0.3}};
  ASSERT_TRUE(landau_matching(good));
  for (const double bad : {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
    for (const double sign : {1.0, -1.0})
      for (int c = 0; c < 10; ++c) {
        StressTensor t = good;
        double* const numbers[] = {&t.energy,    &t.momentum.x, &t.momentum.y, &t.momentum.z, &t.stress.xx,
                                   &t.stress.xy, &t.stress.xz,  &t.stress.yy,  &t.stress.yz,  &t.stress.zz};
        *numbers[c] = sign * bad;
        EXPECT_FALSE(landau_matching(t)) << c << ' ' << sign * bad;
      }
}

/// From 5000 on the tensor of matter is that of a beam, in doubles: whatever is said is right to a factor, or nothing.
TEST(LandauMatching, AtTheSpeedOfLightIsRightOrSilent) {
  Dice dice(5);
  for (const double speed : {4e3, 1e4, 1e5, 1e7})
    for (int trial = 0; trial < 2000; ++trial) {
      const MatchingCase c = random_case(dice, speed);
      const auto found = landau_matching(c.t);
      if (!found) continue;
      EXPECT_LT(speed, 2e4);
      EXPECT_LT(std::abs(std::log(found->energy_density / c.made.energy_density)), 2.0) << speed;
    }
}

}  // namespace
}  // namespace ister::tests
