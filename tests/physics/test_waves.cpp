#include <fmt/format.h>

#include "tests/physics/support.hpp"

// Standing sound and shear waves in a fluid at rest against their exact linear evolution, along and across the grid.
namespace ister::test {
namespace {

/// Corrections to a standing wave are of relative size epsilon^2, rounding of 1e-16/epsilon.
constexpr double epsilon = 3e-5;

/// The fluids of the reference tables, by the name they have in file names.
solvers::SolverOptions fluid_options(const std::string& fluid) {
  solvers::SolverOptions options;
  options.transport.eta_over_s.value = 0.2;
  if (fluid == "nonconformal_C") {
    options.eos.type = physics::EosType::constant_cs2;
    options.eos.cs2 = 0.25;
    options.transport.eta_over_s.value = 0.16;
    options.transport.zeta_over_s.value = 0.05;
  }
  options.time.integrator = "dp54";
  return options;
}

/// How a wave lies in the grid: whole periods along each direction of a cube.
struct Orientation {
  std::string name;
  std::vector<int> mode;
  std::array<double, 3> polarisation;  ///< of shear waves, a unit vector orthogonal to the mode
  int points;
  std::vector<double> wavenumbers;
};

constexpr double k1 = M_PI / 5, k2 = 2 * M_PI / 5, k3 = M_PI, k4 = 2 * M_PI;

const std::vector<Orientation>& orientations() {
  const double a = std::sqrt(0.5), b = std::sqrt(1.0 / 6);
  static const std::vector<Orientation> all{
      {"alongX", {1}, {0, 1, 0}, 12, {k1, k2, k3, k4}},
      {"alongXPolarisedZ", {1}, {0, 0, 1}, 12, {k2}},
      {"alongXIn2D", {1, 0}, {0, a, a}, 8, {k2, k3}},
      {"alongYIn2D", {0, 1}, {1, 0, 0}, 8, {k2, k3}},
      {"diagonalIn2D", {1, 1}, {-a, a, 0}, 10, {k2, k3}},
      {"alongZIn3D", {0, 0, 1}, {1, 0, 0}, 8, {k2}},
      {"diagonalIn3D", {1, -2, 1}, {a, 0, -a}, 11, {k2}},
      {"diagonalIn3DPolarisedUp", {1, 1, 2}, {-a, a, 0}, 11, {k2}},
      {"spaceDiagonal", {1, 1, 1}, {b, b, -2 * b}, 8, {k2}},
  };
  return all;
}

using Case = std::tuple<Orientation, solvers::Formulation>;
class Waves : public testing::TestWithParam<Case> {
 protected:
  /// A wave in its own axes: n along the wavevector, e along the polarisation.
  struct Wave {
    core::Grid grid;
    Vec3 k, n, e;
  };

  static Wave wave(double wavenumber) {
    const Orientation& orientation = std::get<0>(GetParam());
    Wave w;
    double size = 0;
    for (const int m : orientation.mode) size += m * m;
    size = std::sqrt(size);
    w.grid.dimensions = static_cast<int>(orientation.mode.size());
    double n[3] = {0, 0, 0};
    for (int d = 0; d < w.grid.dimensions; ++d) {
      w.grid.points[d] = orientation.points;
      w.grid.upper[d] = 2 * M_PI * size / wavenumber;
      n[d] = orientation.mode[d] / size;
    }
    w.n = {n[0], n[1], n[2]};
    w.k = wavenumber * w.n;
    w.e = {orientation.polarisation[0], orientation.polarisation[1], orientation.polarisation[2]};
    return w;
  }

  static solvers::SolverOptions options(const std::string& fluid, double wavenumber) {
    solvers::SolverOptions options = fluid_options(fluid);
    options.formulation = std::get<1>(GetParam());
    options.time.step = 0.03 / (1.0 + 0.8 * wavenumber);
    return options;
  }

