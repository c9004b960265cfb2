#include <fmt/format.h>

#include "tests/physics/support.hpp"

// Boost-invariant expansion of homogeneous matter against the reference tables.
namespace ister::tests {
namespace {

using solvers::Formulation;

/// What a table was made with.
struct Expansion {
  std::string table;
  solvers::SolverOptions solver;
};

solvers::SolverOptions conformal(double eta_over_s, double tau_pipi) {
  solvers::SolverOptions options;
  options.transport.eta_over_s.value = eta_over_s;
  options.transport.tau_pipi = tau_pipi;
  return options;
}

solvers::SolverOptions constant_sound_speed(double eta_over_s, double zeta_over_s) {
  solvers::SolverOptions options;
  options.eos = {"constant_cs2", {{"cs2", 0.25}}};
  options.transport.eta_over_s.value = eta_over_s;
  options.transport.zeta_over_s.value = zeta_over_s;
  return options;
}

solvers::SolverOptions bulk_only() {
  solvers::SolverOptions options = constant_sound_speed(1e-8, 0.05);
  options.transport.tau_pi_coefficient = 1e8;
  options.transport.tau_pipi = options.transport.lambda_pibulk = 0.0;
  options.transport.tau_bulk = 0.5;
  options.transport.lambda_bulkpi = 0.0;
  return options;
}

solvers::SolverOptions massive_gas(bool viscous) {
  solvers::SolverOptions options;
  const std::string table = std::string(ISTER_TEST_DATA_DIR) + "/massive_gas_massive14.csv";
  options.eos = {"table", {{"file", table}}};
  options.transport.eta_over_s.value = 0.0;
  if (viscous) options.transport.table = table;
  return options;
}

const std::vector<Expansion>& expansions() {
  static const std::vector<Expansion> all{
      {"conformal_MIS", conformal(0.2, 0.0)},
      {"conformal_DNMR", conformal(0.2, 10.0 / 7.0)},
      {"conformal_DNMR_NSinit", conformal(0.2, 10.0 / 7.0)},
      {"conformal_MIS_ideal", conformal(0.0, 0.0)},
      {"nonconformal_cs2_0.25", constant_sound_speed(0.16, 0.05)},
      {"nonconformal_cs2_0.25_bulkonly", bulk_only()},
      {"nonconformal_cs2_0.25_ideal", constant_sound_speed(0.0, 0.0)},
      {"massive14", massive_gas(true)},
      {"massive14_ideal", massive_gas(false)},
  };
  return all;
}

class BjorkenFlow : public testing::TestWithParam<std::tuple<Expansion, Formulation>> {
 protected:
  static void expect_table(const core::Grid& grid, double last_time) {
    const auto& [expansion, formulation] = GetParam();
    const Table table = read_table("bjorken_" + expansion.table + ".csv", {"tau", "e", "phi", "Pi"});
    solvers::SolverOptions options = expansion.solver;
    options.geometry = physics::Geometry::milne;
    options.formulation = formulation;
    options.time.start = table.at("tau")[0];
    options.time.integrator = "dp54";
    options.time.tolerance = 1e-13;
    const double pixx = 0.5 * table.at("phi")[0];
    const solvers::InitialOptions initial{
        "uniform",
        {{"energy_density", table.at("e")[0]}, {"pixx", pixx}, {"piyy", pixx}, {"bulk_pressure", table.at("Pi")[0]}}};
    Evolution run(grid, options, initial);

    double worst = 0;
    for (std::size_t row = 1; row < table.at("tau").size() && table.at("tau")[row] <= last_time; ++row) {
      run.advance_to(table.at("tau")[row]);
      const double e = table.at("e")[row], phi = table.at("phi")[row], bulk = table.at("Pi")[row];
      const auto expect = [&](const std::string& field, double expected, double scale) {
        double error = 0;
        for (const double value : run.field(field)) error = std::max(error, std::abs(value - expected) / scale);
        EXPECT_LT(error, 1e-9) << field << " at tau = " << table.at("tau")[row];
        worst = std::max(worst, error);
      };
      // Each field relative to itself, but for stresses that are less than a thousandth of e.
      const auto scale = [&](double value) { return std::max(std::abs(value), 1e-3 * e); };
      expect("energy_density", e, e);
      expect("pixx", 0.5 * phi, scale(0.5 * phi));
      expect("piyy", 0.5 * phi, scale(0.5 * phi));
      expect("pizz", -phi, scale(phi));
      expect("bulk_pressure", bulk, scale(bulk));
      for (const char* zero : {"pixy", "pixz", "piyz"}) expect(zero, 0.0, e);
      for (const char* zero : {"ux", "uy", "uz"}) expect(zero, 0.0, 1.0);
    }
    fmt::print("largest relative error {:.1e} in {} steps\n", worst, run.system().step_count());
  }
};

TEST_P(BjorkenFlow, AgreesWithTheReferenceAlongX) { expect_table(periodic_box({8}, {0}, {8}), 10.0); }

TEST_P(BjorkenFlow, AgreesWithTheReferenceInThreeDimensions) {
  expect_table(periodic_box({8, 8, 8}, {0, 0, 0}, {8, 8, 4}), 1.5);
}

INSTANTIATE_TEST_SUITE_P(Tables, BjorkenFlow,
                         testing::Combine(testing::ValuesIn(expansions()),
                                          testing::Values(Formulation::primitive, Formulation::conservative)),
                         [](const auto& info) {
                           std::string name = std::get<0>(info.param).table + "_" + name_of(std::get<1>(info.param));
                           std::replace(name.begin(), name.end(), '.', '_');
                           return name;
                         });

}  // namespace
}  // namespace ister::tests
