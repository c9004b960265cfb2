#include <fmt/format.h>
#include <gtest/gtest.h>

#include <tuple>

#include "tests/physics/covariant_oracle.hpp"
#include "tests/physics/flow_cases.hpp"

// Consecutive states of a run without any symmetry must satisfy the covariant equations: all components of u and pi,
// bulk pressure, every coupling, vorticity and pi.pi terms, in both geometries and formulations.
namespace ister::tests {
namespace {

using covariant::Coefficients;
using covariant::Geometry;
using solvers::Formulation;
constexpr physics::Geometry minkowski = physics::Geometry::minkowski, milne = physics::Geometry::milne;
using Point = covariant::Fields<double>;
using State = std::vector<Point>;  ///< at all points of the box

/// Matrix of the derivative of the trigonometric interpolant through n points of a period.
std::vector<double> differentiation_matrix(int n, double length) {
  std::vector<double> matrix(static_cast<std::size_t>(n) * n, 0.0);
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      const double angle = M_PI * (i - j) / n, sign = (i - j) % 2 == 0 ? 1.0 : -1.0;
      if (i != j) matrix[i * n + j] = M_PI / length * sign / (n % 2 == 0 ? std::tan(angle) : std::sin(angle));
    }
  return matrix;
}

void add(Point& sum, double weight, const Point& p) {
  sum.e += weight * p.e;
  sum.bulk += weight * p.bulk;
  for (int m = 0; m < 4; ++m) {
    sum.u[m] += weight * p.u[m];
    for (int n = 0; n < 4; ++n) sum.pi[m][n] += weight * p.pi[m][n];
  }
}

/// The state of a run, completed here from the components that are independent.
State state_of(Flow& flow, bool is_milne) {
  Fields f = flow.fields();
  const double tau = is_milne ? flow.system().time() : 1.0;
  State state;
  for (std::size_t i = 0; i < f["ux"].size(); ++i) {
    const covariant::Independent<double> values = {
        f["energy_density"][i],
        {f["ux"][i], f["uy"][i], f["uz"][i]},
        {f["pixx"][i], f["pixy"][i], f["pixz"][i], f["piyy"][i], f["piyz"][i]},
        f["bulk_pressure"][i]};
    state.push_back(complete(values, tau));
  }
  return state;
}

/// The coefficients of full_fluid() with the terms in brackets of the equations, from their definitions.
Coefficients coefficients(double e, const solvers::SolverOptions& options) {
  const double cs2 = options.eos.values.number("cs2"), p = cs2 * e, w = e + p, conformality = 1.0 / 3.0 - cs2;
  const double T = std::pow(e / (42.25 * M_PI * M_PI / 30.0), cs2 / (1.0 + cs2)), s = w / T;
  const double eta = options.transport.eta_over_s.value * s, zeta = options.transport.zeta_over_s.value * s;
  const double tau_pi = 5.0 * eta / w, tau_bulk = zeta / (14.55 * conformality * conformality * w);
  return {p,
          cs2,
          eta,
          tau_pi,
          4.0 / 3.0 * tau_pi,
          10.0 / 7.0 * tau_pi,
          1.2 * tau_pi,
          9.0 / (70.0 * p),
          true,
          zeta,
          tau_bulk,
          2.0 / 3.0 * tau_bulk,
          1.6 * conformality * tau_bulk};
}

struct Worst {
  double conservation = 0, shear = 0, bulk = 0;
};

/// Largest residuals at the middle one of nine states, `step` apart, in units of max e (and per fm).
Worst largest_residuals(const std::vector<State>& states, const core::Grid& grid, double step, const Geometry& geometry,
                        const solvers::SolverOptions& options) {
  constexpr double weights[] = {4.0 / 5.0, -1.0 / 5.0, 4.0 / 105.0, -1.0 / 280.0};  // of order 8
  const State& now = states[4];
  std::array<std::vector<double>, 3> matrix;
  for (int d = 0; d < grid.dimensions; ++d)
    matrix[d] = differentiation_matrix(grid.points[d], grid.upper[d] - grid.lower[d]);
  Worst worst;
  double e_max = 0.0;
  for (const Point& p : now) e_max = std::max(e_max, p.e);
  const std::array<int, 3>& n = grid.points;
  for (int i = 0; i < static_cast<int>(now.size()); ++i) {
    const std::array<int, 3> index = {i % n[0], i / n[0] % n[1], i / n[0] / n[1]}, stride = {1, n[0], n[0] * n[1]};
    std::array<Point, 4> derivative;
    for (int k = 0; k < 4; ++k) {
      add(derivative[0], weights[k] / step, states[5 + k][i]);
      add(derivative[0], -weights[k] / step, states[3 - k][i]);
    }
    for (int d = 0; d < grid.dimensions; ++d)
      for (int j = 0; j < n[d]; ++j)
        add(derivative[1 + d], matrix[d][index[d] * n[d] + j], now[i + (j - index[d]) * stride[d]]);
    const covariant::Residual r = residual(now[i], derivative, coefficients(now[i].e, options), geometry);
    for (int m = 0; m < 4; ++m) {
      worst.conservation = std::max(worst.conservation, std::fabs(r.conservation[m]) / e_max);
      for (int k = 0; k < 4; ++k) worst.shear = std::max(worst.shear, std::fabs(r.shear[m][k]) / e_max);
    }
    worst.bulk = std::max(worst.bulk, std::fabs(r.bulk) / e_max);
  }
  return worst;
}

class Covariant : public testing::TestWithParam<std::tuple<int, physics::Geometry, Formulation>> {};

TEST_P(Covariant, ConsecutiveStatesSolveTheEquations) {
  const auto& [dimensions, geometry, formulation] = GetParam();
  constexpr double step = 0.01;
  solvers::SolverOptions options = full_fluid(geometry, formulation);
  options.transport.phi7 = options.transport.vorticity = true;
  options.time.step = step;
  const auto first = [d = dimensions](auto... values) {
    std::vector all{values...};
    all.resize(static_cast<std::size_t>(d));
    return all;
  };
  const core::Grid grid = make_grid(first(18, 20, 17), first(-4.0, -4.0, -2.5), first(4.0, 4.5, 2.5));
  Flow flow(grid, options);
  flow.start(RandomState(grid, flow.fluid(), 7, {}));

  std::vector<State> states = {state_of(flow, geometry == milne)};
  double middle = 0.0;
  for (int k = 1; k < 9; ++k) {
    flow.run_to(options.time.start + k * step);
    states.push_back(state_of(flow, geometry == milne));
    if (k == 4) middle = flow.system().time();
  }
  const Worst worst = largest_residuals(states, grid, step,
                                        geometry == milne ? Geometry::milne(middle) : Geometry::minkowski(), options);
  fmt::print("largest residuals: conservation {:.1e}, shear {:.1e}, bulk {:.1e}\n", worst.conservation, worst.shear,
             worst.bulk);
  EXPECT_LE(worst.conservation, 1e-7);
  EXPECT_LE(worst.shear, 1e-7);
  EXPECT_LE(worst.bulk, 1e-7);
}

std::string name_of(const testing::TestParamInfo<Covariant::ParamType>& info) {
  const auto& [dimensions, geometry, formulation] = info.param;
  return std::to_string(dimensions) + "d_" + (geometry == milne ? "milne_" : "minkowski_") +
         (formulation == Formulation::primitive ? "primitive" : "conservative");
}

INSTANTIATE_TEST_SUITE_P(Cases, Covariant,
                         testing::Combine(testing::Values(1, 2, 3), testing::Values(minkowski, milne),
                                          testing::Values(Formulation::primitive, Formulation::conservative)),
                         name_of);

}  // namespace
}  // namespace ister::tests