  /// A background of T = 1/fm with e = e0 (1 + A cos), u = (B_n n + B_e e) ..., filled per point by `set`.
  template <class Set>
  static std::unique_ptr<Evolution> start(const Wave& wave, const solvers::SolverOptions& options, const Set& set) {
    const physics::FluidModel fluid(options.eos, options.transport);
    const double e0 = std::exp(fluid.log_e_of_temperature(1.0)), w = e0 / fluid.at(std::log(e0)).energy_fraction;
    solvers::InitialState state;
    for (const Vec3& x : positions(wave.grid)) {
      double energy = 0, bulk = 0;
      Vec3 u;
      Sym3 pi;
      set(std::cos(dot(wave.k, x)), std::sin(dot(wave.k, x)), energy, u, pi, bulk);
      state.energy_density.push_back(e0 * (1.0 + epsilon * energy));
      state.ux.push_back(epsilon * u.x);
      state.uy.push_back(epsilon * u.y);
      state.uz.push_back(epsilon * u.z);
      state.pixx.push_back(epsilon * w * pi.xx);
      state.pixy.push_back(epsilon * w * pi.xy);
      state.pixz.push_back(epsilon * w * pi.xz);
      state.piyy.push_back(epsilon * w * pi.yy);
      state.piyz.push_back(epsilon * w * pi.yz);
      state.bulk_pressure.push_back(epsilon * w * bulk);
    }
    return std::make_unique<Evolution>(wave.grid, options, std::move(state));
  }

  /// Amplitudes of cos (real part) and sin (minus the imaginary part), in units of epsilon.
  struct Amplitudes {
    std::complex<double> energy, bulk;  ///< in units of e0 and w
    std::complex<double> u[3], pi[6];
  };
  static Amplitudes measure(Evolution& run, const Wave& wave) {
    const double log_e0 = run.fluid().log_e_of_temperature(1.0), e0 = std::exp(log_e0);
    const double w = e0 / run.fluid().at(log_e0).energy_fraction;
    const auto amplitude = [&](const char* name, double unit) {
      return fourier_amplitude(wave.grid, run.field(name), wave.k) / (epsilon * unit);
    };
    return {amplitude("energy_density", e0),
            amplitude("bulk_pressure", w),
            {amplitude("ux", 1), amplitude("uy", 1), amplitude("uz", 1)},
            {amplitude("pixx", w), amplitude("pixy", w), amplitude("pixz", w), amplitude("piyy", w),
             amplitude("piyz", w), amplitude("pizz", w)}};
  }

  static void expect_near(std::complex<double> measured, std::complex<double> expected, const std::string& what) {
    EXPECT_LT(std::abs(measured - expected), 1e-9) << what;
    s_worst = std::max(s_worst, std::abs(measured - expected));
  }
  static void expect_vector(const std::complex<double> (&u)[3], const Vec3& direction, std::complex<double> amplitude,
                            const std::string& what) {
    expect_near(u[0], direction.x * amplitude, "ux " + what);
    expect_near(u[1], direction.y * amplitude, "uy " + what);
    expect_near(u[2], direction.z * amplitude, "uz " + what);
  }
  static void expect_tensor(const std::complex<double> (&pi)[6], const Sym3& shape, std::complex<double> amplitude,
                            const std::string& what) {
    const double components[6] = {shape.xx, shape.xy, shape.xz, shape.yy, shape.yz, shape.zz};
    for (int c = 0; c < 6; ++c) expect_near(pi[c], components[c] * amplitude, fmt::format("pi[{}] {}", c, what));
  }

  /// Runs the wave of each wavenumber through the times of a table, calling check(run, wave, row, suffix).
  template <class Start, class Check>
  static void follow(const std::string& fluid, const Table& table, const Start& start_wave, const Check& check) {
    for (const double wavenumber : std::get<0>(GetParam()).wavenumbers) {
      const Wave w = wave(wavenumber);
      const std::string suffix = fmt::format("_k{:.6g}", wavenumber);
      const std::unique_ptr<Evolution> run = start_wave(w, options(fluid, wavenumber), suffix);
      for (std::size_t row = 1; row < table.at("t").size(); ++row) {
        if (w.grid.dimensions == 3 && table.at("t")[row] > 1.0) break;
        run->advance_to(table.at("t")[row]);
        check(measure(*run, w), w, row, suffix);
      }
    }
  }

