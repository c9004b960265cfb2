#include <fmt/format.h>
#include <gtest/gtest.h>

#include "tests/physics/flow_cases.hpp"

// What does not depend on eta evolves in 3-D as it does in 2-D, where eta is not resolved.
namespace ister::tests {
namespace {

using solvers::Formulation;

class BoostInvariance : public testing::TestWithParam<std::tuple<physics::Geometry, Formulation>> {};

TEST_P(BoostInvariance, HoldsIn3dForEveryComponent) {
  const auto& [geometry, formulation] = GetParam();
  solvers::SolverOptions options = full_fluid(geometry, formulation);
  options.transport.phi7 = options.transport.vorticity = true;
  options.filter.type = solvers::FilterOptions::Type::exponential;
  options.filter.order = 8.0;
  options.time.step = 0.05;
  const core::Grid plane = make_grid({16, 13}, {-4.0, -4.0}, {4.0, 4.5});
  const core::Grid volume = make_grid({16, 13, 9}, {-4.0, -4.0, -4.0}, {4.0, 4.5, 4.0});
  Flow flow(plane, options), flow_3d(volume, options);
  const RandomState state(plane, flow.fluid(), 3, {});  // u^z, pi^xz and pi^yz do not vanish
  flow.start(state);
  flow_3d.start(state);
  const double end = options.time.start + 1.0;
  flow.run_to(end);
  flow_3d.run_to(end);

  const Fields reference = flow.fields();
  const std::size_t points = reference.at("ux").size();
  double worst = 0.0;
  for (const auto& [name, values] : flow_3d.fields()) {
    EXPECT_GE(largest(values), 1e-3) << name;
    for (int layer = 0; layer < volume.points[2]; ++layer) {
      const auto first = values.begin() + static_cast<std::ptrdiff_t>(layer * points);
      const double apart = deviation({first, first + static_cast<std::ptrdiff_t>(points)}, reference.at(name),
                                     scale_of(name, reference));
      EXPECT_LE(apart, 1e-12) << name << ", layer " << layer;
      worst = std::max(worst, apart);
    }
  }
  fmt::print("largest difference of 3-D from 2-D: {:.1e}\n", worst);
}

INSTANTIATE_TEST_SUITE_P(Cases, BoostInvariance,
                         testing::Combine(testing::Values(physics::Geometry::minkowski, physics::Geometry::milne),
                                          testing::Values(Formulation::primitive, Formulation::conservative)),
                         [](const auto& info) {
                           const bool milne = std::get<0>(info.param) == physics::Geometry::milne;
                           const bool primitive = std::get<1>(info.param) == Formulation::primitive;
                           return std::string(milne ? "milne_" : "minkowski_") +
                                  (primitive ? "primitive" : "conservative");
                         });

}  // namespace
}  // namespace ister::tests
