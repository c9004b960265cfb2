#include "solvers/initial/initial.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/base/error.hpp"
#include "core/spectral/fft3d.hpp"
#include "physics/gubser.hpp"
#include "physics/linear_modes.hpp"
#include "physics/steady_shock.hpp"
#include "tests/unit/solvers/scenario.hpp"

namespace ister::tests {
namespace {

using namespace solvers;

TEST(InitialUniform, IsWhatTheOptionsSay) {
  Scenario run(make_grid({8, 8}, 0, 1), "uniform");
  run["ux"] = 0.5;
  run["uz"] = -0.2;
  run["pixy"] = 0.1;
  run["pixx"] = 0.3;
  const InitialState state = run.make();
  ASSERT_EQ(state.energy_density.size(), 64u);
  EXPECT_NEAR(state.energy_density[7], 42.25 * M_PI * M_PI / 30, 1e-12);
  EXPECT_EQ(state.uz[63], -0.2);
  const double u0_squared = 1 + 0.25 + 0.04, pizz = state.pizz[0];
  EXPECT_NEAR(0.3 + pizz, (0.25 * 0.3 + 0.04 * pizz) / u0_squared, 1e-15);  // trace pi = v.pi.v
}

TEST(InitialUniform, NeedsAnEnergy) {
  Scenario run(make_grid({8}, 0, 1), "uniform");
  run["temperature"] = 0.0;
  EXPECT_TRUE(contains(message_of([&] { run.make(); }), "initial.temperature"));
}

TEST(InitialWaves, SoundIsTheLinearMode) {
  for (const double velocity : {0.0, 0.4}) {
    Scenario run(make_grid({16, 12}, 0, 5), "sound_wave");
    run.with_bulk();
    run["amplitude"] = 1e-6;
    run["mode"] = std::vector<int>{1, -2};
    run["uy"] = velocity;
    const InitialState state = run.make();
    const double e0 = run.background(), w = 1.25 * e0;
    const Vec3 k{2 * M_PI / 5, -4 * M_PI / 5, 0};
    const auto fluid = physics::linear_fluid(run.fluid(), std::log(e0));
    const auto mode = physics::sound_mode(fluid, {0, velocity, 0}, k);
    for (int i = 0; i < 16 * 12; ++i) {
      const double phase = k.x * (i % 16) * 5 / 16.0 + k.y * (i / 16) * 5 / 12.0;
      const std::complex<double> wave = 1e-6 * 0.8 * std::polar(1.0, phase) / mode.energy;
      EXPECT_NEAR(state.energy_density[i], e0 + w * (mode.energy * wave).real(), 1e-14 * e0);
      EXPECT_NEAR(state.energy_density[i], e0 * (1 + 1e-6 * std::cos(phase)), 1e-14 * e0);
      EXPECT_NEAR(state.uy[i], velocity + (mode.u[1] * wave).real(), 1e-15);
      EXPECT_NEAR(state.pixy[i], w * (mode.pi[1] * wave).real(), 1e-14);
      EXPECT_NEAR(state.pizz[i], w * (mode.pi[5] * wave).real(), 1e-11 * e0);  // second order in the amplitude
      EXPECT_NEAR(state.bulk_pressure[i], w * (mode.bulk * wave).real(), 1e-14);
    }
  }
}

TEST(InitialWaves, ShearIsTransverse) {
  Scenario run(make_grid({16}, 0, 5), "shear_wave");
  run["amplitude"] = 1e-3;
  const InitialState state = run.make();
  const auto fluid = physics::linear_fluid(run.fluid(), std::log(run.background()));
  const auto mode = physics::shear_mode(fluid, {}, {2 * M_PI / 5, 0, 0}, {0, 1, 0});
  const double w = 4.0 / 3.0 * run.background();
  for (int i = 0; i < 16; ++i) {
    const double phase = 2 * M_PI * i / 16;
    EXPECT_NEAR(state.energy_density[i], run.background(), 1e-12);
    EXPECT_NEAR(state.uy[i], 1e-3 * std::cos(phase), 1e-17);
    EXPECT_NEAR(state.pixy[i], 1e-3 * w * (mode.pi[1] * std::polar(1.0, phase)).real(), 1e-15);
    EXPECT_EQ(state.ux[i], 0.0);
  }
}

TEST(InitialWaves, WrongModesAreRefused) {
  Scenario run(make_grid({16}, 0, 5), "sound_wave");
  run["amplitude"] = 0.1;
  run["mode"] = std::vector<int>{0, 0, 0};
  EXPECT_TRUE(contains(message_of([&] { run.make(); }), "initial.mode"));
  run["mode"] = std::vector<int>{8};
  EXPECT_TRUE(contains(message_of([&] { run.make(); }), "do not fit"));
  run["mode"] = std::vector<int>{1, 1};
  EXPECT_TRUE(contains(message_of([&] { run.make(); }), "must be 0"));
  run["mode"] = std::vector<int>{1};
  run.in_milne(1.0);
  EXPECT_TRUE(contains(message_of([&] { run.make(); }), "minkowski"));
}

TEST(InitialFlows, FollowTheFormulasOfTheSpectralReferences) {
  Scenario wave(make_grid({16}, 0, 5), "standing_wave");
  wave["amplitude"] = 0.3;
  wave["flow_amplitude"] = std::vector<double>{0.2, 0.4, 0};
  const InitialState standing = wave.make();
  const double x = 3 * 5.0 / 16, k = 2 * M_PI / 5;
  EXPECT_NEAR(standing.energy_density[3], wave.background() * (1 + 0.3 * std::cos(k * x)), 1e-13);
  EXPECT_NEAR(standing.ux[3], 0.2 * std::sin(k * x), 1e-15);
  EXPECT_NEAR(standing.uy[3], 0.4 * std::cos(k * x), 1e-15);

  Scenario spot(make_grid({20, 20}, 0, 10), "hot_spot");
  spot["amplitude"] = 8;
  spot["width"] = std::vector<double>{1.2, 0.9};
  const InitialState hot = spot.make();
  const auto part = [](double distance, double width) {
    return std::pow(10 * std::sin(M_PI * distance / 10) / width, 2) / (2 * M_PI * M_PI);
  };
  EXPECT_NEAR(hot.energy_density[20 * 7 + 12], spot.background() * (1 + 8 * std::exp(-part(1.0, 1.2) - part(1.5, 0.9))),
              1e-12);

  Scenario layer(make_grid({16, 16}, 0, 8), "kelvin_helmholtz");
  layer["amplitude"] = 0.5;
  layer["steepness"] = 1.5;
  layer["perturbation"] = 0.1;
  const InitialState shear = layer.make();
  EXPECT_NEAR(shear.ux[16 * 5 + 3], 0.5 * std::tanh(1.5 * std::sin(2 * M_PI * 2.5 / 8)) / std::tanh(1.5), 1e-15);
  EXPECT_NEAR(shear.uy[16 * 5 + 3], 0.1 * std::sin(2 * M_PI * 1.5 / 8), 1e-15);
}

TEST(InitialFlows, ShockTubeHasItsTwoStates) {
  Scenario run(make_grid({64}, -10, 10), "shock_tube");
  run["energy_densities"] = std::vector<double>{20.0, 2.0};
  run["velocities"] = std::vector<double>{0.3, -0.1};
  run["thickness"] = 0.2;
  const InitialState state = run.make();
  EXPECT_NEAR(state.energy_density[16], 20.0, 1e-12);
  EXPECT_NEAR(state.energy_density[48], 2.0, 1e-12);
  EXPECT_NEAR(state.energy_density[32], std::sqrt(40.0), 1e-12);
  EXPECT_NEAR(state.ux[16] / std::sqrt(1 + state.ux[16] * state.ux[16]), 0.3, 1e-13);
}

TEST(InitialGubser, IsExactInsideAndResolvedOn128Points) {
  Scenario run(make_grid({256, 256}, -10, 10), "gubser");
  run.in_milne(1.0);
  run.solver.transport.eta_over_s.value = 0.2;
  InitialState state = run.make();
  const physics::Gubser flow({run.background(), 0.2, 5.0, 4.0 / 3.0, 10.0 / 7.0}, 1.0, 1.2);
  double e_max = 0;
  for (int iy = 0; iy < 256; ++iy) {
    for (int ix = 0; ix < 256; ++ix) {
      const double x = run.grid.coordinate(0, ix), y = run.grid.coordinate(1, iy);
      const std::size_t i = 256 * iy + ix;
      e_max = std::fmax(e_max, state.energy_density[i]);
      if (std::abs(x) > 8 || std::abs(y) > 8) continue;
      const physics::GubserPoint p = flow.at(1.0, x, y);
      EXPECT_NEAR(state.energy_density[i], p.energy_density, 1e-13 * p.energy_density);
      EXPECT_NEAR(state.ux[i], p.ux, 1e-14);
      EXPECT_NEAR(state.pixy[i], p.pixy, 1e-14 * p.energy_density);
      EXPECT_NEAR(state.pizz[i], p.pizz, 1e-13 * p.energy_density);
    }
  }
  EXPECT_NEAR(e_max, flow.at(1.0, 0, 0).energy_density, 1e-12);

  // What a grid of 128^2 could not hold.
  const auto tail = [&](const std::vector<double>& field) {
    core::Fft3d fft(MPI_COMM_SELF, run.decomposition());
    std::vector<core::Fft3d::Complex> spectrum(static_cast<std::size_t>(fft.spectrum_size()));
    fft.forward(field.data(), spectrum.data());
    double square = 0;
    fft.for_each_mode([&](const core::FourierMode& mode, std::int64_t i) {
      if (std::abs(mode.number[0]) > 64 || std::abs(mode.number[1]) > 64)
        square += mode.weight * std::norm(spectrum[i]);
    });
    return std::sqrt(square);
  };
  for (double& e : state.energy_density) e = std::log(e);
  EXPECT_LT(tail(state.energy_density), 1e-10);
  EXPECT_LT(tail(state.ux), 1e-10);
}

TEST(InitialGubser, RefusesOtherFluidsAndBoxes) {
  Scenario run(make_grid({16, 16}, -10, 10), "gubser");
  EXPECT_TRUE(contains(message_of([&] { run.make(); }), "milne"));
  run.in_milne(1.0);
  run["blend_radius"] = 10;
  EXPECT_TRUE(contains(message_of([&] { run.make(); }), "blend_radius"));
  run["blend_radius"] = 8;
  run.with_bulk();
  EXPECT_TRUE(contains(message_of([&] { run.make(); }), "conformal"));
}

TEST(InitialShock, IsExactInsideAndClosedSmoothly) {
  Scenario run(make_grid({400}, -40, 40), "steady_shock");
  run.solver.transport.eta_over_s.value = 0.1;
  run["blend_radius"] = 25;
  run["frame_velocity"] = 0.3;
  const InitialState state = run.make();
  const physics::SteadyShock shock({run.background(), 0.1, 5.0, 4.0 / 3.0, 10.0 / 7.0}, 0.68, 1.0, 60.0);
  double roughest = 0;
  for (int i = 0; i < 400; ++i) {
    const auto e = [&](int j) { return std::log(state.energy_density[(i + j + 400) % 400]); };
    roughest = std::fmax(roughest, std::abs(e(-2) - 4 * e(-1) + 6 * e(0) - 4 * e(1) + e(2)));
    const double x = run.grid.coordinate(0, i);
    if (std::abs(x) > 25) continue;
    const auto p = shock.boosted(x, 0.3);
    EXPECT_NEAR(state.energy_density[i], p.energy_density, 1e-12 * p.energy_density);
    const double gamma_squared = 1 / (1 - p.velocity * p.velocity);
    EXPECT_NEAR(state.ux[i], p.velocity * std::sqrt(gamma_squared), 1e-13);
    EXPECT_NEAR(state.pixx[i], gamma_squared * p.shear, 1e-12);
  }
  EXPECT_LT(roughest, 5e-4);  // fourth differences of a profile that is smooth across the seam, too
}

/// The energy density and flow along y of a source's boxes, box after box.
std::vector<double> energies_and_flow(const InitialSource& source, const std::vector<core::Box>& boxes) {
  std::vector<double> values;
  for (const core::Box& box : boxes) {
    const InitialState piece = source.make(box);
    values.insert(values.end(), piece.energy_density.begin(), piece.energy_density.end());
    values.insert(values.end(), piece.uy.begin(), piece.uy.end());
  }
  return values;
}

TEST(InitialSource, PiecesAndWholeBlocksAgree) {
  const InitialOptions states[] = {
      {"hot_spot", {{"temperature", 1.0}, {"amplitude", 0.2}, {"width", std::vector<double>(3, 1.0)}}},
      {"random_velocity", {{"temperature", 1.0}, {"amplitude", 0.2}, {"k_min", 0.0}, {"k_max", 5.0}}},
      {"shock_tube", {{"energy_densities", std::vector{2.0, 1.0}}, {"thickness", 0.3}}}};
  for (const InitialOptions& options : states) {
    Scenario run(make_grid({18, 15, 12}, -2, 2), options.type);
    run.options = options;
    const physics::FluidModel fluid = run.fluid();
    const core::Decomposition all = run.decomposition();
    const InitialSource source = make_initial_source(run.options, run.solver, fluid, all, MPI_COMM_SELF);
    const InitialState whole = run.make();
    std::vector<double> expected;
    for (std::size_t z = 0; z < 12; ++z)
      for (const std::vector<double>* field : {&whole.energy_density, &whole.uy})
        expected.insert(expected.end(), field->begin() + z * 270, field->begin() + (z + 1) * 270);
    EXPECT_EQ(energies_and_flow(source, all.pieces(270)), expected) << options.type;
  }
}

TEST(InitialSource, TheFloorRefersToAllPieces) {
  Scenario run(make_grid({40, 40}, -4, 4), "event");
  run.in_milne(0.6);
  run["scale"] = 2.0;
  run["floor"] = 0.1;
  StateMap event = event_map(5, 5, 0.5, std::vector<double>(25, 0.0));
  event.fields.energy_density[12] = 1.0;
  const physics::FluidModel fluid = run.fluid();
  const InitialSource source =
      make_initial_source(run.options, run.solver, fluid, run.decomposition(), MPI_COMM_SELF, 1, maps(event));
  const EnergyRange range = energy_range(source, initial_boxes(run.decomposition()), MPI_COMM_SELF);
  EXPECT_NEAR(range.lowest, 0.1 * 2.0 / 0.1973269804, 1e-9);
  EXPECT_NEAR(range.highest, std::sqrt(1.01) * 2.0 / 0.1973269804, 1e-9);
  EXPECT_EQ(source.make(run.decomposition().pieces(40).front()).energy_density[0], range.lowest);
}

TEST(InitialSource, ASampleOfRandomVelocitiesIsTheirBackground) {
  Scenario run(make_grid({64, 64, 64}, -2, 2), "random_velocity");
  run["amplitude"] = 0.2;
  run["k_min"] = 0.0;
  run["k_max"] = 5.0;
  run["uy"] = 0.5;
  const physics::FluidModel fluid = run.fluid();
  const InitialSource source =
      make_initial_source(run.options, run.solver, fluid, run.decomposition(), MPI_COMM_SELF, 16);
  for (const core::Box& line : initial_boxes(run.decomposition(), 16))
    EXPECT_EQ(source.make(line).uy, std::vector<double>(64, 0.5));
}

TEST(InitialCheck, CompletesWhatAFileLeavesOut) {
  InitialState state;
  state.energy_density = {1, 2};
  state.ux = {0.5, 0};
  state.pixx = {0.1, 0.1};
  complete_initial_state(state);
  EXPECT_EQ(state.uy, (std::vector<double>{0, 0}));
  EXPECT_NEAR(state.pizz[0], -0.1 / 1.25, 1e-16);
  EXPECT_NEAR(state.pizz[1], -0.1, 1e-16);
  EXPECT_EQ(state.bulk_pressure.size(), 2u);
}

TEST(InitialCheck, NamesTheFirstBadPoint) {
  Scenario run(make_grid({8, 8}, 0, 4), "uniform");
  const InitialState good = run.make();
  const auto message = [&](const std::function<void(InitialState&)>& spoil) {
    InitialState state = good;
    spoil(state);
    return message_of([&] { run.check(state); });
  };
  EXPECT_EQ(message([](InitialState&) {}), "");
  EXPECT_EQ(
      message([](InitialState& s) { s.energy_density[11] = -2; }),
      "initial state: energy_density = -2 must be positive (of events and state files initial.floor, say 1e-4, fills "
      "the vacuum), point (3, 1) at (1.5, 0.5)");
  EXPECT_TRUE(contains(message([](InitialState& s) { s.uy[9] = std::numeric_limits<double>::quiet_NaN(); }),
                       "uy = nan is not finite, point (1, 1)"));
  const double e = good.energy_density[0];
  EXPECT_TRUE(contains(message([&](InitialState& s) { s.pizz[5] = 2e-6 * e; }), "tracelessness"));
  EXPECT_EQ(message([&](InitialState& s) { s.pizz[5] = 0.5e-6 * e; }), "");
  EXPECT_TRUE(contains(message([&](InitialState& s) { s.bulk_pressure[0] = 0.1; }), "zeta_over_s = 0"));
  run.solver.transport.eta_over_s.value = 0;
  EXPECT_TRUE(contains(message([&](InitialState& s) { s.pixy[0] = 0.1; }), "eta_over_s = 0"));
}

}  // namespace
}  // namespace ister::tests
