#include "drivers/run/simulation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.hpp"
#include "core/parallel/process_memory.hpp"
#include "core/parallel/signals.hpp"
#include "core/spectral/line_transform.hpp"
#include "core/spectral/wisdom.hpp"
#include "drivers/build_info.hpp"
#include "drivers/machine/placement.hpp"
#include "drivers/print.hpp"
#include "drivers/run/problem.hpp"
#include "drivers/run/profile_report.hpp"
#include "drivers/run/run_end.hpp"
#include "drivers/run/start_review.hpp"
#include "drivers/run/watchdog.hpp"
#include "io/atomic_file.hpp"
#include "io/collective.hpp"
#include "io/wisdom.hpp"

namespace ister::drivers {
namespace {

/// Seconds kept in hand before the wall-clock limit: for a checkpoint that takes longer than the last step did.
constexpr double wall_clock_reserve = 10.0;

/// An energy in natural units (1/fm).
double to_gev(double energy) { return 1e-3 * physics::units::inverse_fm_to_mev(energy); }

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

Simulation::Simulation(const core::Ranks& ranks, Input input, const RunCommand& command)
    : m_ranks(ranks),
      m_input(std::move(input)),
      m_command(command),
      m_prefix(ranks.is_world() ? "" : m_input.run.name + ": "),
      m_begin(Clock::now()),
      m_last_output(m_begin),
      m_last_checkpoint(m_begin),
      m_last_step(m_begin),
      m_process_bytes(core::resident_bytes()),
      m_files(m_input.run.output, m_input.run.name),
      m_decomposition(m_input.grid, ranks.count(), ranks.rank()),
      m_fluid(make_fluid(ranks, m_input)),
      m_digests(content_digests(ranks, m_input)),
      m_output(m_input.output.cadence, m_input.solver.time.start),
      m_checkpoints(m_input.checkpoint.cadence, m_input.solver.time.start),
      m_series(m_files.observers(), {{"build", version_text()}, {"input", m_input.resolved_toml}}),
      m_surface(m_files.surface()) {}

void Simulation::say(const std::string& line) const {
  if (m_ranks.is_root()) {
    print_out("{}\n", behind(m_prefix, line));
    std::fflush(stdout);
  }
}

void Simulation::warn(const std::string& line) const {
  if (m_ranks.is_root()) print_error("ister: {}warning: {}\n", m_prefix, line);
}

/// Whether any rank was asked to stop by a signal.
bool Simulation::asked_to_stop() const {
  int asked = core::pending_signal() != 0;
  MPI_Allreduce(MPI_IN_PLACE, &asked, 1, MPI_INT, MPI_MAX, m_ranks.comm());
  return asked != 0;
}

/// For the time before the first state is safe.
void Simulation::stop_if_asked() const {
  if (asked_to_stop())
    throw Error(ExitCode::stopped_early, m_checkpoint ? "stopped by a signal before it went on: nothing was written"
                                                      : "stopped by a signal before the first state was complete: "
                                                        "nothing was written");
}

bool Simulation::prepare() {
  stop_if_asked();
  choose_start();
  if (m_checkpoint && is_finished()) return false;
  set_up();
  check_files();
  if (m_command.dry_run) say("dry run: nothing was evolved or written");
  return !m_command.dry_run;
}

/// FFTW knows what any run of this process has learnt, and of two plans the first: this run begins with those of the
/// interrupted one, so that the restart is bitwise, and then the machine's.
void Simulation::recall_plans() {
  core::forget_wisdom();
  try {
    if (m_checkpoint)
      io::import_wisdom(m_ranks.comm(), m_checkpoint->path(), m_checkpoint->attribute<std::string>("fftw_wisdom"));
  } catch (const FileError& error) {
    warn(std::string(error.what()) + "; the restart agrees to rounding only");
  }
  if (m_input.fftw.wisdom) m_wisdom.emplace(m_ranks);
}

/// The system in the state that the run starts or goes on from.
void Simulation::set_up() {
  stop_if_asked();
  recall_plans();
  solvers::InitialSource initial;
  StartReview review(m_input);
  if (!m_checkpoint) {
    initial = make_initial_source(m_ranks, m_input, m_fluid, m_decomposition);
    review.watch(initial);
  }
  const MemoryNeed memory = count_memory(m_input, m_fluid, m_decomposition, initial, m_process_bytes);
  core::require_memory(m_ranks.comm(), memory.peak());
  m_system = std::make_unique<solvers::HydroSystem>(m_ranks.comm(), m_decomposition, m_pool, m_fluid, m_input.solver,
                                                    m_input.history.energy_cut, &m_profiler);
  m_observers = std::make_unique<RunObservers>(*m_system, m_input);
  add_observers();
  stop_if_asked();
  if (m_checkpoint) {
    m_checkpoint->read(checkpoint_fields(), m_decomposition);
    m_system->restored(m_checkpoint->attributes());
    restore_observers();
    say(fmt::format("going on from {} at time {:.6g} fm, step {}", m_checkpoint->path().string(), m_system->time(),
                    m_system->step_count()));
  } else {
    for (const std::string& note : initial.notes) say("initial state: " + note);
    m_system->set_state(m_input.solver.time.start, initial);
    if (m_observers->surface != nullptr) m_observers->surface->require_matter();
    if (const auto& c = m_system->conditioning(); c && c->points > 0)
      say(fmt::format(
          "initial state conditioned (initial.max_flow = {:g}): {:.0f} of {} points changed, the energy from "
          "{:.6g} to {:.6g} GeV",
          m_input.solver.stabilizer.max_flow, c->points, m_input.grid.total_points(), to_gev(c->energy_before),
          to_gev(c->energy_after)));
  }
  const std::string summary = describe(m_input, m_ranks, memory);
  say(summary.substr(0, summary.size() - 1));
  m_counted_bytes = memory.peak();
  const solvers::StateRange& range = m_system->range();
  for (const std::string& line : warnings(m_input, m_fluid, {range.e_min, range.e_max})) say("warning: " + line);
  if (!m_checkpoint) {
    for (const std::string& line : review.warnings(m_ranks.comm())) say("warning: " + line);
    m_observers->verdict->note_given_resolution(review.fine_share(m_ranks.comm()));
  }
  for (const std::string& line : placement_warnings(m_ranks, m_decomposition)) say("warning: " + line);
  m_plans = core::export_wisdom();
  stop_if_asked();
}

ExitCode Simulation::evolve() {
  if (m_wisdom && !m_checkpoint) m_wisdom->keep(m_plans);
  const core::ArrayPool::Statistics pool_before = m_pool.statistics();
  const core::TransformStatistics transforms_before = m_system->transforms();
  const std::int64_t first_step = m_system->step_count();
  const Clock::time_point began = Clock::now();
  m_pool.freeze();
  m_snapshots.empty() ? begin_files() : resume_files();
  m_stopped = asked_to_stop();
  const double end = m_input.solver.time.end;
  Progress progress(end, m_input.grid.total_points(), m_prefix);
  Watchdog watchdog(m_input.run.stall_limit, m_ranks.rank(), m_prefix);
  while (!at_end() && !m_stopped) {
    watchdog.enter("output");
    const double target = write_state_before(end);
    look_before(target);
    watchdog.enter("a step");
    const solvers::StateRange before = m_system->range();
    m_system->step(target);
    m_observers->verdict->note_step(before);
    watchdog.step_done();
    const Decisions decisions = decide();
    const bool finished = at_end();
    m_stopped = decisions.stop && !finished;
    watchdog.enter("observers and output");
    m_observers->observers.look({m_system->step_count(), m_system->time(), decisions.output || finished, finished});
    if (is_condemned()) break;  // the last good checkpoint stays
    if (decisions.checkpoint || m_stopped || finished) {
      watchdog.enter("writing a checkpoint");
      write_checkpoint(finished);
    }
    if (m_ranks.is_root()) progress.update(m_system->step_count(), m_system->time(), m_system->last_dt());
  }
  if (m_ranks.is_root()) progress.finish();
  finish(pool_before, transforms_before, first_step, began);
  if (is_condemned()) fail_condemned(*m_system, *m_observers);
  return m_stopped ? ExitCode::stopped_early : ExitCode::success;
}

bool Simulation::at_end() const { return drivers::at_end(m_input, *m_system, *m_observers); }

bool Simulation::is_frozen() const { return drivers::is_frozen(m_input, *m_observers); }

bool Simulation::is_condemned() const { return drivers::is_condemned(m_input, *m_system, *m_observers); }

/// What became of the surfaces, a line each.
void Simulation::say_surface() const {
  if (m_observers->surface == nullptr) return;
  for (const std::string& line : m_observers->surface->lines()) say(line);
}

void Simulation::finish(const core::ArrayPool::Statistics& pool, const core::TransformStatistics& transforms,
                        std::int64_t first_step, Clock::time_point began) {
  const solvers::Verdicts& verdicts = m_observers->verdict->verdicts();
  const std::string profile =
      profile_report(m_ranks, m_profiler, pool, m_pool, transforms, *m_system, m_input.grid.total_points(), first_step,
                     seconds_since(began), m_counted_bytes, verdicts);
  io::on_rank_zero(m_ranks.comm(), [&] { io::write_text_file(m_files.profile(), profile); });
  if (m_system->time() < m_input.solver.time.end && is_frozen())
    say(fmt::format("nothing is above the lowest surface at {:.6g} fm: this is the end", m_system->time()));
  else if (m_system->time() < m_input.solver.time.end && at_end())
    say(fmt::format("nothing is hotter than time.stop_temperature = {:.4g} GeV at {:.6g} fm: this is the end",
                    m_input.solver.time.stop_temperature, m_system->time()));
  say_surface();
  say(verdicts.line());
  for (const std::string& line : verdicts.remarks()) say("  " + line);
  if (m_stopped) say("stopped early with a checkpoint; go on with --restart");
  say("output: " + m_files.folder().string());
}

/// What rank 0's clocks and any rank's signals ask for, agreed by all.
Simulation::Decisions Simulation::decide() {
  const std::int64_t step = m_system->step_count();
  const double time = m_system->time();
  int asked[3] = {0, 0, core::pending_signal() != 0};
  if (m_ranks.is_root()) {
    asked[0] = m_output.due(step, time, seconds_since(m_last_output));
    asked[1] = m_checkpoints.due_within(step, time, m_system->last_dt(), seconds_since(m_last_checkpoint));
    const double step_time = seconds_since(m_last_step);
    m_last_step = Clock::now();
    if (m_input.run.wall_clock_limit) {
      const double left = *m_input.run.wall_clock_limit - seconds_since(m_begin);
      const double reserve = std::min(wall_clock_reserve, 0.1 * *m_input.run.wall_clock_limit);
      if (left < 2.0 * step_time + reserve) asked[2] = 1;
    }
  }
  MPI_Allreduce(MPI_IN_PLACE, asked, 3, MPI_INT, MPI_MAX, m_ranks.comm());
  return {asked[0] != 0, asked[1] != 0, asked[2] != 0};
}

}  // namespace ister::drivers
