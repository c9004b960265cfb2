#include "io/state_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <memory>

#include "core/base/error.hpp"
#include "drivers/nearest.hpp"
#include "solvers/initial/states.hpp"

namespace ister::drivers {
namespace {

using solvers::InitialContext;
using solvers::InitialState;
using solvers::state_fields;
using solvers::StateField;

/// Refuses a state file that is not of the grid, geometry and start time of the input.
void require_fit(const io::FieldFile& file, const InitialContext& context) {
  const std::string& name = context.options.text("file");
  const auto refuse = [&](const std::string& what, const std::string& has, const std::string& needs) {
    throw InputError(fmt::format("{}: {} = {} in the file, but the input asks for {}", name, what, has, needs));
  };
  const core::Grid& grid = context.grid();
  const auto dimensions = static_cast<std::size_t>(grid.dimensions);
  const auto points = file.attribute<std::vector<std::int64_t>>("points");
  const std::vector<std::int64_t> wanted(grid.points.begin(), grid.points.begin() + grid.dimensions);
  if (points != wanted)
    refuse("points", fmt::format("[{}]", fmt::join(points, ", ")), fmt::format("[{}]", fmt::join(wanted, ", ")));
  const auto geometry = file.attribute<std::string>("geometry");
  if (geometry != solvers::geometry_name(context.solver.geometry))
    refuse("geometry", '"' + geometry + '"', '"' + solvers::geometry_name(context.solver.geometry) + '"');
  const auto units = file.attribute<std::string>("units");
  if (units != "natural") refuse("units", '"' + units + '"', "\"natural\"");
  const auto close = [](double a, double b) { return std::fabs(a - b) <= 1e-9 * std::max(1.0, std::fabs(b)); };
  const auto time = file.attribute<double>("time");
  if (!close(time, context.solver.time.start))
    refuse("time", fmt::format("{}", time), fmt::format("time.start = {}", context.solver.time.start));
  for (const auto& [key, corner] : {std::pair{"lower", grid.lower}, std::pair{"upper", grid.upper}}) {
    const auto box = file.attribute<std::vector<double>>(key);
    for (std::size_t d = 0; d < dimensions; ++d)
      if (box.size() != dimensions || !close(box[d], corner[d]))
        refuse(key, fmt::format("[{}]", fmt::join(box, ", ")),
               fmt::format("[{}]", fmt::join(corner.begin(), corner.begin() + grid.dimensions, ", ")));
  }
}

/// The field that a name may stand for; spelling and underscores differ most.
std::string nearest_field(const std::string& name, const std::vector<std::string>& fields) {
  if (name == "Pi" || name.find("bulk") != std::string::npos) return "bulk_pressure";
  const auto plain = [](const std::string& text) {
    std::string letters;
    for (const unsigned char c : text)
      if (std::isalnum(c) != 0) letters += static_cast<char>(std::tolower(c));
    return letters;
  };
  std::vector<std::string> spellings;
  for (const std::string& field : fields) spellings.push_back(plain(field));
  const auto found = std::find(spellings.begin(), spellings.end(), nearest(plain(name), spellings));
  return fields[static_cast<std::size_t>(found - spellings.begin())];
}

/// Refuses what a state file holds beside the fields that are read: it would be passed over in silence.
void require_known(const io::FieldFile& file) {
  std::vector<std::string> fields;
  for (const StateField& field : state_fields) fields.emplace_back(field.name);
  const std::vector<std::string> passed_over{"temperature", "pressure", "entropy_density", "x", "y", "z",
                                             "eta",         "time"};
  std::vector<std::string> names = file.groups();
  for (const io::FieldFile::Field& field : file.fields()) names.push_back(field.name);
  for (const std::string& name : names) {
    const auto is_in = [&](const auto& list) { return std::find(list.begin(), list.end(), name) != list.end(); };
    if (is_in(fields) || is_in(passed_over) || name.rfind("alpha_", 0) == 0) continue;
    const std::string charge = name.rfind("density_", 0) == 0 ? ": the input configures no such charge" : "";
    throw InputError(fmt::format(
        "{}: /state/{} is not known{}; did you mean {}? Known are {}; {} and alpha_* are ignored", file.path().string(),
        name, charge, nearest_field(name, fields), fmt::join(fields, ", "), fmt::join(passed_over, ", ")));
  }
}

/// Refuses a file that is no state of this run's grid.
void check_file(const io::FieldFile& file, const InitialContext& context) {
  require_fit(file, context);
  if (!file.has("energy_density"))
    throw FileError(context.options.text("file") +
                    ": the group /state has no dataset energy_density, the one that is required");
  require_known(file);
}

/// The floor of the energy density: a fraction of its largest value. Collective.
double vacuum(const InitialContext& context, const io::FieldFile& file) {
  const auto energies = [&](const core::Box& box) {
    std::vector<double> values(static_cast<std::size_t>(box.points()));
    file.read("energy_density", context.grid(), box, values.data());
    return values;
  };
  const std::vector<core::Box> boxes = solvers::initial_boxes(context.decomposition, context.stride);
  return context.options.number("floor") * solvers::largest_energy(energies, boxes, context.comm);
}

InitialState read_box(const io::FieldFile& file, const core::Grid& grid, const core::Box& box) {
  InitialState state;
  for (const StateField& field : state_fields) {
    if (!file.has(field.name)) continue;
    std::vector<double>& values = state.*field.values;
    values.resize(static_cast<std::size_t>(box.points()));
    file.read(field.name, grid, box, values.data());
  }
  return state;
}

solvers::InitialSource make(const InitialContext& context) {
  const auto file = std::make_shared<const io::FieldFile>(io::open_state(context.comm, context.options.text("file")));
  check_file(*file, context);
  solvers::InitialSource source;
  source.rough = true;
  if (context.stride == 1)
    file->verify();
  else
    source.left_out = "the checksums";
  source.make = [file, floor = vacuum(context, *file), least = context.solver.floor.energy_density,
                 &fluid = context.fluid, grid = context.grid()](const core::Box& box) {
    InitialState state = read_box(*file, grid, box);
    solvers::apply_floor(state.energy_density, floor);
    for (double& e : state.energy_density)
      if (e >= 0.0) e = std::max(e, least);
    solvers::complete_initial_state(state);
    try {
      solvers::check_initial_state(state, fluid, grid, box);
    } catch (const InputError& error) {
      throw InputError(file->path().string() + ": " + error.what());
    }
    return state;
  };
  return source;
}

}  // namespace

// What a run wrote, or HDF5 of the same layout made elsewhere.
solvers::InitialType state_file() {
  return {
      {"file",
       {core::Option("file", std::string(), "state file").in(core::Unit::path).required(), solvers::floor_key(0.0)}},
      make};
}

}  // namespace ister::drivers
