#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/physics/flow_cases.hpp"
#include "tests/ways_to_cut.hpp"

// Runs give the same result on any number of ranks, to rounding: each is made on all ranks together and, with the same
// options, by every rank alone.
namespace ister::tests {
namespace {

using solvers::Formulation;
constexpr physics::Geometry minkowski = physics::Geometry::minkowski, milne = physics::Geometry::milne;
constexpr Formulation primitive = Formulation::primitive, conservative = Formulation::conservative;

struct InvarianceCase {
  std::vector<int> points;
  physics::Geometry geometry;
  Formulation formulation;
  const char* integrator;
};

std::vector<InvarianceCase> cases() {
  return {{{8}, minkowski, conservative, "rk4"},        {{9}, milne, primitive, "rk4"},
          {{9}, minkowski, conservative, "ars443"},     {{9}, minkowski, primitive, "dp54"},
          {{8, 8}, milne, conservative, "rk4"},         {{13, 10}, minkowski, conservative, "dp54"},
          {{13, 10}, milne, primitive, "ars443"},       {{33, 9}, minkowski, primitive, "rk4"},
          {{12, 9, 11}, milne, conservative, "ars443"}, {{12, 9, 11}, minkowski, primitive, "rk4"},
          {{9, 12, 10}, milne, primitive, "dp54"}};
}

std::string name_of(const testing::TestParamInfo<InvarianceCase>& info) {
  std::string name;
  for (const int n : info.param.points) name += (name.empty() ? "" : "x") + std::to_string(n);
  return name + (info.param.geometry == milne ? "_milne_" : "_minkowski_") +
         (info.param.formulation == primitive ? "primitive_" : "conservative_") + info.param.integrator;
}

solvers::SolverOptions options_of(const InvarianceCase& c) {
  solvers::SolverOptions options = full_fluid(c.geometry, c.formulation);
  options.transport.phi7 = options.transport.vorticity = true;
  options.filter.type = solvers::FilterOptions::Type::exponential;
  options.filter.order = 8.0;
  if (c.formulation == primitive) options.stabilizer = {0.002, 2, 0.1, 0.0};
  options.sponge.width = 1.0;
  options.sponge.energy_density = 5.0;
  options.floor.energy_density = 1.0;
  options.time.integrator = c.integrator;
  if (options.time.integrator == "dp54")
    options.time.tolerance = 1e-8;
  else
    options.time.cfl = 0.3;
  return options;
}

/// This rank's part of a field of the whole box.
std::vector<double> part_of(const std::vector<double>& whole, const core::Decomposition& decomposition) {
  const core::Grid& grid = decomposition.grid();
  std::vector<double> part;
  for_each_index(decomposition.box(), [&](std::int64_t x, std::int64_t y, std::int64_t z) {
    part.push_back(whole.at(static_cast<std::size_t>((z * grid.points[1] + y) * grid.points[0] + x)));
  });
  return part;
}

class Invariance : public testing::TestWithParam<InvarianceCase> {};

TEST_P(Invariance, AnyNumberOfRanksGivesTheSameResult) {
  const std::size_t n = GetParam().points.size();
  const core::Grid grid = make_grid(GetParam().points, std::vector<double>(n, -3.0), std::vector<double>(n, 3.0));
  const solvers::SolverOptions options = options_of(GetParam());
  Flow together(grid, options, MPI_COMM_WORLD), alone(grid, options);
  const RandomState state(grid, alone.fluid(), 4, {});
  const double end = options.time.start + 0.5;
  for (Flow* flow : {&together, &alone}) {
    flow->start(state);
    flow->run_to(end);
  }
  ASSERT_GE(alone.system().step_count(), 3);
  EXPECT_EQ(together.system().step_count(), alone.system().step_count());

  const Fields reference = alone.fields();
  double worst = 0.0;
  for (const auto& [name, values] : together.fields()) {
    const double apart =
        deviation(values, part_of(reference.at(name), together.decomposition()), scale_of(name, reference));
    EXPECT_LE(apart, 1e-12) << name;
    worst = std::max(worst, apart);
  }
  fmt::print("rank {}: largest difference from one rank {:.1e}\n", together.decomposition().rank(), worst);

  const solvers::Diagnostics &a = together.diagnostics(), &b = alone.diagnostics();
  const std::pair<double, double> pairs[] = {
      {a.energy, b.energy},
      {a.momentum_x, b.momentum_x},
      {a.momentum_y, b.momentum_y},
      {a.momentum_z, b.momentum_z},
      {a.e_max, b.e_max},
      {a.e_min, b.e_min},
      {a.u_max, b.u_max},
      {a.pi_ratio_max, b.pi_ratio_max},
      {together.system().capped_share(), alone.system().capped_share()},
      {together.system().stabilizer_points(), alone.system().stabilizer_points()},
      {together.system().sponge_energy(), alone.system().sponge_energy()},
      {together.system().floor_energy(), alone.system().floor_energy()}};
  for (const auto& [many, one] : pairs) EXPECT_NEAR(many, one, 1e-12 * std::max(1.0, b.energy));
  EXPECT_NEAR(together.system().balance(), alone.system().balance(), 1e-12);
  if (n > 1) {
    EXPECT_NEAR(a.eps_p, b.eps_p, 1e-12);
    EXPECT_NEAR(a.mean_radial_flow, b.mean_radial_flow, 1e-12);
    EXPECT_NEAR(a.mean_T, b.mean_T, 1e-12);
    EXPECT_NEAR(a.hot_area, b.hot_area, 1e-10);
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, Invariance, testing::ValuesIn(cases()), name_of);

}  // namespace
}  // namespace ister::tests
