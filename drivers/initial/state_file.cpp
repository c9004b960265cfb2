#include "io/state_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <memory>

#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "drivers/nearest.hpp"
#include "solvers/initial/state_map.hpp"

namespace ister::drivers {
namespace {

using solvers::InitialContext;
using solvers::InitialState;
using solvers::state_fields;
using solvers::StateField;

[[noreturn]] void refuse(const io::FieldFile& file, const std::string& what, const std::string& has,
                         const std::string& needs) {
  throw InputError(
      fmt::format("{}: {} = {} in the file, but the input asks for {}", file.path().string(), what, has, needs));
}

bool close(double a, double b) { return std::fabs(a - b) <= 1e-9 * std::max(1.0, std::fabs(b)); }

/// The grid of the file. InputError where it has not as many directions as the run's.
core::Grid grid_of(const io::FieldFile& file, const core::Grid& run) {
  const auto points = file.attribute<std::vector<std::int64_t>>("points");
  const auto lower = file.attribute<std::vector<double>>("lower"), upper = file.attribute<std::vector<double>>("upper");
  const auto dimensions = static_cast<std::size_t>(run.dimensions);
  if (points.size() != dimensions || lower.size() != dimensions || upper.size() != dimensions)
    refuse(file, "points", fmt::format("[{}]", fmt::join(points, ", ")), fmt::format("{} directions", dimensions));
  core::Grid grid;
  grid.dimensions = run.dimensions;
  for (std::size_t d = 0; d < dimensions; ++d) {
    if (points[d] < 1 || points[d] > (1 << 20) || !(upper[d] > lower[d]))
      refuse(file, "points, lower, upper", fmt::format("{}, {}, {} along {}", points[d], lower[d], upper[d], "xyz"[d]),
             "a grid");
    grid.points[d] = static_cast<int>(points[d]);
    grid.lower[d] = lower[d];
    grid.upper[d] = upper[d];
  }
  return grid;
}

bool same_box(const core::Grid& a, const core::Grid& b, int d) {
  return close(a.lower[d], b.lower[d]) && close(a.upper[d], b.upper[d]);
}

bool same_grid(const core::Grid& a, const core::Grid& b) {
  for (int d = 0; d < a.dimensions; ++d)
    if (a.points[d] != b.points[d] || !same_box(a, b, d)) return false;
  return true;
}

/// Refuses a state file that is not of the geometry and start time of the input.
void require_fit(const io::FieldFile& file, const InitialContext& context) {
  const auto geometry = file.attribute<std::string>("geometry");
  if (geometry != solvers::geometry_name(context.solver.geometry))
    refuse(file, "geometry", '"' + geometry + '"', '"' + solvers::geometry_name(context.solver.geometry) + '"');
  const auto units = file.attribute<std::string>("units");
  if (units != "natural") refuse(file, "units", '"' + units + '"', "\"natural\"");
  const auto time = file.attribute<double>("time");
  if (!close(time, context.solver.time.start))
    refuse(file, "time", fmt::format("{}", time), fmt::format("time.start = {}", context.solver.time.start));
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
  spellings.reserve(fields.size());
  for (const std::string& field : fields) spellings.push_back(plain(field));
  const auto found = std::find(spellings.begin(), spellings.end(), nearest(plain(name), spellings));
  return fields[static_cast<std::size_t>(found - spellings.begin())];
}

/// Refuses what a state file holds beside the fields that are read: it would be passed over in silence.
void require_known(const io::FieldFile& file) {
  std::vector<std::string> fields;
  for (const StateField& field : state_fields) fields.emplace_back(field.name);
  const std::vector<std::string> passed_over{
      "temperature", "pressure", "entropy_density", "sound_speed_squared", "x", "y", "z", "eta", "time"};
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

/// Box by box, from a file on the run's own grid.
solvers::InitialSource same_grid_source(const InitialContext& context,
                                        const std::shared_ptr<const io::FieldFile>& file) {
  solvers::InitialSource source;
  source.rough = true;
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

/// The largest value at the two ends of direction d relative to the largest of all.
double rim_ratio(const std::vector<double>& values, const core::Grid& grid, int d) {
  double rim = 0.0, all = 0.0;
  std::size_t i = 0;
  for (int z = 0; z < grid.points[2]; ++z)
    for (int y = 0; y < grid.points[1]; ++y)
      for (int x = 0; x < grid.points[0]; ++x, ++i) {
        const int at = std::array{x, y, z}[static_cast<std::size_t>(d)];
        all = std::max(all, values[i]);
        if (at == 0 || at == grid.points[d] - 1) rim = std::max(rim, values[i]);
      }
  return all > 0.0 ? rim / all : 0.0;
}

/// The whole file as a map for another grid. A direction of the same box is periodic; along others the state must be
/// empty at its rim.
solvers::StateMap map_of(const io::FieldFile& file, const core::Grid& grid, const core::Grid& run) {
  core::Box whole;
  for (std::size_t d = 0; d < 3; ++d) whole.count[d] = grid.points[d];
  solvers::StateMap map;
  map.fields = read_box(file, grid, whole);
  for (int d = 0; d < grid.dimensions; ++d) map.nodes[d] = {grid.points[d], grid.lower[d], grid.spacing(d)};
  for (int d = 0; d < grid.dimensions; ++d) {
    constexpr double empty = 1e-2;
    const double ratio = same_box(grid, run, d) ? 0.0 : rim_ratio(map.fields.energy_density, grid, d);
    if (ratio > empty)
      throw InputError(fmt::format(
          "{}: a periodic box from {:.6g} to {:.6g} along {}, here from {:.6g} to {:.6g}: a state can be laid onto "
          "another box only where it is empty at its rim, below {} of its largest energy density (it has {:.2g})",
          file.path().string(), grid.lower[d], grid.upper[d], "xyz"[d], run.lower[d], run.upper[d], empty, ratio));
  }
  for (int d = 0; d < grid.dimensions; ++d) map.periodic[d] = same_box(grid, run, d);
  map.notes.push_back(fmt::format("{} is on another grid ([{}] points): interpolated", file.path().string(),
                                  fmt::join(grid.points.begin(), grid.points.begin() + grid.dimensions, ", ")));
  return map;
}

solvers::InitialSource make(const InitialContext& context) {
  const auto file = std::make_shared<const io::FieldFile>(io::open_state(context.comm, context.options.text("file")));
  check_file(*file, context);
  const core::Grid grid = grid_of(*file, context.grid());
  if (context.stride == 1) file->verify();
  solvers::InitialSource source;
  if (same_grid(grid, context.grid())) {
    source = same_grid_source(context, file);
  } else {
    solvers::StateMap map;
    core::collectively(context.comm, [&] { map = map_of(*file, grid, context.grid()); });
    solvers::MapLayout layout;
    layout.floor = context.options.number("floor");
    layout.least = context.solver.floor.energy_density;
    source = solvers::mapped_source(context, std::move(map), layout);
  }
  if (context.stride != 1) source.left_out = "the checksums";
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
