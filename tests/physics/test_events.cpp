#include <deque>
#include <type_traits>

#include "tests/physics/support.hpp"

// One event after the other: none leaves a trace in the next.
namespace ister::tests {
namespace {

static_assert(!std::is_copy_constructible_v<solvers::HydroSystem> &&
                  !std::is_move_constructible_v<solvers::HydroSystem>,
              "its parts refer to each other");

solvers::SolverOptions options(solvers::Formulation formulation) {
  solvers::SolverOptions options;
  options.geometry = physics::Geometry::milne;
  options.formulation = formulation;
  options.eos = {"constant_cs2", {{"cs2", 0.25}}};
  options.transport.eta_over_s.value = 0.1;
  options.transport.zeta_over_s.value = 0.02;
  options.time.start = 0.6;
  options.time.integrator = "dp54";
  options.time.tolerance = 1e-5;
  options.sponge.width = 2.0;  // towards the emptiest point of the event
  return options;
}

class Events : public testing::TestWithParam<solvers::Formulation> {
 protected:
  Events() : m_options(options(GetParam())), m_fluid(m_options.eos, m_options.transport) {}

  [[nodiscard]] solvers::InitialState event(double temperature, double amplitude) const {
    const solvers::InitialOptions initial{
        "hot_spot", {{"temperature", temperature}, {"amplitude", amplitude}, {"width", std::vector{1.5, 1.0}}}};
    return solvers::make_initial_state(initial, m_options, m_fluid, m_decomposition, MPI_COMM_SELF);
  }
  [[nodiscard]] solvers::InitialState dense() const { return event(2.0, 3.0); }
  [[nodiscard]] solvers::InitialState thin() const { return event(0.5, 1.0); }

  /// Every number of every field after the event.
  static std::vector<double> outcome(solvers::HydroSystem& system, const solvers::InitialState& event) {
    system.set_state(0.6, event);
    while (system.time() < 1.0) system.step(1.0);
    std::vector<double> all{system.balance(), system.sponge_energy(), static_cast<double>(system.step_count())};
    std::vector<double> values(event.energy_density.size());
    for (const core::NamedField& field : system.state_fields()) {
      field.copy_out(values.data());
      all.insert(all.end(), values.begin(), values.end());
    }
    return all;
  }

  solvers::SolverOptions m_options;
  core::Decomposition m_decomposition{periodic_box({32, 24}, {-6, -5}, {6, 5}), 1, 0};
  physics::FluidModel m_fluid;
  core::ArrayPool m_pool;
};

TEST_P(Events, AreTheSameAloneSecondAndInAContainer) {
  const auto make = [&](auto& systems) -> solvers::HydroSystem& {
    return systems.emplace_back(MPI_COMM_SELF, m_decomposition, m_pool, m_fluid, m_options, 1.0);
  };
  std::deque<solvers::HydroSystem> systems;
  const std::vector<double> alone = outcome(make(systems), thin());

  solvers::HydroSystem& used = make(systems);
  const std::vector<double> other = outcome(used, dense());
  EXPECT_NE(other, alone);
  EXPECT_EQ(outcome(used, thin()), alone) << "second on the same system";

  for (int i = 0; i < 5; ++i) make(systems);
  for (int i = 2; i < 7; ++i) systems[i].set_state(0.6, dense());
  EXPECT_EQ(outcome(systems[4], thin()), alone) << "one of several in a container";
}

INSTANTIATE_TEST_SUITE_P(Formulations, Events,
                         testing::Values(solvers::Formulation::primitive, solvers::Formulation::conservative),
                         [](const auto& info) { return name_of(info.param); });

}  // namespace
}  // namespace ister::tests
