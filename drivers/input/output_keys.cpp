#include "drivers/input/output_keys.hpp"

namespace ister::drivers {
namespace {

constexpr int largest_count = 1'000'000'000;

}  // namespace

std::vector<Entry> observer_keys() {
  return {
      Entry("observers.modes.wavevectors", ISTER_MEMBER(modes.wavevectors),
            "Fourier modes that <name>_observers.h5 follows, in periods per box")
          .within(-32768, 32768)
          .entries(0, 64),
      Entry("observers.modes.fields", ISTER_MEMBER(modes.fields), "of which fields")
          .choices(solvers::output_field_names())
          .entries(1, static_cast<int>(solvers::output_field_names().size()))
          .when("observers.modes.wavevectors"),
      Entry("observers.modes.every_steps", ISTER_MEMBER(modes.every_steps), "how often")
          .within(1, largest_count)
          .when("observers.modes.wavevectors"),
      Entry("observers.medium.every_time", ISTER_MEMBER(medium.every_time),
            "T, e, u, p, s, c_s^2 for codes of jets and photons, in <name>_observers.h5, from time.start on; 0: none")
          .in(Unit::length)
          .at_least(0),
      Entry("observers.medium.every", ISTER_MEMBER(medium.every),
            "at every so many points of each direction, the middle one among them")
          .within(1, 1024)
          .entries(1, 3)
          .when("observers.medium.every_time"),
  };
}

std::vector<Entry> surface_keys() {
  const auto of_any = [](Entry entry) {
    entry.key.conditions.push_back({"surface.temperature", {}, "surface.energy_density"});
    return entry;
  };
  return {
      Entry("surface.temperature", ISTER_MEMBER(surface.temperatures),
            "a level, or several: surfaces of this temperature in space and time, elements in <name>_surface.h5")
          .in(Unit::gev)
          .above(0)
          .entries(0, 16),
      Entry("surface.energy_density", ISTER_MEMBER(surface.energy_densities), "or of this energy density")
          .in(Unit::gev_per_fm3)
          .above(0)
          .entries(0, 16),
      of_any(Entry("surface.every_time", ISTER_MEMBER(surface.every_time),
                   "whole steps, about so long, are taken together; absent or \"auto\": the grid spacing, a tenth of "
                   "tau, at most 0.2 fm")
                 .in(Unit::length)
                 .above(0)
                 .choices({"auto"})),
      of_any(Entry("surface.elements", ISTER_MEMBER(surface.elements),
                   "one for each cell of the grid that is cut, for each curved simplex there, or for each point of "
                   "their quadrature")
                 .choices({"cell", "simplex", "quadrature"})),
      of_any(Entry("surface.corona", ISTER_MEMBER(surface.corona),
                   "matter that is below the level at the start as elements as well, one a cell, at that time")),
      of_any(Entry("surface.stop", ISTER_MEMBER(surface.stop), "the end is where nothing is above the lowest level")),
  };
}

std::vector<Entry> ensemble_keys() {
  const std::string events = "ensemble.events";
  return {
      Entry(
          events, ISTER_MEMBER(ensemble.events),
          "A:B, events A to B - 1 of those in initial.file, or a pattern of files such as *.dat, which take its place; "
          "empty: one event"),
      Entry("ensemble.ranks_per_event", ISTER_MEMBER(ensemble.ranks_per_event), "that work on an event together")
          .within(1, 1'000'000)
          .when(events),
      Entry("ensemble.chunk", ISTER_MEMBER(ensemble.chunk), "events in a file <name>_ensemble_<chunk>.h5")
          .within(1, 1'000'000)
          .when(events),
      Entry("ensemble.keep", ISTER_MEMBER(ensemble.keep),
            "of each event beside its numbers: the rows of history.every_steps, the surfaces of [surface], spectra and "
            "flow of hadrons from the first of them, the last state")
          .choices({"history", "surface", "spectra", "state"})
          .entries(0, 4)
          .when(events),
  };
}

std::vector<Entry> output_keys() {
  return {
      Entry("output.every_steps", ISTER_MEMBER(output.cadence.every_steps),
            "at most one of every_steps, every_time and every_wall; 0: first and last state only")
          .within(0, largest_count),
      Entry("output.every_time", ISTER_MEMBER(output.cadence.every_time),
            "by side steps, which leave the run alone; steps are shortened where it is less than they are")
          .in(Unit::length)
          .at_least(0),
      Entry("output.every_wall", ISTER_MEMBER(output.cadence.every_wall), "of the wall clock")
          .in(Unit::seconds)
          .at_least(0),
      Entry("output.fields", ISTER_MEMBER(output.fields), "what snapshots hold")
          .choices(solvers::output_field_names())
          .entries(1, static_cast<int>(solvers::output_field_names().size())),
      Entry("checkpoint.every_steps", ISTER_MEMBER(checkpoint.cadence.every_steps),
            "at most one of every_steps, every_time and every_wall; beside it one of the first and of the last state")
          .within(0, largest_count),
      Entry("checkpoint.every_time", ISTER_MEMBER(checkpoint.cadence.every_time), "after the first step beyond each")
          .in(Unit::length)
          .at_least(0),
      Entry("checkpoint.every_wall", ISTER_MEMBER(checkpoint.cadence.every_wall),
            "of the wall clock; the default holds where none of the three is given; 0: off")
          .in(Unit::seconds)
          .at_least(0),
      Entry("checkpoint.keep", ISTER_MEMBER(checkpoint.keep), "how many; older ones are removed").within(1, 1000),
      Entry("history.every_steps", ISTER_MEMBER(history.every_steps), "0: never").within(0, largest_count),
      Entry("history.energy_cut", ISTER_MEMBER(history.energy_cut), "event averages are taken where e is above it")
          .in(Unit::energy_density)
          .at_least(0)
          .when("grid.geometry", {"milne"}),
      Entry("history.verdict_cut", ISTER_MEMBER(solver.verdict_cut),
            "matter with e above it is judged: acausal, it is refused at the start and ends a run (exit 4) later")
          .in(Unit::energy_density)
          .at_least(0),
      Entry(
          "fftw.wisdom", ISTER_MEMBER(fftw.wisdom),
          "take FFTW's plans from what this kind of machine keeps, and add new ones: equal runs are equal bit for bit"),
  };
}

}  // namespace ister::drivers
