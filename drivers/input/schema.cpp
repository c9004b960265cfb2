#include "drivers/input/schema.hpp"

#include "drivers/initial/initial_types.hpp"
#include "drivers/input/choice_keys.hpp"
#include "drivers/input/entry.hpp"
#include "drivers/input/output_keys.hpp"

namespace ister::drivers {
namespace {

constexpr double largest_length = 1e6;  // fm

std::vector<Entry> run_keys() {
  return {
      Entry("run.name", ISTER_MEMBER(run.name), "prefix of the output files"),
      Entry("run.output", ISTER_MEMBER(run.output), "folder, created; relative to the current one; absent: out/<name>"),
      Entry("run.wall_clock_limit", ISTER_MEMBER(run.wall_clock_limit), "checkpoint and exit 75 before it")
          .in(Unit::clock)
          .above(0),
      Entry("run.stall_limit", ISTER_MEMBER(run.stall_limit),
            "end with exit code 70 after so long without a step (and 50 median steps); 00:00:00: never")
          .in(Unit::clock),
      Entry(
          "run.keep_going", ISTER_MEMBER(run.keep_going),
          "go on where more than 1 % of the energy went missing or e_max more than doubles in a step, which else ends "
          "the run (exit 4)"),
  };
}

std::vector<Entry> grid_keys() {
  return {
      Entry("grid.geometry", ISTER_MEMBER(solver.geometry), "coordinates (t,x,y,z) or (tau,x,y,eta)")
          .choices({"minkowski", "milne"}),
      Entry("grid.points", ISTER_PER_DIRECTION(points), "resolved directions, in the order x; x,y; x,y,z (eta)")
          .within(8, 65536)
          .entries(1, 3)
          .required(),
      Entry("grid.lower", ISTER_PER_DIRECTION(lower), "periodic box; point i sits at lower + i (upper - lower)/points")
          .in(Unit::length)
          .within(-largest_length, largest_length)
          .required(),
      Entry("grid.upper", ISTER_PER_DIRECTION(upper), "above lower; eta is dimensionless")
          .in(Unit::length)
          .within(-largest_length, largest_length)
          .required(),
      Entry("units.system", ISTER_MEMBER(units),
            "for dimensional keys without a named unit: fm and powers of 1/fm, or GeV and GeV/fm^3 (lengths, times and "
            "rates in fm and 1/fm)")
          .choices({"natural", "gev-fm"}),
  };
}

std::vector<Entry> numerics_keys() {
  return {
      Entry(
          "numerics.preset", ISTER_MEMBER(preset),
          "event: other defaults of filter, stabilizer and initial.max_flow, with which every event runs; auto: event "
          "where the initial state is a file of another code, in the primitive formulation, else none")
          .choices({"auto", "none", "event"}),
  };
}

std::vector<Entry> time_keys() {
  return {
      Entry("time.start", ISTER_MEMBER(solver.time.start), "above 0 with grid.geometry = \"milne\"")
          .in(Unit::length)
          .within(-largest_length, largest_length),
      Entry("time.end", ISTER_MEMBER(solver.time.end), "after start")
          .in(Unit::length)
          .within(-largest_length, largest_length)
          .required(),
      Entry("time.step", ISTER_MEMBER(solver.time.step), "exactly one of step, cfl and tolerance: fixed step")
          .in(Unit::length)
          .above(0),
      Entry("time.cfl", ISTER_MEMBER(solver.time.cfl), "or step = cfl min dx_i, eta as tau d_eta")
          .above(0)
          .at_most(100),
      Entry("time.expansion_fraction", ISTER_MEMBER(solver.time.expansion_fraction),
            "with cfl a step is at most this share of tau (Milne)")
          .above(0)
          .at_most(1)
          .when("time.cfl"),
      Entry(
          "time.relaxation_fraction", ISTER_MEMBER(solver.time.relaxation_fraction),
          "and of the shortest relaxation time, where the integrator is explicit in it; 2.5 is the limit of stability")
          .above(0)
          .at_most(2.5)
          .when("time.cfl"),
      Entry("time.stop_temperature", ISTER_MEMBER(solver.time.stop_temperature),
            "the end is where nothing is hotter; 0: at time.end only")
          .in(Unit::gev)
          .at_least(0),
      Entry("time.tolerance", ISTER_MEMBER(solver.time.tolerance),
            "or adaptive: error max|err|/(tolerance max|field|); integrators bs32 and dp54")
          .within(1e-14, 0.1),
      Entry("time.integrator", ISTER_MEMBER(solver.time.integrator), "ars443: IMEX, relaxation implicit")
          .choices({"ssprk3", "rk4", "bs32", "dp54", "ars443"}),
  };
}

std::vector<Entry> solver_keys() {
  return {
      Entry("solver.formulation", ISTER_MEMBER(solver.formulation),
            "evolved: (ln e, u, pi/(e+p)), or T^{0m} in flux form")
          .choices({"primitive", "conservative"}),
      Entry("solver.floor", ISTER_MEMBER(solver.floor.energy_density),
            "energy density below which e is raised after a step; 0: off")
          .in(Unit::energy_density)
          .at_least(0),
  };
}

/// The type of a section and the keys of its choices.
std::vector<Entry> with_type(const std::string& section, Entry type) {
  std::vector<Entry> entries{std::move(type)};
  for (Entry& entry : choice_keys(choice_section(section))) entries.push_back(std::move(entry));
  return entries;
}

std::vector<Entry> eos_keys() { return with_type("eos", type_key(choice_section("eos"), "equation of state")); }

/// Initial states that are read from files.
std::vector<std::string> rough_types() {
  std::vector<std::string> names{"file"};
  for (const solvers::InitialType& type : initial_types())
    if (type.foreign) names.push_back(type.name);
  return names;
}

std::vector<Entry> initial_keys() {
  std::vector<Entry> entries = with_type(
      "initial", type_key(choice_section("initial"), "a state file, an event or a named analytic state").required());
  entries.push_back(
      Entry("initial.max_flow", ISTER_MEMBER(solver.stabilizer.max_flow),
            "the data are conditioned: |u| below this, then the stabilizer; what that changes is said; 0: never")
          .at_least(0)
          .when("initial.type", rough_types()));
  return entries;
}

/// The coefficients of the relaxation equations; none of them applies where transport.table gives all of them.
std::vector<Entry> transport_keys() {
  const std::string eta = "transport.eta_over_s", zeta = "transport.zeta_over_s";
  std::vector<Entry> keys{
      Entry(
          eta + ".model", ISTER_MEMBER(solver.transport.eta_over_s.type),
          "eta_over_s = 0.16 is short for { model = \"constant\", value = 0.16 }; 0: pi is not evolved, zero on input")
          .choices({"constant", "kink", "table"}),
      Entry(eta + ".value", ISTER_MEMBER(solver.transport.eta_over_s.value), "eta/s, or eta/s at the kink")
          .at_least(0)
          .when(eta + ".model", {"constant", "kink"}),
      Entry(eta + ".kink_temperature_mev", ISTER_MEMBER(solver.transport.eta_over_s.kink_temperature_mev),
            "where the two lines meet")
          .in(Unit::mev)
          .above(0)
          .required()
          .when(eta + ".model", {"kink"}),
      Entry(eta + ".slope_low_per_gev", ISTER_MEMBER(solver.transport.eta_over_s.slope_low_per_gev), "below the kink")
          .in(Unit::per_gev)
          .when(eta + ".model", {"kink"}),
      Entry(eta + ".slope_high_per_gev", ISTER_MEMBER(solver.transport.eta_over_s.slope_high_per_gev), "above the kink")
          .in(Unit::per_gev)
          .when(eta + ".model", {"kink"}),
      Entry(eta + ".file", ISTER_MEMBER(solver.transport.eta_over_s.file), "columns T [MeV], eta/s")
          .in(Unit::path)
          .required()
          .when(eta + ".model", {"table"}),
      Entry("transport.tau_pi_coefficient", ISTER_MEMBER(solver.transport.tau_pi_coefficient),
            "tau_pi = this eta/(e+p)")
          .above(0),
      Entry("transport.delta_pipi", ISTER_MEMBER(solver.transport.delta_pipi), "in units of tau_pi"),
      Entry("transport.tau_pipi", ISTER_MEMBER(solver.transport.tau_pipi), "in units of tau_pi"),
      Entry("transport.lambda_pibulk", ISTER_MEMBER(solver.transport.lambda_pibulk), "in units of tau_pi"),
      Entry(
          zeta + ".model", ISTER_MEMBER(solver.transport.zeta_over_s.type),
          "zeta_over_s = 0.05 is short for { model = \"constant\", value = 0.05 }; 0: Pi is not evolved, zero on input")
          .choices({"constant", "peak", "table"}),
      Entry(zeta + ".value", ISTER_MEMBER(solver.transport.zeta_over_s.value), "zeta/s, or its height at the peak")
          .at_least(0)
          .when(zeta + ".model", {"constant", "peak"}),
      Entry(zeta + ".peak_temperature_mev", ISTER_MEMBER(solver.transport.zeta_over_s.peak_temperature_mev),
            "T_0 in value L^2/((T - T_0)^2 + L^2)")
          .in(Unit::mev)
          .above(0)
          .required()
          .when(zeta + ".model", {"peak"}),
      Entry(zeta + ".width_mev", ISTER_MEMBER(solver.transport.zeta_over_s.width_mev),
            "L = width (1 + skew sign(T - T_0))")
          .in(Unit::mev)
          .above(0)
          .required()
          .when(zeta + ".model", {"peak"}),
      Entry(zeta + ".skew", ISTER_MEMBER(solver.transport.zeta_over_s.skew), "asymmetry of the peak")
          .within(-0.99, 0.99)
          .when(zeta + ".model", {"peak"}),
      Entry(zeta + ".file", ISTER_MEMBER(solver.transport.zeta_over_s.file), "columns T [MeV], zeta/s")
          .in(Unit::path)
          .required()
          .when(zeta + ".model", {"table"}),
      Entry("transport.tau_bulk", ISTER_MEMBER(solver.transport.tau_bulk),
            "constant tau_Pi; absent: zeta/(tau_bulk_coefficient (1/3-cs2)^2 (e+p)); required where zeta > 0 and cs2 = "
            "1/3")
          .in(Unit::length)
          .above(0),
      Entry("transport.tau_bulk_coefficient", ISTER_MEMBER(solver.transport.tau_bulk_coefficient), "see tau_bulk")
          .above(0),
      Entry("transport.delta_bulkbulk", ISTER_MEMBER(solver.transport.delta_bulkbulk), "in units of tau_Pi"),
      Entry("transport.lambda_bulkpi", ISTER_MEMBER(solver.transport.lambda_bulkpi),
            "in units of tau_Pi; absent: 8/5 (1/3-cs2)"),
  };
  for (Entry& entry : keys) entry.key.conditions.push_back({"transport.table", {""}});
  keys.insert(
      keys.end(),
      {
          Entry("transport.phi7", ISTER_MEMBER(solver.transport.phi7), "the 9/(70 p) pi.pi term"),
          Entry("transport.vorticity", ISTER_MEMBER(solver.transport.vorticity), "the 2 tau_pi pi.omega term"),
          Entry("transport.table", ISTER_MEMBER(solver.transport.table),
                "all coefficients from columns T, beta_pi, beta_Pi, dPiPi, lPipi, dpipi, tpipi, lpiPi; empty: none")
              .in(Unit::path),
          Entry("transport.tau_relaxation_T", ISTER_MEMBER(solver.transport.tau_relaxation_T),
                "tau_pi = tau_Pi = this / T; eta = beta_pi tau, zeta = beta_Pi tau")
              .above(0)
              .when("transport.table"),
      });
  return keys;
}

std::vector<Entry> control_keys() {
  return {
      Entry("filter.type", ISTER_MEMBER(solver.filter.type), "after each step, every evolved field")
          .choices({"none", "two_thirds", "exponential"}),
      Entry("filter.order", ISTER_MEMBER(solver.filter.order),
            "damps by exp(-rate dt/min dx_i (|k_i|/k_N,i)^order) per direction, k_N,i = pi/dx_i")
          .within(1, 1000)
          .when("filter.type", {"exponential"}),
      Entry("filter.rate", ISTER_MEMBER(solver.filter.rate),
            "90: in a step of 0.4 dx the highest mode is lost to rounding")
          .within(0, 10000)
          .when("filter.type", {"exponential"}),
      Entry("sponge.width", ISTER_MEMBER(solver.sponge.width), "relaxation to the floor within this of the rim; 0: off")
          .in(Unit::length)
          .at_least(0),
      Entry("sponge.rate", ISTER_MEMBER(solver.sponge.rate), "times smoothstep")
          .in(Unit::inverse_length)
          .above(0)
          .when("sponge.width"),
      Entry("sponge.energy_density", ISTER_MEMBER(solver.sponge.energy_density), "what e relaxes to, at the start time")
          .in(Unit::energy_density)
          .at_least(0)
          .when("sponge.width"),
      Entry("stabilizer.threshold", ISTER_MEMBER(solver.stabilizer.threshold),
            "sub-grid content of ln e and u above which local diffusion sets in; 0: off")
          .within(0, 10),
      Entry("stabilizer.every", ISTER_MEMBER(solver.stabilizer.every), "steps")
          .within(1, 1000)
          .when("stabilizer.threshold"),
      Entry("stabilizer.cap", ISTER_MEMBER(solver.stabilizer.cap),
            "most that pi and Pi, which are scaled down above it, may take off the inertia, in units of e+p; 0: off")
          .within(0, 0.99),
  };
}

std::vector<Entry> drive_keys() {
  return {
      Entry("drive.tones", ISTER_MEMBER(solver.drive.tones),
            "oscillating forces f^component = amplitude cos(k.(x - lower) - omega t + phase), k = 2 pi mode/L, that do "
            "not heat; their work is booked")
          .entries(0, 64),
  };
}

}  // namespace

const std::vector<Key>& schema() {
  static const std::vector<Key> keys = [] {
    std::vector<Key> all;
    for (auto* section :
         {run_keys, grid_keys, numerics_keys, time_keys, solver_keys, eos_keys, transport_keys, initial_keys,
          control_keys, drive_keys, observer_keys, surface_keys, output_keys, ensemble_keys})
      for (Entry& entry : section()) all.push_back(std::move(entry.key));
    return all;
  }();
  return keys;
}

const std::vector<std::vector<std::string>>& exclusive_keys() {
  static const std::vector<std::vector<std::string>> groups = [] {
    std::vector<std::vector<std::string>> all = exclusive_choice_keys();
    all.push_back({"time.step", "time.cfl", "time.tolerance"});
    all.push_back({"surface.temperature", "surface.energy_density"});
    for (const std::string section : {"output", "checkpoint"})
      all.push_back({section + ".every_steps", section + ".every_time", section + ".every_wall"});
    return all;
  }();
  return groups;
}

}  // namespace ister::drivers
