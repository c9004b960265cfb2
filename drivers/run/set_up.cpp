#include "drivers/run/set_up.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <memory>

#include "core/base/error.hpp"
#include "core/parallel/collective.hpp"
#include "drivers/nearest.hpp"
#include "io/event_file.hpp"
#include "io/state_file.hpp"
#include "solvers/causality.hpp"

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
void require_known(const io::FieldFile& file) {
  std::vector<std::string> fields;
  for (const solvers::StateField& field : solvers::state_fields) fields.emplace_back(field.name);
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

solvers::InitialSource read_state(const core::Ranks& ranks, const Input& input, const physics::FluidModel& fluid,
                                  const core::Decomposition& decomposition, int stride) {
  const auto file = std::make_shared<const io::FieldFile>(io::open_state(ranks.comm(), input.initial.file));
  require_fit(*file, input);
  if (!file->has("energy_density"))
    throw FileError(input.initial.file + ": the group /state has no dataset energy_density, the one that is required");
  require_known(*file);
  if (stride == 1) file->verify();
  const core::Grid grid = decomposition.grid();
  const auto energies = [=](const core::Box& box) {
    std::vector<double> values(static_cast<std::size_t>(box.points()));
    file->read("energy_density", grid, box, values.data());
    return values;
  };
  const double vacuum = input.initial.floor *
                        solvers::largest_energy(energies, solvers::initial_boxes(decomposition, stride), ranks.comm());
  solvers::InitialSource source;
  source.make = [=, &fluid, least = input.solver.floor.energy_density](const core::Box& box) {
    solvers::InitialState state;
    for (const solvers::StateField& field : solvers::state_fields) {
      if (!file->has(field.name)) continue;
      std::vector<double>& values = state.*field.values;
      values.resize(static_cast<std::size_t>(box.points()));
      file->read(field.name, grid, box, values.data());
    }
    solvers::apply_floor(state.energy_density, vacuum);
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

/// The shortest tau_pi or tau_Pi at these energy densities [fm]; infinite in an ideal fluid.
double smallest_relaxation_time(const physics::FluidModel& fluid, const solvers::EnergyRange& range) {
  constexpr int samples = 64;
  const double low = std::log(range.lowest), high = std::log(range.highest);
  double rate = 0.0;
  for (int i = 0; i <= samples; ++i) {
    const physics::FluidPoint f = fluid.at(low + (high - low) * i / samples);
    if (fluid.has_shear()) rate = std::max(rate, f.shear_rate);
    if (fluid.has_bulk()) rate = std::max(rate, f.bulk_rate);
  }
  return 1.0 / rate;
}

/// Refuses matter that is acausal where it counts.
void require_causal(solvers::InitialSource& source, const Input& input, const physics::FluidModel& fluid) {
  const physics::Causality causality(fluid, input.solver.transport, input.solver.verdict_cut);
  if (causality.always()) return;
  source.make = [make = std::move(source.make), causality, grid = input.grid](const core::Box& box) {
    solvers::InitialState state = make(box);
    const std::string found = solvers::acausal_matter(state.energy_density, causality, grid, box);
    if (!found.empty()) throw InputError("initial state: " + found);
    return state;
  };
}

solvers::InitialSource read_or_make(const core::Ranks& ranks, const Input& input, const physics::FluidModel& fluid,
                                    const core::Decomposition& decomposition, int stride) {
  if (input.initial.type == "file") return read_state(ranks, input, fluid, decomposition, stride);
  solvers::EventData data;
  if (input.initial.type == "trento") {
    io::Event event = io::read_event(ranks.comm(), input.initial.file, input.initial.event);
    data = {event.nx, event.ny, std::move(event.values)};
  }
  return solvers::make_initial_source(input.initial, input.solver, fluid, decomposition, ranks.comm(), &data, stride);
}

}  // namespace

physics::FluidModel make_fluid(const core::Ranks& ranks, const Input& input) {
  std::optional<physics::FluidModel> fluid;
  core::collectively(ranks.comm(), [&] { fluid.emplace(input.solver.eos, input.solver.transport); });
  return *fluid;
}

solvers::InitialSource make_initial_source(const core::Ranks& ranks, const Input& input,
                                           const physics::FluidModel& fluid, const core::Decomposition& decomposition,
                                           int stride) {
  solvers::InitialSource source = read_or_make(ranks, input, fluid, decomposition, stride);
  require_causal(source, input, fluid);
  return source;
}

std::string describe(const Input& input, const core::Ranks& ranks, const MemoryNeed& memory) {
  const core::Grid& grid = input.grid;
  const auto points = static_cast<double>(grid.total_points());
  const double process = static_cast<double>(memory.process), arrays = static_cast<double>(memory.arrays());
  double largest[] = {process + arrays, process}, total = arrays;
  MPI_Allreduce(MPI_IN_PLACE, largest, 2, MPI_DOUBLE, MPI_MAX, ranks.comm());
  MPI_Allreduce(MPI_IN_PLACE, &total, 1, MPI_DOUBLE, MPI_SUM, ranks.comm());
  return fmt::format(
      "grid: {} points, {}, {}, {} threads each\n"
      "memory: {:.1f} MB per rank at most, {:.0f} bytes per point and {:.1f} MB for the program\n",
      fmt::join(grid.points.begin(), grid.points.begin() + grid.dimensions, " x "),
      geometry_name(input.solver.geometry), core::Decomposition(grid, ranks.count(), ranks.rank()).describe(),
      ranks.threads(), largest[0] / 1e6, total / points, largest[1] / 1e6);
}

std::vector<std::string> warnings(const Input& input, const physics::FluidModel& fluid,
                                  const solvers::EnergyRange& range) {
  std::vector<std::string> lines = fluid.warnings();
  const double t_max = fluid.eos(std::log(range.highest)).temperature;
  if (t_max > fluid.highest_temperature())
    lines.push_back(fmt::format("the hottest point has T = {:.0f} MeV, the equation of state is known up to {:.0f} MeV",
                                physics::units::inverse_fm_to_mev(t_max),
                                physics::units::inverse_fm_to_mev(fluid.highest_temperature())));
  const physics::Causality causality(fluid, input.solver.transport, input.solver.verdict_cut);
  for (std::string& line : causality.warnings(range.lowest, range.highest)) lines.push_back(std::move(line));
  const double tau = smallest_relaxation_time(fluid, range);
  const bool implicit = input.solver.time.integrator == "ars443";
  if (input.solver.time.step && !implicit && *input.solver.time.step > 2.5 * tau)
    lines.push_back(
        fmt::format("time.step = {} fm, but explicit integrators need less than about 2.5 times the shortest "
                    "relaxation time, {:.3g} fm: shorten it or take time.integrator = \"ars443\"",
                    *input.solver.time.step, tau));
  return lines;
}

}  // namespace ister::drivers
