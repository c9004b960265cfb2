#include <fmt/format.h>

#include "physics/hadron_gas.hpp"
#include "physics/hotqcd.hpp"
#include "physics/units.hpp"
#include "tests/physics/support.hpp"

// Matter that is quarks and gluons at first and hadrons at last, ideal: what it becomes is known from the sums over
// hadrons alone, as the oracle of the table and of the joint.
namespace ister::tests {
namespace {

using solvers::Formulation;

const physics::HadronGas& gas() {
  static const physics::HadronGas all(physics::shipped_hadrons());
  return all;
}

/// s and e of the gas [powers of 1/fm] at T [1/fm].
double entropy_density(double t) { return (gas().at(t).energy() + gas().at(t).value) * std::pow(t, 3); }
double energy_density(double t) { return gas().at(t).energy() * std::pow(t, 4); }

solvers::SolverOptions ideal_hadrons(Formulation formulation) {
  solvers::SolverOptions options;
  options.eos = {"hotqcd_hrg", {}};
  options.transport.eta_over_s.value = 0.0;
  options.formulation = formulation;
  options.time.integrator = "dp54";
  return options;
}

class HadronFluid : public testing::TestWithParam<Formulation> {};

// tau s is constant: from the entropy of the lattice fit at 250 MeV to that of the hadrons at 130 and at 90 MeV.
TEST_P(HadronFluid, ExpandsFromTheLatticeToTheGas) {
  using physics::units::mev_to_inverse_fm;
  solvers::SolverOptions options = ideal_hadrons(GetParam());
  options.geometry = physics::Geometry::milne;
  options.time.start = 0.6;
  options.time.tolerance = 1e-13;
  const double hot = mev_to_inverse_fm(250.0);
  const physics::hotqcd::Fit fit = physics::hotqcd::fit(250.0);
  const double s_tau = 0.6 * (fit.energy + fit.pressure) * std::pow(hot, 3);
  Evolution run(periodic_box({8}, {0}, {8}), options,
                solvers::InitialOptions{"uniform", {{"energy_density", fit.energy * std::pow(hot, 4)}}});
  double worst = 0.0;
  for (const double mev : {150.0, 130.0, 90.0}) {
    const double cold = mev_to_inverse_fm(mev);
    run.advance_to(s_tau / entropy_density(cold));
    for (const double e : run.field("energy_density")) {
      worst = std::max(worst, std::abs(e / energy_density(cold) - 1.0));
      worst = std::max(worst, std::abs(run.fluid().eos(std::log(e)).temperature / cold - 1.0));
    }
  }
  EXPECT_LT(worst, 1e-9);
  fmt::print("largest relative error {:.1e} in {} steps\n", worst, run.system().step_count());
}

// A standing sound wave of the gas, e ~ 1 + a cos(k x) cos(c_s k t).
TEST_P(HadronFluid, SoundWaveOfHadrons) {
  constexpr double k = 2 * M_PI / 5;
  const double t = physics::units::mev_to_inverse_fm(150.0);
  const double speed = std::sqrt(gas().at(t).sound_speed_squared());
  solvers::SolverOptions options = ideal_hadrons(GetParam());
  options.time.step = 0.03 / (1.0 + 0.8 * k);
  const core::Grid grid = periodic_box({12}, {0}, {5});
  std::unique_ptr<Evolution> runs[2];
  const double amplitudes[] = {2e-4, 4e-4};
  for (int i = 0; i < 2; ++i) {
    solvers::InitialState state;
    for (const Vec3& x : positions(grid))
      state.energy_density.push_back(energy_density(t) * (1.0 + amplitudes[i] * std::cos(k * x.x)));
    runs[i] = std::make_unique<Evolution>(grid, options, std::move(state));
  }
  double worst = 0.0;
  for (double time = 1.0; time < 8.0; time += 1.5) {
    std::complex<double> found[2];
    for (int i = 0; i < 2; ++i) {
      runs[i]->advance_to(time);
      found[i] =
          fourier_amplitude(grid, runs[i]->field("energy_density"), {k, 0, 0}) / (amplitudes[i] * energy_density(t));
    }
    const std::complex<double> amplitude = vanishing_amplitude_limit(found[0], found[1]);
    worst = std::max(worst, std::abs(amplitude - std::cos(speed * k * time)));
  }
  EXPECT_LT(worst, 1e-9);
  fmt::print("largest error {:.1e} of the amplitude\n", worst);
}

INSTANTIATE_TEST_SUITE_P(Formulations, HadronFluid, testing::Values(Formulation::primitive, Formulation::conservative),
                         [](const auto& info) { return name_of(info.param); });

}  // namespace
}  // namespace ister::tests
