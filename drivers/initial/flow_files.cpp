#include "core/parallel/collective.hpp"
#include "drivers/initial/foreign.hpp"
#include "io/initial_formats.hpp"
#include "physics/units.hpp"

// States with flow and stresses.
namespace ister::drivers {
namespace {

using solvers::InitialContext;
using solvers::StateMap;

const double gev = physics::units::gev_per_fm3_to_natural(1.0);

/// p + Pi = e/3 of a traceless T^{mu nu}.
void make_traceless(StateMap& state) {
  for (const double e : state.fields.energy_density) state.isotropic_pressure.push_back(state.energy_unit * e / 3.0);
}

template <class Read, class Finish>
solvers::InitialType flow_type(std::string name, std::string doc, FileUnits units, const Read& read,
                               const Finish& finish) {
  solvers::InitialType type;
  type.name = std::move(name);
  type.keys = foreign_keys(std::move(doc), true);
  type.foreign = true;
  type.make = [=](const InitialContext& context) {
    io::Map map = io::read_for_all(context.comm, [&] { return read(context); });
    StateMap state;
    core::collectively(context.comm, [&] {
      state = state_of(context, std::move(map), units);
      finish(state);
    });
    return solvers::mapped_source(context, std::move(state), solvers::layout_of(context.options));
  };
  return type;
}

}  // namespace

solvers::InitialType ip_glasma() {
  return flow_type(
      "ip_glasma", "table of IP-Glasma, KoMPoST and MUSIC: e, u and pi; Pi = e/3 - p(e)", {gev, 1.0},
      [](const InitialContext& context) { return io::read_music_table(context.options.text("file")); },
      [](StateMap& state) {
        if (!state.fields.pixx.empty()) make_traceless(state);
      });
}

solvers::InitialType ccake() {
  return flow_type(
      "ccake", "table of CCAKE or ICCING", {gev, gev},
      [](const InitialContext& context) { return io::read_ccake(context.options.text("file")); }, [](StateMap&) {});
}

solvers::InitialType freestream_milne() {
  return flow_type(
      "freestream_milne", "folder of output of freestream-milne", {1.0, 1.0},
      [](const InitialContext& context) { return io::read_freestream_folder(context.options.text("file")); },
      [](StateMap&) {});
}

solvers::InitialType duke_freestream() {
  return flow_type(
      "duke_freestream",
      "arrays e (x, y), u, pi, Pi of the Python package freestream, HDF5 or a folder of .npy; without Pi e/3 - p(e)",
      {gev, gev},
      [](const InitialContext& context) {
        return io::read_freestream_arrays(context.options.text("file"), given_spacing(context));
      },
      [](StateMap& state) {
        if (!state.fields.pixx.empty() && state.fields.bulk_pressure.empty()) make_traceless(state);
      });
}

}  // namespace ister::drivers
