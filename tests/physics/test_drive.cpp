#include <array>

#include "tests/physics/support.hpp"

// A fluid at rest that a weak force drives, against linear response: d T^{0i} = chi f^i with 1/chi the dispersion
// polynomial of sound, lambda^2 + c_s^2 k^2 + lambda k^2 (g_eta/(1 + lambda tau_pi) + g_zeta/(1 + lambda tau_Pi)) over
// lambda, and of shear, lambda + D k^2/(1 + lambda tau_pi), at lambda = -i omega.
namespace ister::tests {
namespace {

using Complex = std::complex<double>;

constexpr double force = 1e-4;  ///< of the weaker of two runs; their limit is that of a vanishing force
constexpr double omega = 0.7, phase = 0.4;

struct Direction {
  std::string name;
  core::Grid grid;
  std::array<int, 3> mode;
  int axis;
  bool along;  ///< the force is parallel to k: sound
};

const std::vector<Direction>& directions() {
  static const std::vector<Direction> all{
      {"SoundIn1D", periodic_box({12}, {-1.0}, {4.0}), {1, 0, 0}, 0, true},
      {"ShearIn1D", periodic_box({12}, {-1.0}, {4.0}), {-1, 0, 0}, 2, false},
      {"SoundAlongYIn2D", periodic_box({8, 10}, {0.0, 2.0}, {3.0, 6.0}), {0, 1, 0}, 1, true},
      {"ShearAlongZIn3D", periodic_box({8, 8, 10}, {0.0, 1.0, 2.0}, {3.0, 4.0, 6.0}), {0, 0, 1}, 0, false},
  };
  return all;
}

class Drive : public testing::TestWithParam<std::tuple<Direction, solvers::Formulation>> {
 protected:
  static solvers::SolverOptions options(double amplitude, double step, const std::string& integrator = "rk4") {
    const auto& [direction, formulation] = GetParam();
    solvers::SolverOptions o;
    o.formulation = formulation;
    o.filter.type = solvers::FilterOptions::Type::none;
    o.eos = {"constant_cs2", {{"cs2", 0.25}}};
    o.transport.eta_over_s.value = 0.3;
    o.transport.zeta_over_s.value = 0.1;
    o.time.step = step;
    o.time.integrator = integrator;
    o.drive.tones.push_back({direction.axis, direction.mode, omega, amplitude, phase});
    return o;
  }

  static solvers::InitialState rest(const core::Grid& grid) {
    solvers::InitialState state;
    state.energy_density.assign(static_cast<std::size_t>(grid.total_points()), energy);
    return state;
  }

  /// d T^{0i}/force at a time, of a run with each of two forces.
  static Complex response(double time, double step, const std::string& integrator = "rk4") {
    const Direction& direction = std::get<0>(GetParam());
    const std::string field = std::string("T0") + "xyz"[direction.axis];
    Complex found[2];
    for (int i = 0; i < 2; ++i) {
      const double amplitude = (i + 1) * force;
      Evolution run(direction.grid, options(amplitude, step, integrator), rest(direction.grid));
      run.advance_to(time);
      found[i] = fourier_amplitude(direction.grid, run.field(field), wavevector(direction)) / amplitude;
    }
    return vanishing_amplitude_limit(found[0], found[1]);
  }

  static Vec3 wavevector(const Direction& direction) {
    const core::Grid& g = direction.grid;
    const auto k = [&](int d) { return 2.0 * M_PI * direction.mode[d] / (g.upper[d] - g.lower[d]); };
    return {k(0), g.dimensions > 1 ? k(1) : 0.0, g.dimensions > 2 ? k(2) : 0.0};
  }

  /// What `response` must be at a time when nothing is left of the start.
  static Complex expected(double time) {
    const Direction& direction = std::get<0>(GetParam());
    const Vec3 k = wavevector(direction);
    const physics::FluidPoint f =
        physics::FluidModel(options(force, 1).eos, options(force, 1).transport).at(std::log(energy));
    const Complex lambda(0.0, -omega);
    const double k2 = dot(k, k);
    // D = eta/w = stiffness/rate
    const Complex shear = f.shear_stiffness / f.shear_rate / (1.0 + lambda / f.shear_rate);
    const Complex bulk = f.bulk_stiffness / f.bulk_rate / (1.0 + lambda / f.bulk_rate);
    const Complex chi =
        direction.along
            ? lambda / (lambda * lambda + k2 * (f.sound_speed_squared + lambda * (4.0 / 3.0 * shear + bulk)))
            : 1.0 / (lambda + k2 * shear);
    const core::Grid& g = direction.grid;
    const double at_lower = dot(k, Vec3{g.lower[0], g.lower[1], g.lower[2]});
    return chi * std::polar(1.0, phase - omega * time - at_lower);
  }

  static constexpr double energy = 10.0;
};

TEST_P(Drive, RespondsAsLinearTheorySays) {
  constexpr double time = 140.0;
  const Complex found = response(time, 0.05, "dp54"), exact = expected(time);
  EXPECT_LT(std::abs(found - exact) / std::abs(exact), 1e-9) << found << " instead of " << exact;
}

TEST_P(Drive, ConvergesWithOrderFour) {
  const Complex coarse = response(2.0, 0.1), middle = response(2.0, 0.05), fine = response(2.0, 0.025);
  const double order = std::log2(std::abs(coarse - middle) / std::abs(middle - fine));
  EXPECT_NEAR(order, 4.0, 0.2);
  EXPECT_LT(std::abs(middle - fine) / std::abs(fine), 5e-7);
}

TEST_P(Drive, WorkIsBooked) {
  const auto& [direction, formulation] = GetParam();
  for (const auto geometry : {physics::Geometry::minkowski, physics::Geometry::milne}) {
    solvers::SolverOptions o = options(0.1, 0.02);
    o.geometry = geometry;
    o.time.start = 1.0;
    Evolution run(direction.grid, o, rest(direction.grid));
    run.advance_to(3.0);
    const double gained = run.system().diagnostics().energy;
    EXPECT_GT(std::abs(run.system().drive_energy()) / gained, 1e-6) << "the force does work";
    EXPECT_LT(std::abs(run.system().balance()), formulation == solvers::Formulation::conservative ? 1e-12 : 1e-6);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Directions, Drive,
    testing::Combine(testing::ValuesIn(directions()),
                     testing::Values(solvers::Formulation::primitive, solvers::Formulation::conservative)),
    [](const auto& info) { return std::get<0>(info.param).name + "_" + name_of(std::get<1>(info.param)); });

}  // namespace
}  // namespace ister::tests
