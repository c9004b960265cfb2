#include "drivers/simulation.hpp"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "core/line_transform.hpp"
#include "drivers/build_info.hpp"
#include "drivers/print.hpp"
#include "drivers/profile_report.hpp"
#include "drivers/signals.hpp"
#include "io/atomic_file.hpp"
#include "io/collective.hpp"
#include "io/state_file.hpp"
#include "io/wisdom.hpp"

namespace ister::drivers {
namespace {

/// Seconds kept in hand before the wall-clock limit: for a checkpoint that takes longer than the last step did.
constexpr double wall_clock_reserve = 10.0;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

std::vector<std::string> history_columns(bool milne) {
  std::vector<std::string> columns = {"step",         "time",       "dt",      "energy",        "momentum_x",
                                      "momentum_y",   "momentum_z", "e_max",   "e_min",         "u_max",
                                      "pi_ratio_max", "regulated",  "balance", "sponge_energy", "floor_energy"};
  if (milne)
    for (const char* average : {"eps_p", "mean_radial_flow", "mean_T", "hot_area"}) columns.push_back(average);
  return columns;
}

/// The lines of a resolved input that a restart must not change, as "section.key = value".
std::vector<std::string> problem_lines(const std::string& resolved) {
  std::vector<std::string> lines;
  std::string section;
  std::size_t begin = 0;
  while (begin < resolved.size()) {
    const std::size_t end = std::min(resolved.find('\n', begin), resolved.size());
    const std::string line = resolved.substr(begin, end - begin);
    begin = end + 1;
    if (!line.empty() && line.front() == '[') section = line.substr(1, line.find(']') - 1);
    const bool fixed =
        section == "grid" || section.rfind("eos", 0) == 0 || section.rfind("transport", 0) == 0 || section == "solver";
    if (fixed && line.find(" = ") != std::string::npos) lines.push_back(section + "." + line);
  }
  return lines;
}

}  // namespace

double Schedule::next_time(double now) const {
  if (m_cadence.every_time <= 0.0) return std::numeric_limits<double>::infinity();
  const double count = std::floor((now - m_start) / m_cadence.every_time + 1e-6) + 1.0;
  return m_start + count * m_cadence.every_time;
}

bool Schedule::due(std::int64_t step, double time, double wall) const {
  if (m_cadence.every_steps > 0) return step % m_cadence.every_steps == 0;
  if (m_cadence.every_wall > 0.0) return wall >= m_cadence.every_wall;
  if (m_cadence.every_time <= 0.0) return false;
  const double count = (time - m_start) / m_cadence.every_time;
  return std::fabs(count - std::round(count)) < 1e-6;
}

Simulation::Simulation(const core::Session& session, Input input, const RunCommand& command)
    : m_session(session),
      m_input(std::move(input)),
      m_command(command),
      m_begin(Clock::now()),
      m_last_output(m_begin),
      m_last_checkpoint(m_begin),
      m_last_step(m_begin),
      m_files(m_input.run.output, m_input.run.name),
      m_decomposition(m_input.grid, session.ranks(), session.rank()),
      m_fluid(make_fluid(session, m_input)),
      m_output(m_input.output.cadence, m_input.solver.time.start),
      m_checkpoints(m_input.checkpoint.cadence, m_input.solver.time.start) {}

void Simulation::say(const std::string& line) const {
  if (m_session.is_root()) {
    print_out("{}\n", line);
    std::fflush(stdout);
  }
}

ExitCode Simulation::execute() {
  install_signal_handlers();
  prepare_folder();
  if (m_checkpoint) {
    // The plans of the interrupted run, so that the restart is bitwise.
    try {
      io::import_wisdom(m_session.comm(), m_checkpoint->path(), m_checkpoint->attribute<std::string>("fftw_wisdom"));
    } catch (const FileError& error) {
      say(std::string("warning: ") + error.what() + "; the restart agrees to rounding only");
    }
  }
  m_system = std::make_unique<solvers::HydroSystem>(m_session.comm(), m_decomposition, m_pool, m_fluid, m_input.solver,
                                                    m_input.history.energy_cut, &m_profiler);
  if (m_checkpoint)
    restart();
  else
    start();
  const std::string summary = describe(m_input, m_session, m_pool);
  say(summary.substr(0, summary.size() - 1));
  for (const std::string& line : warnings(m_input, m_fluid, *m_system)) say("warning: " + line);
  if (m_command.dry_run) {
    say("dry run: nothing was evolved or written");
    return ExitCode::success;
  }

  const core::ArrayPool::Statistics pool_before = m_pool.statistics();
  const core::TransformStatistics transforms_before = m_system->transforms();
  const std::int64_t first_step = m_system->step_count();
  const Clock::time_point began = Clock::now();
  m_pool.freeze();
  evolve();
  const std::string profile = profile_report(m_session, m_profiler, pool_before, m_pool, transforms_before, *m_system,
                                             m_input.grid.total_points(), first_step, seconds_since(began));
  io::on_rank_zero(m_session.comm(), [&] { io::write_text_file(m_files.profile(), profile); });
  if (m_stopped) say("stopped early with a checkpoint; go on with --restart");
  say("output: " + m_files.folder().string());
  return m_stopped ? ExitCode::stopped_early : ExitCode::success;
}

void Simulation::evolve() {
  const double end = m_input.solver.time.end;
  Progress progress(end, m_input.grid.total_points());
  while (m_system->time() < end && !m_stopped) {
    const double now = m_system->time();
    m_system->step(std::min({end, m_output.next_time(now), m_checkpoints.next_time(now)}));
    const Decisions decisions = decide();
    const bool finished = m_system->time() >= end;
    m_stopped = decisions.stop && !finished;
    const int every = m_input.history.every_steps;
    if (every > 0 && (m_system->step_count() % every == 0 || finished)) write_history();
    if (decisions.output || finished) write_state();
    if (decisions.checkpoint || m_stopped) write_checkpoint();
    if (m_session.is_root()) progress.update(m_system->step_count(), m_system->time(), m_system->last_dt());
  }
  if (m_session.is_root()) progress.finish();
}

void Simulation::prepare_folder() {
  io::on_rank_zero(m_session.comm(), [&] {
    if (!m_command.dry_run) m_files.create_folder();
    if (m_command.restart || m_command.overwrite || m_command.dry_run) return;
    if (!m_files.existing().empty())
      throw InputError(
          fmt::format("{} holds files of a run \"{}\": give --restart to go on with it, --overwrite to "
                      "replace it, or another run.output",
                      m_files.folder().string(), m_files.name()));
  });
  if (!m_command.restart) return;
  if (m_command.checkpoint) {
    m_checkpoint.emplace(io::open_checkpoint(m_session.comm(), *m_command.checkpoint));
  } else {
    const io::CheckpointSearch search = io::find_newest_checkpoint(m_session.comm(), m_files);
    for (const std::string& reason : search.damaged) {
      if (m_session.is_root()) print_error("ister: warning: {}\n", reason);
    }
    if (!search.newest) {
      say("no checkpoint to go on from: starting afresh");
      return;
    }
    m_checkpoint.emplace(io::open_checkpoint(m_session.comm(), *search.newest));
  }
  require_same_problem(*m_checkpoint);
}

void Simulation::require_same_problem(const io::FieldFile& checkpoint) const {
  const std::vector<std::string> old_lines = problem_lines(checkpoint.attribute<std::string>("input"));
  const std::vector<std::string> new_lines = problem_lines(m_input.resolved_toml);
  for (std::size_t i = 0; i < std::max(old_lines.size(), new_lines.size()); ++i) {
    const std::string was = i < old_lines.size() ? old_lines[i] : "(absent)";
    const std::string is = i < new_lines.size() ? new_lines[i] : "(absent)";
    if (was != is)
      throw InputError(
          fmt::format("{}: {}, but the checkpoint {} was made with {}: a restart may change neither grid, "
                      "equation of state nor equations",
                      m_input.path, is, checkpoint.path().string(), was));
  }
}

void Simulation::start() {
  const solvers::InitialState initial = make_initial_fields(m_session, m_input, m_fluid, m_decomposition);
  m_system->set_state(m_input.solver.time.start, initial);
  if (m_command.dry_run) return;
  io::on_rank_zero(m_session.comm(), [&] {
    m_files.remove_all();
    if (m_input.history.every_steps > 0)
      m_history = std::make_unique<io::History>(m_files.history(),
                                                history_columns(m_input.solver.geometry == physics::Geometry::milne));
  });
  if (m_input.history.every_steps > 0) write_history();
  write_state();
}

void Simulation::restart() {
  m_checkpoint->read(m_system->checkpoint_fields(), m_decomposition);
  m_system->restored(m_checkpoint->attributes());
  m_snapshot_times = m_checkpoint->attribute<std::vector<double>>("snapshot_times");
  m_snapshot_steps = m_checkpoint->attribute<std::vector<std::int64_t>>("snapshot_steps");
  say(fmt::format("going on from {} at time {:.6g} fm, step {}", m_checkpoint->path().string(), m_system->time(),
                  m_system->step_count()));
  m_checkpoint.reset();
  if (m_command.dry_run) return;
  io::on_rank_zero(m_session.comm(), [&] {
    m_files.remove_after(m_system->step_count());
    if (m_input.history.every_steps > 0)
      m_history = std::make_unique<io::History>(m_files.history(),
                                                history_columns(m_input.solver.geometry == physics::Geometry::milne),
                                                m_system->step_count());
  });
}

/// What rank 0's clocks and any rank's signals ask for, agreed by all.
Simulation::Decisions Simulation::decide() {
  const std::int64_t step = m_system->step_count();
  const double time = m_system->time();
  int asked[3] = {0, 0, pending_signal() != 0};
  if (m_session.is_root()) {
    asked[0] = m_output.due(step, time, seconds_since(m_last_output));
    asked[1] = m_checkpoints.due(step, time, seconds_since(m_last_checkpoint));
    const double step_time = seconds_since(m_last_step);
    m_last_step = Clock::now();
    if (m_input.run.wall_clock_limit) {
      const double left = *m_input.run.wall_clock_limit - seconds_since(m_begin);
      const double reserve = std::min(wall_clock_reserve, 0.1 * *m_input.run.wall_clock_limit);
      if (left < 2.0 * step_time + reserve) asked[2] = 1;
    }
  }
  MPI_Allreduce(MPI_IN_PLACE, asked, 3, MPI_INT, MPI_MAX, m_session.comm());
  return {asked[0] != 0, asked[1] != 0, asked[2] != 0};
}

void Simulation::write_history() {
  const core::Profiler::Region region(&m_profiler, "history");
  const solvers::Diagnostics& d = m_system->diagnostics();
  std::vector<double> row = {static_cast<double>(m_system->step_count()),
                             m_system->time(),
                             m_system->last_dt(),
                             d.energy,
                             d.momentum_x,
                             d.momentum_y,
                             d.momentum_z,
                             d.e_max,
                             d.e_min,
                             d.u_max,
                             d.pi_ratio_max,
                             d.regulated,
                             m_system->balance(),
                             m_system->sponge_energy(),
                             m_system->floor_energy()};
  if (m_input.solver.geometry == physics::Geometry::milne)
    row.insert(row.end(), {d.eps_p, d.mean_radial_flow, d.mean_T, d.hot_area});
  io::on_rank_zero(m_session.comm(), [&] { m_history->append(row); });
}

core::Attributes Simulation::common_attributes() const {
  const core::Grid& grid = m_input.grid;
  const auto n = static_cast<std::size_t>(grid.dimensions);
  return {{"time", m_system->time()},
          {"step", m_system->step_count()},
          {"geometry", std::string(m_input.solver.geometry == physics::Geometry::milne ? "milne" : "minkowski")},
          {"units", std::string("natural")},
          {"points", std::vector<std::int64_t>(grid.points.begin(), grid.points.begin() + n)},
          {"lower", std::vector<double>(grid.lower.begin(), grid.lower.begin() + n)},
          {"upper", std::vector<double>(grid.upper.begin(), grid.upper.begin() + n)},
          {"input", m_input.resolved_toml},
          {"build", version_text()}};
}

void Simulation::write_state() {
  const core::Profiler::Region region(&m_profiler, "output");
  const std::int64_t step = m_system->step_count();
  std::vector<core::NamedField> fields;
  for (core::NamedField& field : m_system->state_fields())
    for (const std::string& wanted : m_input.output.fields)
      if (field.name == wanted) fields.push_back(std::move(field));
  io::write_state(m_session.comm(), m_files.state(step), m_decomposition, common_attributes(), fields);
  m_last_output = Clock::now();
  m_snapshot_steps.push_back(step);
  m_snapshot_times.push_back(m_system->time());
  io::on_rank_zero(m_session.comm(), [&] {
    std::vector<io::Snapshot> snapshots;
    for (std::size_t i = 0; i < m_snapshot_steps.size(); ++i)
      snapshots.push_back({m_files.state(m_snapshot_steps[i]).filename().string(), m_snapshot_times[i]});
    io::write_xdmf(m_files.xdmf(), m_input.grid, snapshots, m_input.output.fields, io::state_format.group);
  });
}

void Simulation::write_checkpoint() {
  const core::Profiler::Region region(&m_profiler, "checkpoint");
  core::Attributes attributes = common_attributes();
  for (const auto& [name, number] : m_system->checkpoint_numbers()) attributes[name] = number;
  attributes["snapshot_times"] = m_snapshot_times;
  attributes["snapshot_steps"] = m_snapshot_steps;
  attributes["fftw_wisdom"] = m_session.is_root() ? core::export_wisdom() : std::string();
  io::on_rank_zero(m_session.comm(), [&] {
    if (m_history) m_history->sync();
  });
  const std::int64_t step = m_system->step_count();
  io::write_checkpoint(m_session.comm(), m_files.checkpoint(step), m_decomposition, attributes,
                       m_system->checkpoint_fields());
  io::prune_checkpoints(m_session.comm(), m_files, step, m_input.checkpoint.keep);
  m_last_checkpoint = Clock::now();
}

}  // namespace ister::drivers
