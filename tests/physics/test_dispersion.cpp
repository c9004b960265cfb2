#include <fmt/format.h>

#include "physics/linear_modes.hpp"
#include "tests/physics/support.hpp"

// Waves in moving fluid: complex frequencies measured in the solver against the roots of the dispersion relation.
namespace ister::tests {
namespace {

using Complex = std::complex<double>;
using solvers::Formulation;

/// Amplitude of the smaller one of two waves, of which the limit of vanishing amplitude follows.
constexpr double epsilon = 2e-4;

solvers::SolverOptions conformal_fluid() {
  solvers::SolverOptions options;
  options.transport.eta_over_s.value = 0.2;
  return options;
}

solvers::SolverOptions bulk_viscous_fluid() {
  solvers::SolverOptions options;
  options.eos = {"constant_cs2", {{"cs2", 0.25}}};
  options.transport.eta_over_s.value = 0.16;
  options.transport.zeta_over_s.value = 0.05;
  return options;
}

/// One wave in a fluid of temperature 1/fm that moves with four-velocity u.
class Wave {
 public:
  Wave(const core::Grid& grid, const solvers::SolverOptions& options, const Vec3& u, const Vec3& k,
       const physics::LinearMode& mode, double amplitude)
      : m_k(k),
        m_amplitude(amplitude),
        m_mode(mode),
        m_fluid(options.eos, options.transport),
        m_energy(std::exp(m_fluid.log_e_of_temperature(1.0))),
        m_enthalpy(m_energy / m_fluid.at(std::log(m_energy)).energy_fraction),
        m_run(grid, options, initial(grid, u)) {}

  /// The factor by which the amplitude has changed after a time, exp(-i omega t) in the linear limit.
  Complex growth(double duration) {
    const Complex before = amplitude();
    m_run.advance_to(duration);
    return amplitude() / before;
  }

 private:
  /// The mode's components next to the fields they belong to, in units of the field.
  struct Component {
    const char* field;
    double unit;
    Complex amplitude;
  };
  [[nodiscard]] std::vector<Component> components() const {
    const physics::LinearMode& m = m_mode;
    const double w = m_enthalpy;
    return {{"energy_density", w, m.energy},
            {"ux", 1, m.u[0]},
            {"uy", 1, m.u[1]},
            {"uz", 1, m.u[2]},
            {"pixx", w, m.pi[0]},
            {"pixy", w, m.pi[1]},
            {"pixz", w, m.pi[2]},
            {"piyy", w, m.pi[3]},
            {"piyz", w, m.pi[4]},
            {"pizz", w, m.pi[5]},
            {"bulk_pressure", w, m.bulk}};
  }

  solvers::InitialState initial(const core::Grid& grid, const Vec3& u) const {
    solvers::InitialState state;
    const std::vector<Component> parts = components();
    std::vector<double>* fields[] = {&state.energy_density, &state.ux,   &state.uy,           &state.uz,
                                     &state.pixx,           &state.pixy, &state.pixz,         &state.piyy,
                                     &state.piyz,           nullptr,     &state.bulk_pressure};
    const double background[] = {m_energy, u.x, u.y, u.z, 0, 0, 0, 0, 0, 0, 0};
    for (const Vec3& x : positions(grid)) {
      for (std::size_t c = 0; c < parts.size(); ++c) {
        if (fields[c] == nullptr) continue;  // pizz follows from the trace
        const Complex wave = parts[c].amplitude * std::polar(1.0, dot(m_k, x));
        fields[c]->push_back(background[c] + m_amplitude * parts[c].unit * wave.real());
      }
    }
    return state;
  }

  /// Of the mode in the state: the projection on its own shape.
  Complex amplitude() {
    Complex sum = 0;
    double norm = 0;
    for (const Component& c : components()) {
      const Complex found = fourier_amplitude(m_run.grid(), m_run.field(c.field), m_k) / c.unit;
      sum += std::conj(c.amplitude) * found;
      norm += std::norm(c.amplitude);
    }
    return sum / norm;
  }

  Vec3 m_k;
  double m_amplitude;
  physics::LinearMode m_mode;
  physics::FluidModel m_fluid;
  double m_energy, m_enthalpy;
  Evolution m_run;
};

class Dispersion : public testing::TestWithParam<Formulation> {
 protected:
  /// Evolves a mode and compares; returns the relative error.
  static double error(const core::Grid& grid, solvers::SolverOptions options, const Vec3& u, const Vec3& k,
                      const physics::LinearMode& mode, Complex expected) {
    const double size = std::max(std::abs(mode.omega), 0.5);
    const double duration = 2.0 / size;
    options.formulation = GetParam();
    options.time.integrator = "dp54";
    options.time.step = std::min(0.03 / size, 0.1 / std::sqrt(dot(k, k)));
    const auto growth = [&](double amplitude) { return Wave(grid, options, u, k, mode, amplitude).growth(duration); };
    const Complex limit = vanishing_amplitude_limit(growth(epsilon), growth(2 * epsilon));
    // The logarithm is taken of what is left beside the expected turn, since omega is known to within a period.
    const Complex i(0, 1), omega = mode.omega + i * std::log(limit * std::exp(i * mode.omega * duration)) / duration;
    return std::abs(omega - expected) / std::max(1.0, std::abs(expected));
  }

