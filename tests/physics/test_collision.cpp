#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "drivers/initial/initial_types.hpp"
#include "drivers/input/input.hpp"
#include "physics/units.hpp"
#include "solvers/hydro_system.hpp"

// The lead-lead collisions of inputs/ as a user runs them: what they must reach is physics, not bit patterns.
namespace {

using namespace ister;

const double one_gev_per_fm3 = physics::units::gev_per_fm3_to_natural(1.0);

/// A deck's collision, evolved in this process.
class Collision {
 public:
  Collision(const std::string& deck, const std::vector<std::string>& overrides)
      : m_input(drivers::read_input(std::string(ISTER_INPUTS_DIR) + "/" + deck, overrides)),
        m_decomposition(m_input.grid, 1, 0),
        m_system(MPI_COMM_SELF, m_decomposition, m_pool,
                 physics::FluidModel(m_input.solver.eos, m_input.solver.transport), m_input.solver,
                 m_input.history.energy_cut) {
    const physics::FluidModel fluid(m_input.solver.eos, m_input.solver.transport);
    m_system.set_state(m_input.solver.time.start,
                       solvers::make_initial_source(m_input.initial, m_input.solver, fluid, m_decomposition,
                                                    MPI_COMM_SELF, 1, drivers::initial_types()));
  }

  void run_to(double time) {
    while (m_system.time() < time) {
      m_system.step(time);
      m_worst_balance = std::max(m_worst_balance, std::fabs(m_system.balance()));
    }
  }

  [[nodiscard]] std::vector<double> field(const std::string& name) {
    std::vector<double> values(static_cast<std::size_t>(m_input.grid.total_points()));
    for (const core::NamedField& f : m_system.state_fields())
      if (f.name == name) f.copy_out(values.data());
    return values;
  }

  /// Largest |pi^{ij}|/(e+p) and whether all fields are finite, at points with e > 1 GeV/fm^3.
  [[nodiscard]] double largest_hot_stress() {
    const std::vector<double> e = field("energy_density");
    double largest = 0.0;
    for (const char* name : {"pixx", "pixy", "piyy", "pizz"}) {
      const std::vector<double> pi = field(name);
      for (std::size_t i = 0; i < e.size(); ++i) {
        EXPECT_TRUE(std::isfinite(e[i]) && std::isfinite(pi[i])) << name << " at point " << i;
        if (e[i] > one_gev_per_fm3) largest = std::max(largest, std::fabs(pi[i]) / e[i]);
      }
    }
    return largest;
  }

  [[nodiscard]] const solvers::Diagnostics& diagnostics() { return m_system.diagnostics(); }
  [[nodiscard]] double worst_balance() const { return m_worst_balance; }
  [[nodiscard]] double sponge_energy() const { return m_system.sponge_energy(); }

