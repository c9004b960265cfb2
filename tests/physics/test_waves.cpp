#include <fmt/format.h>

#include "tests/physics/support.hpp"

// Standing sound and shear waves in a fluid at rest against their exact linear evolution, along and across the grid.
namespace ister::tests {
namespace {

/// Amplitude of the smaller one of two waves, of which the limit of vanishing amplitude follows.
constexpr double epsilon = 2e-4;

/// The fluids of the reference tables, by the name they have in file names.
solvers::SolverOptions fluid_options(const std::string& fluid) {
  solvers::SolverOptions options;
  options.transport.eta_over_s.value = 0.2;
  if (fluid == "nonconformal_C") {
    options.eos = {"constant_cs2", {{"cs2", 0.25}}};
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
      {"alongX", {1}, {0, 1, 0}, 12, {k1, k2, k3, k4}},   {"alongXPolarisedZ", {1}, {0, 0, 1}, 12, {k2}},
      {"alongXIn2D", {1, 0}, {0, a, a}, 8, {k2, k3}},     {"alongYIn2D", {0, 1}, {1, 0, 0}, 8, {k2, k3}},
      {"diagonalIn2D", {1, 1}, {-a, a, 0}, 10, {k2, k3}}, {"alongZIn3D", {0, 0, 1}, {1, 0, 0}, 8, {k2}},
      {"diagonalIn3D", {1, -2, 1}, {a, 0, -a}, 10, {k2}}, {"spaceDiagonal", {1, 1, 1}, {b, b, -2 * b}, 8, {k2}},
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

  /// The wave's fields in units of their background (e0, 1, w, w) and of the amplitude.
  struct Point {
    double energy = 0, bulk = 0;
    Vec3 u;
    Sym3 pi;
  };
  /// Complex amplitudes of the same: the real part goes with cos(k.x), minus the imaginary part with sin(k.x).
  struct Amplitudes {
    std::complex<double> energy, bulk, u[3], pi[6];
  };

  /// A wave in a background of T = 1/fm, in two runs of different amplitudes.
  class Pair {
   public:
    template <class Shape>
    Pair(const Wave& wave, const solvers::SolverOptions& options, const Shape& shape)
        : m_wave(wave), m_fluid(options.eos, options.transport) {
      for (int i = 0; i < 2; ++i) {
        solvers::InitialState state;
        for (const Vec3& x : positions(wave.grid))
          append(state, shape(std::cos(dot(wave.k, x)), std::sin(dot(wave.k, x))), amplitudes[i]);
        m_runs[i] = std::make_unique<Evolution>(wave.grid, options, std::move(state));
      }
    }

    void advance_to(double time) {
      for (const auto& run : m_runs) run->advance_to(time);
    }

    Amplitudes measure() {
      const double w = m_enthalpy;
      return {
          limit("energy_density", m_energy),
          limit("bulk_pressure", w),
          {limit("ux", 1), limit("uy", 1), limit("uz", 1)},
          {limit("pixx", w), limit("pixy", w), limit("pixz", w), limit("piyy", w), limit("piyz", w), limit("pizz", w)}};
    }

   private:
    static constexpr double amplitudes[2] = {epsilon, 2 * epsilon};

    void append(solvers::InitialState& state, const Point& p, double amplitude) const {
      const double w = amplitude * m_enthalpy;
      state.energy_density.push_back(m_energy * (1.0 + amplitude * p.energy));
      state.ux.push_back(amplitude * p.u.x);
      state.uy.push_back(amplitude * p.u.y);
      state.uz.push_back(amplitude * p.u.z);
      state.pixx.push_back(w * p.pi.xx);
      state.pixy.push_back(w * p.pi.xy);
      state.pixz.push_back(w * p.pi.xz);
      state.piyy.push_back(w * p.pi.yy);
      state.piyz.push_back(w * p.pi.yz);
      state.bulk_pressure.push_back(w * p.bulk);
    }

    std::complex<double> limit(const char* field, double unit) {
      std::complex<double> found[2];
      for (int i = 0; i < 2; ++i)
        found[i] = fourier_amplitude(m_wave.grid, m_runs[i]->field(field), m_wave.k) / (amplitudes[i] * unit);
      return vanishing_amplitude_limit(found[0], found[1]);
    }

    Wave m_wave;
    physics::FluidModel m_fluid;
    double m_energy = std::exp(m_fluid.log_e_of_temperature(1.0));
    double m_enthalpy = m_energy / m_fluid.at(std::log(m_energy)).energy_fraction;
    std::unique_ptr<Evolution> m_runs[2];
  };

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

  /// Runs the wave of each wavenumber through the times of a table: shape(wave, suffix, cos, sin) is a point of it at
  /// the start, check(amplitudes, wave, row, suffix) compares later.
  template <class Shape, class Check>
  static void follow(const std::string& fluid, const Table& table, const Shape& shape, const Check& check) {
    for (const double wavenumber : std::get<0>(GetParam()).wavenumbers) {
      const Wave w = wave(wavenumber);
      const std::string suffix = fmt::format("_k{:.6g}", wavenumber);
      Pair pair(w, options(fluid, wavenumber),
                [&](double cosine, double sine) { return shape(w, suffix, cosine, sine); });
      for (std::size_t row = 1; row < table.at("t").size(); ++row) {
        if (w.grid.dimensions == 3 && table.at("t")[row] > 1.0) break;
        pair.advance_to(table.at("t")[row]);
        check(pair.measure(), w, row, suffix);
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
          [&](const Wave& wave, const std::string& suffix, double cosine, double sine) {
            return Point{amplitude('A', suffix, 0) * cosine, amplitude('E', suffix, 0) * cosine,
                         (amplitude('B', suffix, 0) * sine) * wave.n,
                         (amplitude('C', suffix, 0) * cosine) * longitudinal(wave.n)};
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
          [&](const Wave& wave, const std::string& suffix, double cosine, double sine) {
            return Point{0, 0, (table.at("A" + suffix)[0] * cosine) * wave.e,
                         (table.at("B" + suffix)[0] * sine) * symmetric_product(wave.n, wave.e)};
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

INSTANTIATE_TEST_SUITE_P(
    Orientations, Waves,
    testing::Combine(testing::ValuesIn(orientations()),
                     testing::Values(solvers::Formulation::primitive, solvers::Formulation::conservative)),
    [](const auto& info) { return std::get<0>(info.param).name + "_" + name_of(std::get<1>(info.param)); });

}  // namespace
}  // namespace ister::tests
