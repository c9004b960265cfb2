#include "io/event_file.hpp"
#include "solvers/initial/event.hpp"

namespace ister::drivers {
namespace {

using core::Option;

std::vector<Option> keys() {
  return core::joined({{Option("file", std::string(), "event, text or HDF5 by content").in(core::Unit::path).required(),
                        Option("event", 0, "which dataset of an HDF5 file").at_least(0)},
                       solvers::event_keys()});
}

solvers::InitialSource make(const solvers::InitialContext& context) {
  io::Event event = io::read_event(context.comm, context.options.text("file"), context.options.integer("event"));
  return solvers::event_source(context, {event.nx, event.ny, std::move(event.values)});
}

}  // namespace

solvers::InitialType trento() { return {{"trento", keys()}, make}; }

}  // namespace ister::drivers
