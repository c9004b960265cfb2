#include "drivers/set_up.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "core/collective.hpp"
#include "core/error.hpp"
#include "drivers/nearest.hpp"
#include "io/event_file.hpp"
#include "io/state_file.hpp"

namespace ister::drivers {
namespace {

std::string geometry_name(physics::Geometry geometry) {
  return geometry == physics::Geometry::milne ? "milne" : "minkowski";
}

/// Refuses a state file that is not of the grid, geometry and start time of the input.
void require_fit(const io::FieldFile& file, const Input& input) {
  const std::string name = input.initial.file;
  const auto refuse = [&](const std::string& what, const std::string& has, const std::string& needs) {
    throw InputError(fmt::format("{}: {} = {} in the file, but the input asks for {}", name, what, has, needs));
  };
  const core::Grid& grid = input.grid;
  const auto dimensions = static_cast<std::size_t>(grid.dimensions);
  const auto points = file.attribute<std::vector<std::int64_t>>("points");
  const std::vector<std::int64_t> wanted(grid.points.begin(), grid.points.begin() + grid.dimensions);
  if (points != wanted)
    refuse("points", fmt::format("[{}]", fmt::join(points, ", ")), fmt::format("[{}]", fmt::join(wanted, ", ")));
  const auto geometry = file.attribute<std::string>("geometry");
  if (geometry != geometry_name(input.solver.geometry))
    refuse("geometry", '"' + geometry + '"', '"' + geometry_name(input.solver.geometry) + '"');
  const auto units = file.attribute<std::string>("units");
  if (units != "natural") refuse("units", '"' + units + '"', "\"natural\"");
  const auto close = [](double a, double b) { return std::fabs(a - b) <= 1e-9 * std::max(1.0, std::fabs(b)); };
  const auto time = file.attribute<double>("time");
  if (!close(time, input.solver.time.start))
    refuse("time", fmt::format("{}", time), fmt::format("time.start = {}", input.solver.time.start));
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
void require_known(const io::FieldFile& file, const std::vector<std::string>& fields) {
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

solvers::InitialState read_state(const core::Session& session, const Input& input, const physics::FluidModel& fluid,
                                 const core::Decomposition& decomposition) {
  const io::FieldFile file = io::open_state(session.comm(), input.initial.file);
  require_fit(file, input);
  solvers::InitialState state;
  if (!file.has("energy_density"))
    throw FileError(input.initial.file + ": the group /state has no dataset energy_density, the one that is required");
  const std::pair<const char*, std::vector<double>*> fields[] = {{"energy_density", &state.energy_density},
                                                                 {"ux", &state.ux},
                                                                 {"uy", &state.uy},
                                                                 {"uz", &state.uz},
                                                                 {"pixx", &state.pixx},
                                                                 {"pixy", &state.pixy},
                                                                 {"pixz", &state.pixz},
                                                                 {"piyy", &state.piyy},
                                                                 {"piyz", &state.piyz},
                                                                 {"pizz", &state.pizz},
                                                                 {"bulk_pressure", &state.bulk_pressure}};
  std::vector<std::string> names;
  for (const auto& [name, values] : fields) names.emplace_back(name);
  require_known(file, names);
  for (const auto& [name, values] : fields) {
    if (!file.has(name)) continue;
    values->resize(static_cast<std::size_t>(decomposition.box().points()));
    file.read(name, decomposition, values->data());
  }
  solvers::complete_initial_state(state);
  solvers::apply_floor(state.energy_density, input.initial.floor, session.comm());
  solvers::check_initial_state(state, fluid, decomposition, session.comm());
  return state;
}

}  // namespace

physics::FluidModel make_fluid(const core::Session& session, const Input& input) {
  constexpr double lowest_mev = 50.0, highest_mev = 800.0;
  std::optional<physics::FluidModel> fluid;
  core::collectively(session.comm(), [&] {
    fluid.emplace(input.solver.eos, input.solver.transport);
    physics::require_causal(*fluid,
                            std::max(physics::units::mev_to_inverse_fm(lowest_mev), fluid->lowest_temperature()),
                            std::min(physics::units::mev_to_inverse_fm(highest_mev), fluid->highest_temperature()));
  });
  return *fluid;
}

solvers::InitialState make_initial_fields(const core::Session& session, const Input& input,
                                          const physics::FluidModel& fluid, const core::Decomposition& decomposition) {
  if (input.initial.type == "file") return read_state(session, input, fluid, decomposition);
  if (input.initial.type != "trento")
    return solvers::make_initial_state(input.initial, input.solver, fluid, decomposition, session.comm());
  const io::Event event = io::read_event(session.comm(), input.initial.file, input.initial.event);
  const solvers::EventData data{event.nx, event.ny, event.values};
  return solvers::make_initial_state(input.initial, input.solver, fluid, decomposition, session.comm(), &data);
}

std::string describe(const Input& input, const core::Session& session, const core::ArrayPool& pool) {
  const core::Grid& grid = input.grid;
  const auto points = static_cast<double>(grid.total_points());
  double bytes = static_cast<double>(pool.statistics().bytes);
  double largest = bytes, total = bytes;
  MPI_Allreduce(&bytes, &largest, 1, MPI_DOUBLE, MPI_MAX, session.comm());
  MPI_Allreduce(&bytes, &total, 1, MPI_DOUBLE, MPI_SUM, session.comm());
  std::string slabs;
  for (int rank = 0; rank < session.ranks(); ++rank) {
    const core::Decomposition d(grid, session.ranks(), rank);
    slabs += fmt::format("{}{}", rank > 0 ? " " : "", d.box().count[d.cut_direction()]);
  }
  return fmt::format(
      "grid: {} points, {}, cut along {} among {} ranks with {} threads each ({} layers)\n"
      "memory: {:.1f} MB per rank at most, {:.0f} bytes per point\n",
      fmt::join(grid.points.begin(), grid.points.begin() + grid.dimensions, " x "),
      geometry_name(input.solver.geometry), "xyz"[grid.dimensions - 1], session.ranks(), session.threads(), slabs,
      largest / 1e6, total / points);
}

std::vector<std::string> warnings(const Input& input, const physics::FluidModel& fluid,
                                  const solvers::HydroSystem& system) {
  std::vector<std::string> lines = fluid.warnings();
  const solvers::Diagnostics& d = system.diagnostics();
  const double t_max = fluid.eos(std::log(d.e_max)).temperature;
  if (t_max > fluid.highest_temperature())
    lines.push_back(fmt::format("the hottest point has T = {:.0f} MeV, the equation of state is known up to {:.0f} MeV",
                                physics::units::inverse_fm_to_mev(t_max),
                                physics::units::inverse_fm_to_mev(fluid.highest_temperature())));
  const double tau = system.smallest_relaxation_time();
  const bool implicit = input.solver.time.integrator == "ars443";
  if (input.solver.time.step && !implicit && *input.solver.time.step > 2.5 * tau)
    lines.push_back(
        fmt::format("time.step = {} fm, but explicit integrators need less than about 2.5 times the shortest "
                    "relaxation time, {:.3g} fm: shorten it or take time.integrator = \"ars443\"",
                    *input.solver.time.step, tau));
  return lines;
}

}  // namespace ister::drivers