  /// All modes of a table of roots, for a wave along x.
  static void expect_table(const std::string& file, const solvers::SolverOptions& options, const Vec3& u, int sounds) {
    std::vector<std::string> roots{"shear1", "shear2"}, columns{"k"};
    for (int s = 1; s <= sounds; ++s) roots.push_back(fmt::format("sound{}", s));
    for (const std::string& root : roots) columns.insert(columns.end(), {root + "_re", root + "_im"});
    const Table table = read_table(file, columns);
    const physics::FluidModel fluid(options.eos, options.transport);
    const physics::LinearFluid linear = linear_fluid(fluid, fluid.log_e_of_temperature(1.0));
    double worst = 0;
    for (std::size_t row = 0; row < table.at("k").size(); ++row) {
      const Vec3 k{table.at("k")[row], 0, 0};
      const std::vector<physics::LinearMode> modes = linear_modes(linear, u, k);
      for (const std::string& root : roots) {
        const Complex expected(table.at(root + "_re")[row], table.at(root + "_im")[row]);
        const auto nearest = std::min_element(modes.begin(), modes.end(), [&](const auto& a, const auto& b) {
          return std::abs(a.omega - expected) < std::abs(b.omega - expected);
        });
        const double e = error(periodic_box({8}, {0}, {2 * M_PI / k.x}), options, u, k, *nearest, expected);
        EXPECT_LT(e, 1e-9) << file << " " << root << " at k = " << k.x;
        worst = std::max(worst, e);
      }
    }
    fmt::print("{}, {}: largest error of a frequency {:.1e}\n", file, name_of(GetParam()), worst);
  }
};

Vec3 moving(double v, double angle) {
  const double u = v / std::sqrt(1 - v * v);
  return {u * std::cos(angle), u * std::sin(angle), 0};
}

TEST_P(Dispersion, ConformalFluidAlongTheWave) {
  expect_table("dispersion_conformal_A_boost_V0.5_ang0.csv", conformal_fluid(), moving(0.5, 0), 3);
}

TEST_P(Dispersion, ConformalFluidAcrossTheWave) {
  expect_table("dispersion_conformal_A_boost_V0.5_ang1.57.csv", conformal_fluid(), moving(0.5, M_PI / 2), 3);
}

TEST_P(Dispersion, BulkViscousFluidAlongTheWave) {
  expect_table("dispersion_nonconformal_C_boost_V0.4_ang0.csv", bulk_viscous_fluid(), moving(0.4, 0), 4);
}

TEST_P(Dispersion, BulkViscousFluidAcrossTheWave) {
  expect_table("dispersion_nonconformal_C_boost_V0.4_ang1.57.csv", bulk_viscous_fluid(), moving(0.4, M_PI / 2), 4);
}

/// Flow, wave and grid at odd angles to each other, against roots from the linearised equations.
TEST_P(Dispersion, AtAnyAngleInTwoAndThreeDimensions) {
  const solvers::SolverOptions options = bulk_viscous_fluid();
  const physics::FluidModel fluid(options.eos, options.transport);
  const physics::LinearFluid linear = linear_fluid(fluid, fluid.log_e_of_temperature(1.0));
  struct Setting {
    core::Grid grid;
    Vec3 mode, u;
  };
  const Setting settings[] = {
      {periodic_box({9, 8}, {0, 0}, {5, 4}), {1, -1, 0}, {0.3, 0.5, -0.2}},
      {periodic_box({8, 9, 8}, {0, 0, 0}, {5, 4, 7}), {1, 1, -1}, {0.6, -0.4, 0.9}},
  };
  double worst = 0;
  for (const Setting& s : settings) {
    const auto component = [&](int d, double m) { return m * 2 * M_PI / (s.grid.upper[d] - s.grid.lower[d]); };
    const Vec3 k{component(0, s.mode.x), component(1, s.mode.y), component(2, s.mode.z)};
    for (const physics::LinearMode& mode : linear_modes(linear, s.u, k)) {
      const double e = error(s.grid, options, s.u, k, mode, mode.omega);
      EXPECT_LT(e, 1e-9) << "omega = " << mode.omega << " in " << s.grid.dimensions << " dimensions";
      worst = std::max(worst, e);
    }
  }
  fmt::print("at any angle, {}: largest error of a frequency {:.1e}\n", name_of(GetParam()), worst);
}

INSTANTIATE_TEST_SUITE_P(Formulations, Dispersion, testing::Values(Formulation::primitive, Formulation::conservative),
                         [](const auto& info) { return name_of(info.param); });

}  // namespace
}  // namespace ister::tests