 private:
  drivers::Input m_input;
  core::Decomposition m_decomposition;
  core::ArrayPool m_pool;
  solvers::HydroSystem m_system;
  double m_worst_balance = 0.0;
};

TEST(CollisionLong, ClosesItsBalanceAndHardlyChangesOnAFinerGrid) {
  Collision coarse("pbpb.toml", {});
  Collision fine("pbpb.toml", {"grid.points=[288,288]"});
  for (const double time : {2.0, 4.0, 6.0, 8.0, 10.0}) {
    coarse.run_to(time);
    fine.run_to(time);
    const solvers::Diagnostics &a = coarse.diagnostics(), &b = fine.diagnostics();
    EXPECT_NEAR(a.eps_p / b.eps_p, 1.0, 2e-3) << "at time " << time;
    EXPECT_NEAR(a.mean_radial_flow / b.mean_radial_flow, 1.0, 2e-3) << "at time " << time;
    const double stress = coarse.largest_hot_stress();
    EXPECT_LT(stress, 1.0);
    fmt::print(
        "time {}: from 192 to 288 points eps_p changes by {:.1e}, radial flow by {:.1e}; largest |pi|/e {:.2f}\n", time,
        a.eps_p / b.eps_p - 1.0, a.mean_radial_flow / b.mean_radial_flow - 1.0, stress);
  }
  fmt::print("largest balance {:.1e}, on the finer grid {:.1e}\n", coarse.worst_balance(), fine.worst_balance());
  EXPECT_LT(coarse.worst_balance(), 1e-5);
  EXPECT_LT(fine.worst_balance(), 1e-5);
}

/// Mean |a - b| where e > 1 GeV/fm^3.
double hot_difference(const std::vector<double>& e, const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0.0;
  for (std::size_t i = 0; i < e.size(); ++i) sum += e[i] > one_gev_per_fm3 ? std::fabs(a[i] - b[i]) : 0.0;
  return sum;
}

// Damping and diffusion per unit time: halving the step halves what it changes, or more.
TEST(CollisionLong, ShorterStepsConverge) {
  struct Case {
    const char* deck;
    int points;
  };
  for (const auto& [deck, points] : {Case{"pbpb.toml", 96}, {"pbpb.toml", 192}, {"pbpb_lumpy.toml", 192}}) {
    std::map<std::string, std::vector<double>> last;
    std::map<std::string, double> change;
    for (double step = 0.04; step > 0.004; step *= 0.5) {
      Collision flow(deck, {fmt::format("grid.points=[{0}, {0}]", points), fmt::format("time.step={}", step)});
      flow.run_to(2.0);
      const std::vector<double> e = flow.field("energy_density");
      for (const char* name : {"energy_density", "ux", "pixx"}) {
        const std::vector<double> now = flow.field(name);
        if (!last[name].empty()) {
          const double relative =
              hot_difference(e, now, last[name]) / hot_difference(e, now, std::vector<double>(e.size(), 0.0));
          fmt::print("{} {}: step {} changes {} by {:.2e}\n", deck, points, step, name, relative);
          if (change.count(name) > 0) {
            EXPECT_LT(relative, std::max(change[name] / 1.9, 1e-6)) << deck << " " << name;
          }
          change[name] = relative;
        }
        last[name] = now;
      }
    }
  }
}

/// Mean |f - f'| relative to e', where e' of the finer grid is above 1 GeV/fm^3 at a point of the coarser one.
double error(Collision& coarse, Collision& fine, const std::string& name) {
  const std::vector<double> e = fine.field("energy_density"), want = fine.field(name), got = coarse.field(name);
  const auto points = static_cast<std::size_t>(std::lround(std::sqrt(got.size())));
  const auto finer = static_cast<std::size_t>(std::lround(std::sqrt(want.size())));
  double sum = 0.0;
  int hot = 0;
  for (std::size_t i = 0; i < got.size(); ++i) {
    const std::size_t at = (i / points * finer + i % points) * (finer / points);
    if (e[at] <= one_gev_per_fm3) continue;
    sum += std::fabs(got[i] - want[at]) / e[at];
    ++hot;
  }
  return sum / hot;
}

std::vector<std::string> box_of_24_fm(int points, std::vector<std::string> numerics = {}) {
  numerics.insert(numerics.end(), {"grid.lower=[-12,-12]", "grid.upper=[12,12]",
                                   fmt::format("grid.points=[{0},{0}]", points), "time.step=0.04"});
  return numerics;
}

// What tests/rough shows of more events and down to 0.05 fm.
TEST(Collision, OfTheLumpyEventConvergesOnFinerGrids) {
  Collision fine("pbpb_lumpy.toml", box_of_24_fm(240)), middle("pbpb_lumpy.toml", box_of_24_fm(120)),
      coarse("pbpb_lumpy.toml", box_of_24_fm(60));
  Collision order8("pbpb_lumpy.toml",  // exp(-36 (k/k_N)^8) in each step, as if no step were shorter than 0.4 dx
                   box_of_24_fm(120, {"numerics.preset=none", "filter.order=8", "filter.rate=180"}));
  for (const double time : {1.6, 3.6}) {
    for (Collision* flow : {&fine, &middle, &coarse, &order8}) flow->run_to(time);
    for (const char* name : {"energy_density", "pixx"}) {
      const double at_04 = error(coarse, fine, name), at_02 = error(middle, fine, name),
                   old = error(order8, fine, name);
      fmt::print("time {}, {} against 0.1 fm: 0.4 fm {:.1e}, 0.2 fm {:.1e}, of order 8 {:.1e}\n", time, name, at_04,
                 at_02, old);
      EXPECT_LT(at_02, at_04 / 2.5);
      EXPECT_LT(at_02, old / 2.5);
    }
  }
}

TEST(CollisionLong, TheStabilizerLeavesTheHotMatterAlone) {
  Collision plain("pbpb.toml", {"stabilizer.threshold=0", "stabilizer.cap=0"}), stabilized("pbpb.toml", {});
  for (const double time : {1.6, 4.0, 5.6}) {
    plain.run_to(time);
    stabilized.run_to(time);
    const std::vector<double> e = plain.field("energy_density");
    // Each in units of the mean of a component that no symmetry makes small.
    const std::pair<const char*, const char*> names[] = {{"energy_density", "energy_density"},
                                                         {"ux", "ux"},
                                                         {"uy", "ux"},
                                                         {"pixx", "pixx"},
                                                         {"pixy", "pixx"},
                                                         {"piyy", "pixx"}};
    for (const auto& [name, unit] : names) {
      const double change = hot_difference(e, plain.field(name), stabilized.field(name)) /
                            hot_difference(e, plain.field(unit), std::vector<double>(e.size(), 0.0));
      fmt::print("time {}: with the stabilizer {} changes by {:.1e} of the mean\n", time, name, change);
      EXPECT_LT(change, 1e-7) << name << " at time " << time;
    }
  }
}

TEST(CollisionLong, OfTheLumpyEventStaysFinite) {
  Collision lumpy("pbpb_lumpy.toml", {});
  for (const double time : {1.0, 2.0, 4.0, 7.0, 10.0}) {
    lumpy.run_to(time);
    const double stress = lumpy.largest_hot_stress();
    fmt::print("time {}: largest |pi|/e {:.2f}\n", time, stress);
    EXPECT_LT(stress, 1.0) << "at time " << time;
  }
  fmt::print("largest balance {:.1e}\n", lumpy.worst_balance());
  EXPECT_LT(lumpy.worst_balance(), 1e-3);
}

TEST(Collision, InASmallBoxWithASpongeBooksWhatItTakes) {
  Collision sponge("pbpb.toml",
                   {"grid.lower=[-15,-15]", "grid.upper=[15,15]", "grid.points=[144,144]", "sponge.width=3"});
  sponge.run_to(10.0);
  EXPECT_LT(sponge.largest_hot_stress(), 1.0);
  EXPECT_LT(sponge.sponge_energy(), 0.0);
  EXPECT_LT(sponge.worst_balance(), 1e-5);
}

}  // namespace
