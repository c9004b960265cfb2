#include <fmt/format.h>
#include <gtest/gtest.h>

#include "physics/steady_shock.hpp"
#include "tests/physics/flow_cases.hpp"

// The steady viscous shock, an exact nonlinear solution: at rest in its own frame, moving rigidly in the frame of the
// upstream matter. The box closes it smoothly far away; compared is where no signal from there has arrived.
namespace ister::tests {
namespace {

using solvers::Formulation;

constexpr double half_length = 40.0, exact_within = 28.0;  // fm
constexpr double upstream_velocity = 0.68;

class SteadyShockRun : public testing::TestWithParam<Formulation> {
 protected:
  std::unique_ptr<Flow> run(double frame_velocity, double time) const {
    solvers::SolverOptions options;
    options.formulation = GetParam();
    options.transport.eta_over_s.value = 0.1;
    options.filter.type = solvers::FilterOptions::Type::none;
    options.time.step = 0.04;
    const solvers::InitialOptions initial{"steady_shock",
                                          {{"temperature", 1.0},
                                           {"upstream_velocity", upstream_velocity},
                                           {"frame_velocity", frame_velocity},
                                           {"blend_radius", exact_within}}};
    auto flow = std::make_unique<Flow>(make_grid({512}, {-half_length}, {half_length}), options);
    flow->start(initial);
    flow->run_to(time);
    return flow;
  }

  /// The largest deviation from the exact profile at the time of the flow, over all fields.
  static double deviation_from_exact(Flow& flow, double frame_velocity) {
    const double time = flow.system().time();
    const physics::ConformalFluid fluid = {std::exp(flow.fluid().log_e_of_temperature(1.0)), 0.1};
    const physics::SteadyShock shock(fluid, upstream_velocity, 1.0, 100.0);
    const Fields all = flow.fields();
    Fields result, exact;
    for (int i = 0; i < 512; ++i) {
      const double x = flow.decomposition().grid().coordinate(0, i);
      if (std::fabs(x) > exact_within - time - 1.0) continue;
      const physics::SteadyShock::Point p = shock.boosted(x + frame_velocity * time, frame_velocity);
      const double g2 = 1.0 / (1.0 - p.velocity * p.velocity);
      exact["energy_density"].push_back(p.energy_density);
      exact["ux"].push_back(std::sqrt(g2) * p.velocity);
      exact["uy"].push_back(0.0);
      exact["pixx"].push_back(g2 * p.shear);
      exact["pixy"].push_back(0.0);
      exact["piyy"].push_back(-0.5 * p.shear);
      exact["pizz"].push_back(-0.5 * p.shear);
      for (const auto& [name, values] : exact) result[name].push_back(all.at(name)[static_cast<std::size_t>(i)]);
    }
    EXPECT_GE(exact["ux"].size(), 200u);
    double worst = 0.0;
    for (const auto& [name, values] : exact)
      worst = std::max(worst, deviation(result[name], values, scale_of(name, exact)));
    fmt::print("largest deviation {:.1e}\n", worst);
    return worst;
  }
};

TEST_P(SteadyShockRun, StaysWhereItIsInItsRestFrame) {
  const auto flow = run(0.0, 10.0);
  EXPECT_LE(deviation_from_exact(*flow, 0.0), 1e-6);
}

TEST_P(SteadyShockRun, MovesRigidlyInTheFrameOfTheUpstreamMatter) {
  const auto flow = run(upstream_velocity, 10.0);
  // It has gone 6.8 fm to the left; comparing with where it was would fail by far.
  EXPECT_LE(deviation_from_exact(*flow, upstream_velocity), 1e-6);
  EXPECT_GE(deviation_from_exact(*flow, 0.99 * upstream_velocity), 1e-3);
}

INSTANTIATE_TEST_SUITE_P(Formulations, SteadyShockRun,
                         testing::Values(Formulation::primitive, Formulation::conservative), [](const auto& info) {
                           return info.param == Formulation::primitive ? "primitive" : "conservative";
                         });

}  // namespace
}  // namespace ister::tests
