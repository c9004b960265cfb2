#include <fmt/format.h>

#include <map>

#include "physics/linear_modes.hpp"
#include "solvers/time/tableau.hpp"
#include "tests/physics/support.hpp"

// Every integrator converges at its order in linear and nonlinear flow, and the adaptive ones meet their tolerance.
namespace ister::tests {
namespace {

using solvers::Formulation;

/// Errors of runs with n, 2n and 4n steps. The order is that of the finer pair; how much it differs from that of the
/// coarser pair bounds what the finite steps do to it.
struct Convergence {
  std::array<double, 3> errors;

  [[nodiscard]] double order() const { return std::log2(errors[1] / errors[2]); }
  [[nodiscard]] double uncertainty() const { return std::abs(order() - std::log2(errors[0] / errors[1])); }
};

void expect_order(const Convergence& found, const std::string& integrator, double largest_error,
                  const std::string& what) {
  fmt::print("{:8} {}: order {:.3f} +- {:.3f}, errors {:.1e} {:.1e} {:.1e}\n", integrator, what, found.order(),
             found.uncertainty(), found.errors[0], found.errors[1], found.errors[2]);
  EXPECT_NEAR(found.order(), solvers::tableau(integrator).order, 0.1) << integrator << ", " << what;
  EXPECT_LT(found.uncertainty(), 0.3) << integrator << ", " << what << ": the steps are too long to tell the order";
  EXPECT_LT(found.errors[2], largest_error) << integrator << ", " << what;
}

using IntegratorCase = std::tuple<std::string, Formulation>;
class Integrators : public testing::TestWithParam<IntegratorCase> {
 protected:
  static std::string integrator() { return std::get<0>(GetParam()); }
  static Formulation formulation() { return std::get<1>(GetParam()); }
};

constexpr double linear_duration = 8.0;

/// A travelling sound wave of small amplitude, against the exact exp(-i omega t). Returns the relative error.
double linear_error(const std::string& integrator, Formulation formulation, int steps) {
  solvers::SolverOptions options;
  options.formulation = formulation;
  options.transport.eta_over_s.value = 0.2;
  options.time.integrator = integrator;
  options.time.step = linear_duration / steps;
  const core::Grid grid = periodic_box({8}, {0}, {5});
  const Vec3 k{2 * M_PI / 5, 0, 0};
  const solvers::InitialOptions initial{"sound_wave", {{"temperature", 1.0}, {"amplitude", 1e-5}}};
  Evolution run(grid, options, initial);
  const auto amplitude = [&] { return fourier_amplitude(grid, run.field("ux"), k); };
  const std::complex<double> before = amplitude();
  run.advance_to(linear_duration);
  const physics::LinearFluid fluid = linear_fluid(run.fluid(), run.fluid().log_e_of_temperature(1.0));
  const std::complex<double> omega = physics::sound_mode(fluid, {}, k).omega;
  return std::abs(amplitude() / before * std::exp(std::complex<double>(0, 1) * omega * linear_duration) - 1.0);
}

TEST_P(Integrators, ConvergeAtTheirOrderInLinearFlow) {
  const int steps = 2 * 8 * (solvers::tableau(integrator()).order < 5 ? 4 : 1);
  Convergence found{};
  for (int i = 0; i < 3; ++i) found.errors[i] = linear_error(integrator(), formulation(), steps << i);
  expect_order(found, integrator(), 1e-4, "sound wave, " + name_of(formulation()));
}

/// A nonlinear flow whose only error is that of the time step.
struct Flow {
  std::string name;
  core::Grid grid;
  solvers::SolverOptions options;
  solvers::InitialOptions initial;
  double duration;
};

/// Steep sound in the flat space of one dimension.
Flow standing_wave(Formulation formulation) {
  Flow flow{"standing wave, " + name_of(formulation), periodic_box({32}, {0}, {5}), {}, {}, 1.0};
  flow.options.formulation = formulation;
  flow.options.filter.type = solvers::FilterOptions::Type::none;
  flow.options.transport.eta_over_s.value = 0.2;
  flow.initial = {"standing_wave",
                  {{"temperature", 1.0}, {"amplitude", 0.3}, {"flow_amplitude", std::vector{0.2, 0.4, -0.1}}}};
  return flow;
}

/// A hot spot in expanding coordinates, with both stresses and every coupling between them.
Flow expanding_hot_spot(Formulation formulation) {
  Flow flow{"expanding hot spot, " + name_of(formulation), periodic_box({16, 16}, {-4, -4}, {4, 4}), {}, {}, 0.8};
  flow.options.formulation = formulation;
  flow.options.geometry = physics::Geometry::milne;
  flow.options.filter.type = solvers::FilterOptions::Type::none;
  flow.options.eos = {"constant_cs2", {{"cs2", 0.25}}};
  flow.options.transport.eta_over_s.value = 0.16;
  flow.options.transport.zeta_over_s.value = 0.05;
  flow.options.transport.vorticity = flow.options.transport.phi7 = true;
  flow.options.time.start = 1.0;
  flow.initial = {"hot_spot",
                  {{"temperature", 1.0}, {"amplitude", 1.0}, {"ux", 0.3}, {"width", std::vector{1.5, 1.2}}}};
  return flow;
}

using State = std::vector<double>;

/// All fields of a run, each point's in natural size: e and stresses in units of the largest e.
State fields(Evolution& run) {
  State all = run.field("energy_density");
  const double scale = *std::max_element(all.begin(), all.end());
  for (double& e : all) e /= scale;
  for (const char* name : {"ux", "uy", "uz", "pixx", "pixy", "pixz", "piyy", "piyz", "bulk_pressure"}) {
    for (const double value : run.field(name)) all.push_back(name[0] == 'u' ? value : value / scale);
  }
  return all;
}

double largest_difference(const State& a, const State& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

State evolve(Flow flow, const std::string& integrator, int steps) {
  flow.options.time.integrator = integrator;
  flow.options.time.step = flow.duration / steps;
  Evolution run(flow.grid, flow.options, flow.initial);
  run.advance_to(flow.options.time.start + flow.duration);
  return fields(run);
}

/// The flow to rounding, of one integrator for all others; made once.
const State& exact_state(const Flow& flow) {
  static std::map<std::string, State> known;
  auto found = known.find(flow.name);
  if (found == known.end()) found = known.emplace(flow.name, evolve(flow, "dp54", 400)).first;
  return found->second;
}

/// `fewest`: steps of the longest time step of a method of order 5, short enough to tell the order, long enough that
/// a quarter of it stays above rounding.
void expect_nonlinear_order(const Flow& flow, const std::string& integrator, int fewest) {
  const int steps = solvers::tableau(integrator).order < 5 ? 20 : fewest;
  Convergence found{};
  for (int i = 0; i < 3; ++i)
    found.errors[i] = largest_difference(evolve(flow, integrator, steps << i), exact_state(flow));
  expect_order(found, integrator, 1e-5, flow.name);
}

TEST_P(Integrators, ConvergeAtTheirOrderInAStandingWave) {
  expect_nonlinear_order(standing_wave(formulation()), integrator(), 24);
}

TEST_P(Integrators, ConvergeAtTheirOrderInAnExpandingHotSpot) {
  const int fewest = formulation() == Formulation::primitive ? 14 : 32;
  expect_nonlinear_order(expanding_hot_spot(formulation()), integrator(), fewest);
}

std::string case_name(const testing::TestParamInfo<IntegratorCase>& info) {
  return std::get<0>(info.param) + "_" + name_of(std::get<1>(info.param));
}

INSTANTIATE_TEST_SUITE_P(All, Integrators,
                         testing::Combine(testing::ValuesIn(solvers::tableau_names()),
                                          testing::Values(Formulation::primitive, Formulation::conservative)),
                         case_name);

class AdaptiveIntegrators : public Integrators {};

/// The error of the whole run stays near the tolerance of a step, and follows it in proportion.
TEST_P(AdaptiveIntegrators, ErrorFollowsTheTolerance) {
  Flow flow = standing_wave(formulation());
  const State& exact = exact_state(flow);
  flow.options.time.integrator = integrator();
  std::vector<double> errors, tolerances{1e-4, 1e-6, 1e-8};
  for (const double tolerance : tolerances) {
    flow.options.time.tolerance = tolerance;
    Evolution run(flow.grid, flow.options, flow.initial);
    run.advance_to(flow.duration);
    errors.push_back(largest_difference(fields(run), exact));
    fmt::print("{:8} {}: tolerance {:.0e}, error {:.1e} in {} steps\n", integrator(), flow.name, tolerance,
               errors.back(), run.system().step_count());
    EXPECT_LT(errors.back(), 10 * tolerance);
  }
  const double slope = std::log(errors.front() / errors.back()) / std::log(tolerances.front() / tolerances.back());
  EXPECT_NEAR(slope, 1.0, 0.25);
}

INSTANTIATE_TEST_SUITE_P(All, AdaptiveIntegrators,
                         testing::Combine(testing::Values("bs32", "dp54"),
                                          testing::Values(Formulation::primitive, Formulation::conservative)),
                         case_name);

}  // namespace
}  // namespace ister::tests
