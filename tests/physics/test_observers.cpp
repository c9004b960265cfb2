#include <gtest/gtest.h>

#include "solvers/observers/observers.hpp"
#include "tests/physics/support.hpp"

// What observers are shown, against what the steps themselves do.
namespace ister::tests {
namespace {

std::vector<double> values_of(const core::FieldBundle& bundle, int components) {
  const core::BlockLayout& layout = bundle.layout();
  std::vector<double> all, one(static_cast<std::size_t>(layout.points()));
  for (int c = 0; c < components; ++c) {
    bundle.copy_out(c, one.data());
    all.insert(all.end(), one.begin(), one.end());
  }
  return all;
}

struct Seen {
  std::int64_t step;
  double time, previous_time;
  std::vector<double> now, rates, previous, previous_rates;
};

/// Keeps all that it is shown, every so many steps.
class Recorder final : public solvers::Observer {
 public:
  Recorder(int every_steps, Needs needs, std::vector<Seen>& seen)
      : m_every(every_steps), m_needs(needs), m_seen(seen) {}
  [[nodiscard]] std::string name() const override { return "recorder"; }
  [[nodiscard]] Needs needs() const override { return m_needs; }
  [[nodiscard]] bool due(const solvers::Moment& moment) const override { return moment.step % m_every == 0; }
  void observe(const solvers::Observation& o) override {
    const auto copy = [&](const core::FieldBundle* bundle) {
      return bundle == nullptr ? std::vector<double>() : values_of(*bundle, components);
    };
    m_seen.push_back({o.moment.step, o.moment.time, o.previous_time, copy(&o.primitives), copy(o.rates),
                      copy(o.previous), copy(o.previous_rates)});
  }

  static constexpr int components = 10;

 private:
  int m_every;
  Needs m_needs;
  std::vector<Seen>& m_seen;
};

class ObserversOf : public testing::TestWithParam<solvers::Formulation> {
 protected:
  static solvers::SolverOptions options() {
    solvers::SolverOptions o;
    o.formulation = GetParam();
    o.geometry = physics::Geometry::milne;
    o.eos = {"constant_cs2", {{"cs2", 0.25}}};
    o.transport.eta_over_s.value = 0.2;
    o.transport.zeta_over_s.value = 0.05;
    o.time.start = 1.0;
    o.time.step = 0.01;
    o.filter.type = solvers::FilterOptions::Type::none;
    return o;
  }

  static solvers::InitialState bump(const core::Grid& grid) {
    solvers::InitialState state;
    for (const Vec3& x : positions(grid)) {
      state.energy_density.push_back(5.0 + std::cos(x.x) * std::sin(x.y));
      state.ux.push_back(0.1 * std::sin(x.x + x.y));
    }
    return state;
  }

  static solvers::Moment moment(solvers::HydroSystem& system) { return {system.step_count(), system.time()}; }

  core::Grid grid = periodic_box({16, 14}, {0.0, 0.0}, {2.0 * M_PI, 2.0 * M_PI});
};

/// Rates agree with differences of states of order 4, the previous state is the one that was seen then.
TEST_P(ObserversOf, SeeStatesAndRates) {
  Evolution run(grid, options(), bump(grid));
  solvers::HydroSystem& system = run.system();
  std::vector<Seen> all, second;
  solvers::Observers observers(system);
  observers.add(std::make_unique<Recorder>(1, solvers::Observer::Needs{true, true}, all));
  observers.add(std::make_unique<Recorder>(2, solvers::Observer::Needs{false, true}, second));
  observers.look(moment(system));
  for (int step = 1; step <= 4; ++step) {
    system.step(10.0);
    observers.look(moment(system));
  }
  ASSERT_EQ(all.size(), 5u);
  ASSERT_EQ(second.size(), 3u);
  for (std::size_t s = 0; s < all.size(); ++s) {
    EXPECT_EQ(all[s].step, static_cast<std::int64_t>(s));
    ASSERT_EQ(all[s].rates.size(), all[s].now.size());
    EXPECT_EQ(all[s].previous, s == 0 ? std::vector<double>() : all[s - 1].now);
    EXPECT_EQ(all[s].previous_rates, s == 0 ? std::vector<double>() : all[s - 1].rates);
    if (s > 0) {
      EXPECT_EQ(all[s].previous_time, all[s - 1].time);
    }
  }
  EXPECT_TRUE(second[1].rates.empty());
  EXPECT_EQ(second[1].previous, all[0].now);
  EXPECT_EQ(second[2].previous, all[2].now);
  const double dt = *options().time.step;
  for (std::size_t i = 0; i < all[2].now.size(); ++i) {
    const double slope = (8.0 * (all[3].now[i] - all[1].now[i]) - (all[4].now[i] - all[0].now[i])) / (12.0 * dt);
    EXPECT_NEAR(all[2].rates[i], slope, 2e-7) << i;
  }
}

TEST_P(ObserversOf, LeaveNoTraceInTheSolution) {
  Evolution watched(grid, options(), bump(grid)), alone(grid, options(), bump(grid));
  std::vector<Seen> seen;
  solvers::Observers observers(watched.system());
  observers.add(std::make_unique<Recorder>(1, solvers::Observer::Needs{true, true}, seen));
  for (int step = 0; step < 3; ++step) {
    watched.system().step(10.0);
    observers.look(moment(watched.system()));
    alone.system().step(10.0);
  }
  for (const std::string field : {"energy_density", "ux", "pixy", "bulk_pressure"})
    EXPECT_EQ(watched.field(field), alone.field(field)) << field;
}

/// What a checkpoint takes is enough to go on as if nothing had happened.
TEST_P(ObserversOf, RememberWhatARestartNeeds) {
  Evolution run(grid, options(), bump(grid));
  std::vector<Seen> seen, after;
  solvers::Observers observers(run.system()), restarted(run.system());
  observers.add(std::make_unique<Recorder>(1, solvers::Observer::Needs{true, true}, seen));
  restarted.add(std::make_unique<Recorder>(1, solvers::Observer::Needs{true, true}, after));
  observers.look(moment(run.system()));
  const std::vector<core::NamedField> from = observers.checkpoint_fields(), to = restarted.checkpoint_fields();
  ASSERT_EQ(from.size(), 20u);
  std::vector<double> values(static_cast<std::size_t>(grid.total_points()));
  for (std::size_t f = 0; f < from.size(); ++f) {
    EXPECT_EQ(from[f].name, to[f].name);
    from[f].copy_out(values.data());
    to[f].copy_in(values.data());
  }
  restarted.restored(observers.checkpoint_numbers());
  run.system().step(10.0);
  observers.look(moment(run.system()));
  restarted.look(moment(run.system()));
  EXPECT_EQ(after.at(0).previous, seen.at(1).previous);
  EXPECT_EQ(after.at(0).previous_rates, seen.at(1).previous_rates);
  EXPECT_EQ(after.at(0).previous_time, seen.at(1).previous_time);
}

INSTANTIATE_TEST_SUITE_P(Formulations, ObserversOf,
                         testing::Values(solvers::Formulation::primitive, solvers::Formulation::conservative),
                         [](const auto& info) { return name_of(info.param); });

}  // namespace
}  // namespace ister::tests
