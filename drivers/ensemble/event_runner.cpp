#include "drivers/ensemble/event_runner.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/base/error.hpp"
#include "core/parallel/failure.hpp"
#include "drivers/ensemble/block_gather.hpp"
#include "drivers/ensemble/kept_surfaces.hpp"
#include "drivers/particles/particle_arrays.hpp"
#include "drivers/run/problem.hpp"
#include "drivers/run/run_end.hpp"
#include "drivers/run/set_up.hpp"
#include "drivers/run/watchdog.hpp"
#include "io/checkpoint.hpp"
#include "io/collective.hpp"
#include "io/surface_tables.hpp"
#include "solvers/observers/event_moments.hpp"
#include "solvers/output_fields.hpp"

namespace ister::drivers {
namespace {

const std::string surface_group = "surface", spectra_group = "spectra";

/// Impact parameter [fm] and participants, where the file of an event says them; else not a number.
core::Attributes collision_of(MPI_Comm comm, const solvers::InitialSource& initial) {
  core::Attributes collision;
  for (const char* name : {"b", "npart"}) {
    const auto said = initial.numbers.find(name);
    double number = said == initial.numbers.end() ? std::numeric_limits<double>::quiet_NaN() : said->second;
    MPI_Bcast(&number, 1, MPI_DOUBLE, 0, comm);
    collision[name] = number;
  }
  return collision;
}

}  // namespace

EventRunner::EventRunner(const core::Ranks& ranks, const Deck& deck, const Input& input,
                         const physics::FluidModel& fluid, const std::map<std::string, std::string>& digests,
                         io::EnsembleFiles files)
    : m_ranks(ranks),
      m_deck(deck),
      m_input(input),
      m_fluid(fluid),
      m_digests(digests),
      m_files(std::move(files)),
      m_decomposition(input.grid, ranks.count(), ranks.rank()),
      m_system(ranks.comm(), m_decomposition, m_pool, m_fluid, m_input.solver, m_input.history.energy_cut, &m_profiler),
      m_checkpoints(m_input.checkpoint.cadence, m_input.solver.time.start) {
  const RunObservers what_no_event_could_have(m_system, m_input);  // is an error now
}

std::optional<io::EnsembleEvent> EventRunner::run(const Event& event, const std::function<bool()>& asked_to_stop) {
  reset(event);
  Pause pause = Pause::checkpoint;
  while (pause == Pause::checkpoint) {
    pause = attempt(event, asked_to_stop);
    note_progress();
    if (pause != Pause::finished && m_started && m_system.step_count() > 0) write_checkpoint(event);
  }
  return pause == Pause::finished ? std::optional(std::move(m_kept)) : std::nullopt;
}

/// An event that fails is finished.
EventRunner::Pause EventRunner::attempt(const Event& event, const std::function<bool()>& asked_to_stop) {
  try {
    if (!m_started) start(event);
    return evolve(event, asked_to_stop);
  } catch (const AgreedError& error) {
    fail(error.code(), error.what());
  } catch (const Error& error) {
    if (error.code() == ExitCode::stopped_early) return Pause::asked;
    if (error.code() == ExitCode::internal && m_ranks.count() > 1) throw;  // others may not know
    fail(error.code(), error.what());
  } catch (const std::exception&) {
    if (m_ranks.count() > 1) throw;
    const core::Failure failure = core::describe(std::current_exception());
    fail(failure.code, failure.message);
  }
  return Pause::finished;
}

void EventRunner::reset(const Event& event) {
  m_began = m_last_checkpoint = Clock::now();
  m_wall_before = 0;
  m_started = false;
  m_observers.reset();
  m_kept = {};
  m_kept.number = event.number;
  core::Attributes& attributes = m_kept.attributes;
  attributes = solvers::unknown_event_moments();
  const core::Attributes verdicts = solvers::Verdicts().attributes();
  attributes.insert(verdicts.begin(), verdicts.end());
  constexpr double unknown = std::numeric_limits<double>::quiet_NaN();
  attributes.insert({{"exit_code", std::int64_t{0}},
                     {"message", std::string()},
                     {"b", unknown},
                     {"npart", unknown},
                     {"steps", std::int64_t{0}},
                     {"time", m_input.solver.time.start},
                     {"wall", 0.0}});
  if (!event.file.empty()) attributes["file"] = event.file;
}

void EventRunner::start(const Event& event) {
  const core::Profiler::Region region(&m_profiler, "initial state");
  const Input input = m_deck.input(event.overrides);
  watch(input);
  if (!resume(input, event.number)) begin(input);
}

EventRunner::Pause EventRunner::evolve(const Event& event, const std::function<bool()>& asked_to_stop) {
  Watchdog watchdog(m_input.run.stall_limit, m_ranks.rank(), fmt::format("event {}: ", event.number));
  bool finished = at_end(m_input, m_system, *m_observers);
  if (!finished && asked_to_stop()) return Pause::asked;
  while (!finished) {
    watchdog.enter("a step");
    const solvers::StateRange before = m_system.range();
    m_system.step(m_input.solver.time.end);
    m_observers->verdict->note_step(before);
    watchdog.step_done();
    finished = at_end(m_input, m_system, *m_observers);
    watchdog.enter("observers");
    {
      const core::Profiler::Region region(&m_profiler, "observers");
      m_observers->observers.look({m_system.step_count(), m_system.time(), finished, finished});
    }
    if (is_condemned(m_input, m_system, *m_observers)) fail_condemned(m_system, *m_observers);
    if (!finished && asked_to_stop()) return Pause::asked;
    if (!finished && checkpoint_due()) return Pause::checkpoint;
  }
  add_surfaces();
  add_spectra();
  add_state();
  return Pause::finished;
}

/// As the root's clock has it.
bool EventRunner::checkpoint_due() const {
  const double wall = std::chrono::duration<double>(Clock::now() - m_last_checkpoint).count();
  int due =
      static_cast<int>(m_checkpoints.due_within(m_system.step_count(), m_system.time(), m_system.last_dt(), wall));
  MPI_Bcast(&due, 1, MPI_INT, 0, m_ranks.comm());
  return due != 0;
}

/// Observers for an event, the rows of its history last.
void EventRunner::watch(const Input& input) {
  m_observers = std::make_unique<RunObservers>(m_system, input);
  if (!input.ensemble.keeps("history")) return;
  const int every = input.history.every_steps;
  solvers::Observers& observers = m_observers->observers;
  for (const char* name : {"step", "time", "dt"}) m_kept.history.push_back({name, io::Array(std::vector<double>())});
  for (const std::string& name : observers.columns())
    m_kept.history.push_back({name, io::Array(std::vector<double>())});
  observers.add(std::make_unique<CallingObserver>(
      "history",
      [this, every](const solvers::Moment& m) {
        return every > 0 && (m.step % every == 0 || m.last || is_condemned(m_input, m_system, *m_observers));
      },
      [this] { add_row(); }));
}

void EventRunner::add_row() {
  std::vector<double> row{static_cast<double>(m_system.step_count()), m_system.time(), m_system.last_dt()};
  const std::vector<double> values = m_observers->observers.row();
  row.insert(row.end(), values.begin(), values.end());
  for (std::size_t c = 0; c < m_kept.history.size(); ++c) {
    io::Array& column = m_kept.history[c].array;
    column.values.push_back(row.at(c));
    column.extents = {column.values.size()};
  }
}

void EventRunner::begin(const Input& input) {
  solvers::InitialSource initial = make_initial_source(m_ranks, input, m_fluid, m_decomposition);
  StartReview review(input);
  review.watch(initial);
  for (auto& [name, value] : collision_of(m_ranks.comm(), initial)) m_kept.attributes[name] = value;
  m_system.set_state(input.solver.time.start, initial);
  m_started = true;
  if (m_observers->surface != nullptr) m_observers->surface->require_matter();
  m_observers->verdict->note_given_resolution(review.fine_share(m_ranks.comm()));
  for (auto& [name, value] : solvers::event_moments(m_system)) m_kept.attributes[name] = value;
  m_observers->observers.look({m_system.step_count(), m_system.time(), true, false});
}

/// From the checkpoint of an event that was interrupted; false where there is none that serves.
bool EventRunner::resume(const Input& input, std::int64_t number) {
  const std::filesystem::path path = m_files.checkpoint(number);
  int there = 0;
  if (m_ranks.is_root()) {
    std::error_code unknown;
    there = static_cast<int>(std::filesystem::exists(path, unknown));
  }
  MPI_Bcast(&there, 1, MPI_INT, 0, m_ranks.comm());
  if (there == 0) return false;
  const io::FieldFile checkpoint = io::open_checkpoint(m_ranks.comm(), path);
  require_same_ensemble(path, checkpoint.attributes(), input, m_digests);
  std::vector<core::NamedField> fields = m_system.checkpoint_fields();
  for (core::NamedField& field : m_observers->observers.checkpoint_fields()) fields.push_back(std::move(field));
  checkpoint.read(fields, m_decomposition);
  m_system.restored(checkpoint.attributes());
  m_started = true;
  m_observers->observers.restored(checkpoint.attributes());
  unpack(checkpoint.attributes(), m_kept);
  m_wall_before = std::get<double>(m_kept.attributes.at("wall"));
  return true;
}

void EventRunner::write_checkpoint(const Event& event) {
  add_surfaces();
  core::Attributes attributes = packed(m_kept);
  for (const auto& numbers : {m_system.checkpoint_numbers(), m_observers->observers.checkpoint_numbers()})
    attributes.insert(numbers.begin(), numbers.end());
  attributes["input"] = m_input.resolved_toml;
  attributes["digests"] = digest_text(m_digests);
  std::vector<core::NamedField> fields = m_system.checkpoint_fields();
  for (core::NamedField& field : m_observers->observers.checkpoint_fields()) fields.push_back(std::move(field));
  io::write_checkpoint(m_ranks.comm(), m_files.checkpoint(event.number), m_decomposition, attributes, fields);
  m_last_checkpoint = Clock::now();
}

/// How far it came, and what it is worth.
void EventRunner::note_progress() {
  core::Attributes& attributes = m_kept.attributes;
  attributes["wall"] = m_wall_before + std::chrono::duration<double>(Clock::now() - m_began).count();
  if (!m_started) return;
  attributes["steps"] = m_system.step_count();
  attributes["time"] = m_system.time();
  for (auto& [name, value] : m_observers->verdict->verdicts().attributes()) attributes[name] = value;
}

void EventRunner::fail(ExitCode code, const std::string& message) {
  m_kept.attributes["exit_code"] = static_cast<std::int64_t>(code);
  m_kept.attributes["message"] = message;
}

/// Elements found since the start or the last checkpoint.
void EventRunner::add_surfaces() {
  if (!m_ranks.is_root() || m_observers->surface == nullptr) return;
  if (!m_input.ensemble.keeps(surface_group) && !m_input.ensemble.keeps(spectra_group)) return;
  for (core::surface::ElementTable* found : m_observers->surface->tables()) {
    auto table = std::find_if(m_kept.surfaces.begin(), m_kept.surfaces.end(),
                              [&](const core::surface::ElementTable& t) { return t.name == found->name; });
    if (table == m_kept.surfaces.end()) {
      table = m_kept.surfaces.insert(table, *found);
      table->clear();
    }
    io::append_elements(*table, *found);
  }
}

/// Hadrons that leave through the first surface, with what their makers have to say.
void EventRunner::add_spectra() {
  if (!m_input.ensemble.keeps(spectra_group)) return;
  const core::Profiler::Region region(&m_profiler, "spectra");
  io::on_rank_zero(m_ranks.comm(), [this] {
    SpectraOptions options;
    if (const core::OptionValues& eos = m_input.solver.eos.values; eos.has("hadrons") && !eos.text("hadrons").empty())
      options.medium = physics::read_hadrons(eos.text("hadrons"));
    SurfaceParticles found =
        particle_spectra(m_kept.surfaces.front(), static_cast<std::size_t>(m_input.grid.dimensions), default_species(),
                         options, fmt::format("event {}", m_kept.number));
    m_kept.spectra_attributes = {{"decays", std::string("none")},
                                 {"shear", std::string("14-moment")},
                                 {"bulk", std::string("chapman-enskog")},
                                 {"warnings", fmt::format("{}", fmt::join(found.warnings, "\n"))}};
    m_kept.spectra = ParticleArrays({std::move(found)}, options).arrays();
    if (!m_input.ensemble.keeps(surface_group)) m_kept.surfaces.clear();
  });
}

/// The last state, as output.fields has it.
void EventRunner::add_state() {
  if (!m_input.ensemble.keeps("state")) return;
  const core::Grid& grid = m_input.grid;
  const std::vector<std::string>& wanted = m_input.output.fields;
  std::vector<std::size_t> extents;
  for (int d = grid.dimensions - 1; d >= 0; --d) extents.push_back(static_cast<std::size_t>(grid.points[d]));
  const std::vector<std::string>& names = solvers::output_field_names();
  for (const core::NamedField& field : m_system.state_fields()) {
    if (std::find(wanted.begin(), wanted.end(), field.name) == wanted.end()) continue;
    std::vector<double> whole = gather_blocks(m_ranks, m_decomposition, field);
    if (!m_ranks.is_root()) continue;
    const auto number = std::find(names.begin(), names.end(), field.name) - names.begin();
    m_kept.state.push_back({field.name, io::Array(extents, std::move(whole)),
                            solvers::output_field_label(static_cast<int>(number)).units});
  }
  m_kept.state_attributes = {{"time", m_system.time()}, {"step", m_system.step_count()}};
}

}  // namespace ister::drivers
