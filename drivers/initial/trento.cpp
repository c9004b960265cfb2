#include <fmt/format.h>

#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "drivers/initial/foreign.hpp"
#include "io/initial_formats.hpp"
#include "physics/units.hpp"
#include "solvers/initial/matched_map.hpp"

// Maps of one quantity, of matter at rest.
namespace ister::drivers {
namespace {

using core::Option;

/// Massless matter without collisions from the map, as tau e, to the start of the run.
std::vector<Option> streaming_keys() {
  return {Option("free_streaming", false, "scale * value is tau e [GeV/fm^2], which streams freely until time.start"),
          Option("free_streaming_from", 0.0, "the time that it begins at").in(core::Unit::length).at_least(0)};
}

void require_streamable(const solvers::InitialContext& context) {
  context.require(physics::Geometry::milne);
  if (context.options.text("quantity") != "energy_density")
    throw InputError("initial.free_streaming = true streams an energy: initial.quantity must be \"energy_density\"");
  const double from = context.options.number("free_streaming_from"), to = context.solver.time.start;
  if (from >= to)
    throw InputError(fmt::format("initial.free_streaming_from = {:g} fm: must be below time.start = {:g}", from, to));
}

solvers::InitialSource make(const solvers::InitialContext& context, const std::function<io::Map()>& read) {
  io::Map map = io::read_for_all(context.comm, read);
  solvers::StateMap state;
  state.nodes = map.nodes;
  state.notes = std::move(map.notes);
  state.energy_unit = physics::units::gev_per_fm3_to_natural(1.0);
  state.fields.energy_density = std::move(map.columns["value"]);
  core::collectively(context.comm, [&] {
    if (!context.options.flag("free_streaming")) return;
    require_streamable(context);
    state = solvers::streamed_map(state, context.options.number("free_streaming_from"), context.solver.time.start,
                                  context.options.number("floor"));
  });
  solvers::InitialSource source =
      solvers::mapped_source(context, std::move(state), solvers::layout_of(context.options));
  source.numbers = std::move(map.numbers);
  return source;
}

}  // namespace

solvers::InitialType trento() {
  solvers::InitialType type;
  type.name = "trento";
  type.keys =
      core::joined({foreign_keys("event, text or HDF5 by content, also with vHLLE's header (2-D and 3-D)", false),
                    {Option("event", 0, "which of several in the file").at_least(0)},
                    streaming_keys()});
  type.foreign = true;
  type.make = [](const solvers::InitialContext& context) {
    return make(context, [&] {
      return io::read_trento(context.options.text("file"), context.options.integer("event"), given_spacing(context));
    });
  };
  return type;
}

solvers::InitialType supermc() {
  solvers::InitialType type;
  type.name = "supermc";
  type.keys =
      core::joined({foreign_keys("block (row = x) or table of superMC, iEBE, VISHNew", false), streaming_keys()});
  type.foreign = true;
  type.make = [](const solvers::InitialContext& context) {
    return make(context, [&] { return io::read_supermc(context.options.text("file"), given_spacing(context)); });
  };
  return type;
}

}  // namespace ister::drivers
