#include "physics/primitive_recovery.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/random.hpp"
#include "physics/fluid_model.hpp"
#include "tests/physics/flow_cases.hpp"

namespace ister::tests {
namespace {

// T^{0m} -> (e, u) and back.

struct RecoveryCase {
  physics::ConservedPoint conserved;
  double log_e = 0;
  Vec3 u;
};

template <class Fluid>
RecoveryCase recovery_case(const Fluid& fluid, double e, const Vec3& u, double stress, int seed) {
  using physics::ShearBulkStress;
  auto value = [&, next = std::uint64_t{0}]() mutable {
    return 2.0 * random_uniforms(static_cast<std::uint64_t>(seed), {next++}).first - 1.0;
  };
  RecoveryCase c;
  c.log_e = std::log(e);
  c.u = u;
  const double ratio = fluid.eos(c.log_e).pressure_over_energy, w = e * (1.0 + ratio);
  physics::FlowState s;
  s.u = u;
  // A stress of that size in the rest frame, boosted: pi^{ij} += (pi.u) u/(1 + g) ... as the frame moves.
  const double xx = value(), yy = value();
  const Sym3 rest = stress * Sym3{xx, value(), value(), yy, value(), -xx - yy};
  const double g = std::sqrt(1.0 + dot(u, u)), k = 1.0 / (1.0 + g);
  const Vec3 ru = rest * u;
  s.pi = rest + k * symmetric_product(ru, u) + (k * k * dot(u, ru)) * square(u);
  s.bulk = stress * value();
  const physics::Kinematics kinematics = physics::kinematics(u);
  const physics::StressTensor t = physics::stress_tensor<ShearBulkStress>(ratio / (1.0 + ratio), s, kinematics);
  c.conserved = {w * t.energy, w * t.momentum, w * s.pi, w * s.bulk};
  return c;
}

physics::FluidModel hotqcd() {
  physics::EosOptions eos;
  eos.type = "hotqcd";
  return {eos, {}};
}

TEST(PrimitiveRecovery, FindsTheStateFromItsNeighbourhood) {
  const physics::FluidModel models[] = {physics::FluidModel({}, {}), hotqcd()};
  for (const physics::FluidModel& model : models)
    for (const double e : {1e-8, 0.1, 300.0})
      for (const double speed : {0.0, 0.3, 3.0, 30.0, 300.0})
        for (const double stress : {0.0, 0.05, 0.2})
          for (int seed = 0; seed < 5; ++seed) {
            const Vec3 u = speed * Vec3{0.8, seed % 2 == 0 ? 0.36 : -0.36, seed % 3 == 0 ? 0.48 : -0.48};
            model.visit(
                [&](const auto& fluid) {
                  const RecoveryCase c = recovery_case(fluid, e, u, stress, seed);
                  physics::RecoveredPoint r{c.log_e + 0.05, 0.97 * u + Vec3{0.02, -0.01, 0.03}, 0.0};
                  for (int step = 0; step < 12; ++step)
                    physics::recovery_step<physics::ShearBulkStress>(fluid, c.conserved, r);
                  // T^{00} hides e behind the square of the Lorentz factor.
                  const double lost = 1e-14 * (1.0 + speed * speed);
                  EXPECT_LE(r.residual, 1e-13);
                  EXPECT_NEAR(r.log_e, c.log_e, lost) << e << ' ' << speed << ' ' << stress;
                  EXPECT_NEAR(r.u.x, u.x, lost * (1.0 + speed));
                  EXPECT_NEAR(r.u.y, u.y, lost * (1.0 + speed));
                  EXPECT_NEAR(r.u.z, u.z, lost * (1.0 + speed));
                },
                model.table().data());
          }
}

/// A conservative run handed another state than the one it last knew, with nothing but T^{0m} and the stresses.
TEST(PrimitiveRecovery, FindsStatesFarFromTheLastOne) {
  solvers::SolverOptions options = full_fluid(physics::Geometry::minkowski, solvers::Formulation::conservative);
  options.time.step = 1e-4;
  const core::Grid grid = make_grid({16, 15}, {-4.0, -4.0}, {4.0, 4.0});
  Flow one(grid, options), other(grid, options);
  RandomState::Amplitudes calm, wild;
  wild.log_energy = 3.0;
  wild.flow = 2.0;
  one.start(RandomState(grid, one.fluid(), 1, calm));
  other.start(RandomState(grid, other.fluid(), 2, wild));
  ASSERT_GE(other.diagnostics().u_max, 3.0);
  ASSERT_GE(other.diagnostics().e_max / other.diagnostics().e_min, 1e3);

  std::vector<double> values(static_cast<std::size_t>(grid.total_points()));
  const auto from = other.system().checkpoint_fields(), to = one.system().checkpoint_fields();
  ASSERT_EQ(from.size(), to.size());
  for (std::size_t f = 0; f < from.size(); ++f) {
    if (from[f].name.rfind("recovered", 0) == 0) continue;  // the guess stays that of the calm state
    from[f].copy_out(values.data());
    to[f].copy_in(values.data());
  }
  one.system().restored(other.system().checkpoint_numbers());
  for (Flow* flow : {&one, &other}) flow->system().step(1.0);
  const Fields found = one.fields(), expected = other.fields();
  for (const auto& [name, reference] : expected)
    EXPECT_LE(deviation(found.at(name), reference, scale_of(name, expected)), 1e-10) << name;
}

}  // namespace
}  // namespace ister::tests