  static void SetUpTestSuite() { s_worst = 0; }
  static void TearDownTestSuite() { fmt::print("largest error of an amplitude: {:.1e} of the start\n", s_worst); }
  static inline double s_worst = 0;
};

std::vector<std::string> columns(const std::string& amplitudes) {
  std::vector<std::string> names{"t"};
  for (const double k : {k1, k2, k3, k4}) {
    for (const char a : amplitudes) names.push_back(fmt::format("{}_k{:.6g}", a, k));
  }
  return names;
}

/// n n - (1 - n n)/2: the stress of sound, 1 along the wave.
Sym3 longitudinal(const Vec3& n) { return 1.5 * square(n) - Sym3{0.5, 0, 0, 0.5, 0, 0.5}; }

TEST_P(Waves, SoundFollowsTheExactSolution) {
  for (const auto& [fluid, starts] : {std::pair{"conformal_A", 2}, std::pair{"nonconformal_C", 3}}) {
    const bool bulk = starts == 3;
    for (int s = 0; s < starts; ++s) {
      const std::string file = fmt::format("linear_sound_{}_{}.csv", fluid, s);
      const Table table = read_table(file, columns(bulk ? "ABCE" : "ABC"));
      const auto amplitude = [&](char name, const std::string& suffix, std::size_t row) {
        return name == 'E' && !bulk ? 0.0 : table.at(name + suffix)[row];
      };
      follow(
          fluid, table,
          [&](const Wave& wave, const solvers::SolverOptions& options, const std::string& suffix) {
            return start(wave, options, [&](double cosine, double sine, double& e, Vec3& u, Sym3& pi, double& Pi) {
              e = amplitude('A', suffix, 0) * cosine;
              u = (amplitude('B', suffix, 0) * sine) * wave.n;
              pi = (amplitude('C', suffix, 0) * cosine) * longitudinal(wave.n);
              Pi = amplitude('E', suffix, 0) * cosine;
            });
          },
          [&](const Amplitudes& found, const Wave& wave, std::size_t row, const std::string& suffix) {
            const std::string where = fmt::format("{}{} at t = {}", file, suffix, table.at("t")[row]);
            expect_near(found.energy, amplitude('A', suffix, row), "e " + where);
            expect_vector(found.u, wave.n, {0.0, -amplitude('B', suffix, row)}, where);
            expect_tensor(found.pi, longitudinal(wave.n), amplitude('C', suffix, row), where);
            expect_near(found.bulk, amplitude('E', suffix, row), "Pi " + where);
          });
    }
  }
}

TEST_P(Waves, ShearFollowsTheExactSolution) {
  for (const auto& [fluid, starts] : {std::pair{"conformal_A", 2}, std::pair{"nonconformal_C", 1}}) {
    for (int s = 0; s < starts; ++s) {
      const std::string file = fmt::format("linear_shear_{}_{}.csv", fluid, s);
      const Table table = read_table(file, columns("AB"));
      follow(
          fluid, table,
          [&](const Wave& wave, const solvers::SolverOptions& options, const std::string& suffix) {
            return start(wave, options, [&](double cosine, double sine, double&, Vec3& u, Sym3& pi, double&) {
              u = (table.at("A" + suffix)[0] * cosine) * wave.e;
              pi = (table.at("B" + suffix)[0] * sine) * symmetric_product(wave.n, wave.e);
            });
          },
          [&](const Amplitudes& found, const Wave& wave, std::size_t row, const std::string& suffix) {
            const std::string where = fmt::format("{}{} at t = {}", file, suffix, table.at("t")[row]);
            expect_near(found.energy, 0.0, "e " + where);
            expect_vector(found.u, wave.e, table.at("A" + suffix)[row], where);
            expect_tensor(found.pi, symmetric_product(wave.n, wave.e), {0.0, -table.at("B" + suffix)[row]}, where);
            expect_near(found.bulk, 0.0, "Pi " + where);
          });
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Orientations, Waves,
                         testing::Combine(testing::ValuesIn(orientations()),
                                          testing::Values(solvers::Formulation::primitive,
                                                          solvers::Formulation::conservative)),
                         [](const auto& info) {
                           return std::get<0>(info.param).name + "_" + name_of(std::get<1>(info.param));
                         });

}  // namespace
}  // namespace ister::test
