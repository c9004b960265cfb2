#include <fmt/format.h>
#include <gtest/gtest.h>

#include "physics/column_file.hpp"
#include "tests/physics/flow_cases.hpp"

// Nonlinear flows in periodic boxes against an independent solver (numpy, another formulation of the unknowns, own
// recovery), in both formulations.
namespace ister::tests {
namespace {

using solvers::Formulation;

struct SpectralCase {
  const char* name;
  core::Grid grid;
  bool bulk;  ///< c_s^2 = 1/4 with bulk pressure and all couplings; else conformal with tau_pipi = 0
  double eta_over_s;
  double step;
  solvers::InitialOptions initial;
};

core::Grid box(int dimensions, double length, int points) {
  const auto n = static_cast<std::size_t>(dimensions);
  return make_grid(std::vector<int>(n, points), std::vector<double>(n, 0.0), std::vector<double>(n, length));
}

solvers::InitialOptions wave() {
  return {"standing_wave", {{"temperature", 1.0}, {"amplitude", 0.3}, {"flow_amplitude", std::vector{0.2, 0.4, 0.0}}}};
}

solvers::InitialOptions hot_spot(double temperature, double amplitude, std::vector<double> width) {
  return {"hot_spot", {{"temperature", temperature}, {"amplitude", amplitude}, {"width", std::move(width)}}};
}

solvers::InitialOptions shear_layer() {
  return {"kelvin_helmholtz", {{"temperature", 1.5}, {"amplitude", 0.5}, {"steepness", 1.5}, {"perturbation", 0.1}}};
}

std::vector<SpectralCase> cases() {
  return {{"wave1d_conformal", box(1, 5.0, 64), false, 0.2, 0.02, wave()},
          {"wave1d_bulk_dnmr", box(1, 5.0, 64), true, 0.16, 0.02, wave()},
          {"hotspot2d_conformal", box(2, 10.0, 64), false, 0.2, 0.02, hot_spot(0.6, 20.0, {1.0, 1.0})},
          {"hotspot2d_bulk_dnmr", box(2, 10.0, 64), true, 0.16, 0.04, hot_spot(0.7, 8.0, {1.2, 0.9})},
          {"shearlayer2d_conformal", box(2, 8.0, 64), false, 0.1, 0.025, shear_layer()}};
}

solvers::SolverOptions options_of(const SpectralCase& c, Formulation formulation) {
  solvers::SolverOptions options = full_fluid(physics::Geometry::minkowski, formulation);
  options.time.step = c.step;
  options.transport.eta_over_s.value = c.eta_over_s;
  if (c.bulk) return options;
  options.eos = {"conformal", {}};
  options.transport.zeta_over_s.value = 0.0;
  options.transport.tau_pipi = 0.0;
  return options;
}

class SpectralReference : public testing::TestWithParam<std::tuple<SpectralCase, Formulation>> {};

TEST_P(SpectralReference, IsReproduced) {
  const auto& [c, formulation] = GetParam();
  std::vector<std::string> names = {"energy_density", "ux", "uy", "pixx", "pixy", "piyy"};
  std::vector<physics::Column> columns = {{"t", 0},  {"x", 0},    {"y", 0},    {"e", 0},   {"ux", 0},
                                          {"uy", 0}, {"pixx", 0}, {"pixy", 0}, {"piyy", 0}};
  if (c.bulk) {
    names.emplace_back("bulk_pressure");
    columns.push_back({"Pi", 0});
  }
  const physics::ColumnFile table =
      physics::read_columns(std::string(ISTER_TEST_DATA_DIR "/spectral_") + c.name + ".csv", columns);

  Flow flow(c.grid, options_of(c, formulation));
  flow.start(c.initial);
  const std::vector<double>& times = table.columns[0];
  double worst = 0.0;
  for (std::size_t begin = 0, end = 0; begin < times.size(); begin = end) {
    while (end < times.size() && times[end] == times[begin]) ++end;
    flow.run_to(times[begin]);
    const Fields all = flow.fields();
    Fields result, reference;
    for (std::size_t row = begin; row < end; ++row) {
      const auto index = [&](int d) {
        return static_cast<std::size_t>(std::lround(table.columns[1 + d][row] * c.grid.points[d]));
      };
      const std::size_t point = index(1) * static_cast<std::size_t>(c.grid.points[0]) + index(0);
      for (std::size_t f = 0; f < names.size(); ++f) {
        result[names[f]].push_back(all.at(names[f])[point]);
        reference[names[f]].push_back(table.columns[3 + f][row]);
      }
    }
    ASSERT_GE(reference["ux"].size(), 32u);
    for (const std::string& name : names) {
      const double error = deviation(result[name], reference[name], scale_of(name, reference));
      EXPECT_LE(error, 1e-7) << name << " at t = " << times[begin];
      worst = std::max(worst, error);
    }
  }
  fmt::print("largest deviation {:.1e}\n", worst);
}

std::string case_name(const testing::TestParamInfo<SpectralReference::ParamType>& info) {
  const bool primitive = std::get<1>(info.param) == Formulation::primitive;
  return std::string(std::get<0>(info.param).name) + (primitive ? "_primitive" : "_conservative");
}

INSTANTIATE_TEST_SUITE_P(Cases, SpectralReference,
                         testing::Combine(testing::ValuesIn(cases()),
                                          testing::Values(Formulation::primitive, Formulation::conservative)),
                         case_name);

}  // namespace
}  // namespace ister::tests
