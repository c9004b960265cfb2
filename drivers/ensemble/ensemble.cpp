#include "drivers/ensemble/ensemble.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <sstream>

#include "core/base/damaged_file.hpp"
#include "core/parallel/process_memory.hpp"
#include "core/parallel/signals.hpp"
#include "core/spectral/line_transform.hpp"
#include "core/spectral/wisdom.hpp"
#include "drivers/build_info.hpp"
#include "drivers/print.hpp"
#include "drivers/run/machine_wisdom.hpp"
#include "drivers/run/problem.hpp"
#include "drivers/run/progress.hpp"
#include "drivers/run/set_up.hpp"
#include "io/collective.hpp"
#include "io/run_files.hpp"

namespace ister::drivers {
namespace {

/// Seconds kept in hand before the wall-clock limit.
constexpr double wall_clock_reserve = 10.0;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

int count_groups(const core::Ranks& ranks, const Input& input) {
  const int wanted = input.ensemble.ranks_per_event;
  if (wanted <= ranks.count()) return ranks.count() / wanted;
  throw InputError(fmt::format("{}: ensemble.ranks_per_event = {}: this job has {} rank{}", input.path, wanted,
                               ranks.count(), ranks.count() == 1 ? "" : "s"));
}

/// Those of all ranks, on all ranks. Collective.
std::vector<std::int64_t> gather_numbers(MPI_Comm comm, const std::vector<std::int64_t>& own) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  const int count = static_cast<int>(own.size());
  std::vector<int> counts(static_cast<std::size_t>(ranks)), places;
  MPI_Allgather(&count, 1, MPI_INT, counts.data(), 1, MPI_INT, comm);
  int total = 0;
  for (const int n : counts) {
    places.push_back(total);
    total += n;
  }
  std::vector<std::int64_t> all(static_cast<std::size_t>(total));
  MPI_Allgatherv(own.data(), count, MPI_INT64_T, all.data(), counts.data(), places.data(), MPI_INT64_T, comm);
  std::sort(all.begin(), all.end());
  return all;
}

}  // namespace

Ensemble::Ensemble(const core::Ranks& ranks, const Deck& deck, const Input& input, const RunCommand& command)
    : m_ranks(ranks),
      m_deck(deck),
      m_input(input),
      m_command(command),
      m_list(ranks, input, command.events),
      m_files(input.run.output, input.run.name),
      m_groups(count_groups(ranks, input)),
      m_works(ranks.rank() / input.ensemble.ranks_per_event < m_groups),
      m_all(core::Communicator::part_of(ranks.comm(), 0)),
      m_group(core::Communicator::part_of(ranks.comm(), ranks.rank() / input.ensemble.ranks_per_event)),
      m_event_ranks(m_group.comm()),
      m_began(Clock::now()),
      m_last_step(m_began),
      m_printed(m_began),
      m_digests(content_digests(ranks, input)),
      m_mailbox(m_all.comm(), [this](const std::string& message) { store(message); }) {
  if (command.checkpoint) throw InputError("ister run: --restart of an ensemble takes no FILE: each event has its own");
  (void)deck.input(m_list.event(m_list.begin()).overrides);  // what is wrong with all events is an error now
  m_root = {{"units", std::string("natural")},
            {"geometry", std::string(input.solver.geometry == physics::Geometry::milne ? "milne" : "minkowski")},
            {"chunk", std::int64_t{input.ensemble.chunk}},
            {"input", input.resolved_toml},
            {"digests", digest_text(m_digests)},
            {"build", version_text()}};
}

void Ensemble::say(const std::string& line) const {
  if (!m_ranks.is_root()) return;
  print_out("{}\n", line);
  std::fflush(stdout);
}

ExitCode Ensemble::run() {
  open_chunks();
  find_missing();
  const auto asked = m_list.end() - m_list.begin(), missing = static_cast<std::int64_t>(m_missing.size());
  say(fmt::format("ensemble: events {}:{}, {} to run{}; {} at once, {} rank{} each", m_list.begin(), m_list.end(),
                  missing, missing < asked ? fmt::format(", {} are there", asked - missing) : "", m_groups,
                  m_input.ensemble.ranks_per_event, m_input.ensemble.ranks_per_event == 1 ? "" : "s"));
  if (m_command.dry_run) {
    say("dry run: nothing was evolved or written");
    return ExitCode::success;
  }
  make_runner();
  remove_old();
  m_counters = std::make_unique<core::SharedCounters>(m_all.comm(), counters);
  if (m_works) work();
  return finish();
}

/// The leaders of groups share the chunks out among them.
int Ensemble::writer_of(std::int64_t chunk) const {
  return static_cast<int>(chunk % m_groups) * m_input.ensemble.ranks_per_event;
}

void Ensemble::open_chunks() {
  io::on_rank_zero(m_ranks.comm(), [&] {
    if (!m_command.dry_run) io::RunFiles(m_input.run.output, m_input.run.name).create_folder();
  });
  io::collectively(m_ranks.comm(), [&] {
    for (std::int64_t c = chunk_of(m_list.begin()); c <= chunk_of(m_list.end() - 1); ++c)
      if (writer_of(c) == m_ranks.rank()) open(c);
  });
}

/// A chunk of this rank, with what is there of it already.
void Ensemble::open(std::int64_t number) {
  const std::filesystem::path path = m_files.chunk(number);
  Chunk& chunk = m_chunks[number];
  if (!m_command.dry_run) chunk.lock = std::make_unique<io::RunLock>(m_files.lock(number));
  if (!m_command.restart && !m_command.overwrite && !m_command.dry_run)
    for (const std::filesystem::path& old : old_files(number))
      throw InputError(
          fmt::format("{} is of this ensemble: give --restart to run what is missing, --overwrite to replace "
                      "all, or another run.output",
                      old.string()));
  if (!m_command.restart) return;
  try {
    chunk.events = std::make_unique<io::EnsembleChunk>(path, m_files.journal(number));
  } catch (const DamagedFile& error) {
    if (!m_command.overwrite) throw DamagedFile(std::string(error.what()) + "; --overwrite would run its events anew");
    return;
  }
  if (chunk.events->exists()) require_same_ensemble(path, chunk.events->attributes(), m_input, m_digests);
}

/// Files of a chunk that are there.
std::vector<std::filesystem::path> Ensemble::old_files(std::int64_t number) const {
  std::vector<std::filesystem::path> files{m_files.chunk(number), m_files.journal(number)};
  const std::int64_t size = m_input.ensemble.chunk;
  for (std::int64_t event = number * size; event < (number + 1) * size; ++event)
    files.push_back(m_files.checkpoint(event));
  std::error_code unknown;
  files.erase(std::remove_if(files.begin(), files.end(),
                             [&](const auto& file) { return !exists(symlink_status(file, unknown)); }),
              files.end());
  return files;
}

/// All events but those that are there.
void Ensemble::find_missing() {
  std::vector<std::int64_t> there;
  for (const auto& [number, chunk] : m_chunks)
    if (chunk.events)
      for (const auto& [event, exit_code] : chunk.events->exit_codes())
        if (exit_code == 0 || !m_command.retry_failed) there.push_back(event);
  there = gather_numbers(m_ranks.comm(), there);
  for (std::int64_t event = m_list.begin(); event < m_list.end(); ++event)
    if (!std::binary_search(there.begin(), there.end(), event)) m_missing.push_back(event);
  for (const std::int64_t event : m_missing)
    if (const auto chunk = m_chunks.find(chunk_of(event)); chunk != m_chunks.end()) ++chunk->second.missing;
}

/// What a new start leaves of an earlier one in this rank's chunks.
void Ensemble::remove_old() {
  io::collectively(m_ranks.comm(), [&] {
    for (auto& [number, chunk] : m_chunks) {
      if (chunk.events) continue;
      for (const std::filesystem::path& old : old_files(number)) io::remove_file(old);
      chunk.events = std::make_unique<io::EnsembleChunk>(m_files.chunk(number), m_files.journal(number));
    }
  });
}

/// The first group makes FFTW's plans, and all others the same.
void Ensemble::make_runner() {
  const physics::FluidModel fluid = make_fluid(m_ranks, m_input);
  const core::Decomposition decomposition(m_input.grid, m_event_ranks.count(), m_event_ranks.rank());
  core::require_memory(m_ranks.comm(), count_memory(m_input, fluid, decomposition, {}, core::resident_bytes()).peak());
  core::forget_wisdom();
  std::optional<MachineWisdom> machine;
  if (m_input.fftw.wisdom) machine.emplace(m_ranks);
  const auto make = [&] {
    m_runner = std::make_unique<EventRunner>(m_event_ranks, m_deck, m_input, fluid, m_digests, m_files);
  };
  const bool first = m_ranks.rank() < m_input.ensemble.ranks_per_event;
  io::collectively(m_ranks.comm(), [&] {
    if (first) make();
  });
  const std::string plans = core::broadcast_text(m_ranks.comm(), core::export_wisdom());
  io::collectively(m_ranks.comm(), [&] {
    if (first || !m_works) return;
    core::import_wisdom(plans);
    make();
  });
  if (machine) machine->keep(plans);
}

void Ensemble::work() {
  const Clock::time_point began = Clock::now();
  try {
    while (const auto event = take_next())
      if (!run_event(*event)) break;
  } catch (const FileError&) {  // on all ranks of the event
    m_failure = std::current_exception();
    stop_all();
  }
  if (is_leader()) m_tally.book(m_runner->profiler(), seconds_since(began));
}

/// False where it was interrupted.
bool Ensemble::run_event(std::int64_t number) {
  const auto kept = m_runner->run(m_list.event(number), [this] { return asked_to_stop(); });
  if (!kept) stop_all();
  if (kept && is_leader()) hand_in(*kept);
  return kept.has_value();
}

/// The next event that nobody has taken.
std::optional<std::int64_t> Ensemble::take_next() {
  std::int64_t taken = -1;
  if (is_leader() && core::pending_signal() == 0) taken = m_counters->add(next, 1);
  MPI_Bcast(&taken, 1, MPI_INT64_T, 0, m_event_ranks.comm());
  if (taken < 0 || taken >= static_cast<std::int64_t>(m_missing.size())) return std::nullopt;
  return m_missing[static_cast<std::size_t>(taken)];
}

/// After each step: a signal to any rank of the event, or the wall clock. Meanwhile this rank writes what others hand
/// in.
bool Ensemble::asked_to_stop() {
  int asked = static_cast<int>(core::pending_signal() != 0);
  if (is_leader()) {
    m_mailbox.look();
    show_progress();
    const double step_time = seconds_since(m_last_step);
    m_last_step = Clock::now();
    if (const auto& limit = m_input.run.wall_clock_limit) {
      const double reserve = std::min(wall_clock_reserve, 0.1 * *limit);
      if (*limit - seconds_since(m_began) < 2.0 * step_time + reserve) asked = 1;
    }
  }
  MPI_Allreduce(MPI_IN_PLACE, &asked, 1, MPI_INT, MPI_MAX, m_event_ranks.comm());
  return asked != 0;
}

/// Nobody gets another event.
void Ensemble::stop_all() {
  if (is_leader()) m_counters->add(next, static_cast<std::int64_t>(m_missing.size()));
}

/// Sends an event to the rank that writes its chunk.
void Ensemble::hand_in(const io::EnsembleEvent& event) {
  const auto exit_code = std::get<std::int64_t>(event.attributes.at("exit_code"));
  if (exit_code != 0) {
    m_counters->add(failed, 1);
    print_error("ister: warning: event {} failed (exit code {}): {}\n", event.number, exit_code,
                std::get<std::string>(event.attributes.at("message")));
  }
  m_tally.count(event.attributes);
  try {
    m_mailbox.send(writer_of(chunk_of(event.number)),
                   fmt::format("{} {}\n", event.number, exit_code) + io::event_image(event));
  } catch (...) {
    m_failure = std::current_exception();
    stop_all();
  }
}

/// Writes an event that has come. What cannot be written ends the ensemble, after what runs now.
void Ensemble::store(const std::string& message) {
  if (m_failure) return;
  std::int64_t event = 0;
  int exit_code = 0;
  std::istringstream(message.substr(0, message.find('\n'))) >> event >> exit_code;
  try {
    Chunk& chunk = m_chunks.at(chunk_of(event));
    chunk.events->append(event, exit_code, message.substr(message.find('\n') + 1), m_root);
    io::remove_file(m_files.checkpoint(event));
    if (--chunk.missing == 0) chunk.events->complete();
    m_counters->add(done, 1);
  } catch (...) {
    m_failure = std::current_exception();
    stop_all();
  }
}

/// On rank 0, which prints a line every five seconds at first and ever more rarely.
void Ensemble::show_progress() {
  if (!m_ranks.is_root()) return;
  const double elapsed = seconds_since(m_began);
  if (seconds_since(m_printed) < std::max(5.0, 0.2 * elapsed)) return;
  m_printed = Clock::now();
  const auto count = static_cast<double>(m_counters->value(done)), all = static_cast<double>(m_missing.size());
  say(fmt::format("ensemble: {:.0f} of {:.0f} events, {} failed, {:.3g} events/min, {} left", count, all,
                  m_counters->value(failed), 60.0 * count / elapsed,
                  count > 0 ? readable(elapsed * (all - count) / count).text : "?"));
}

/// Events that are there and failed, of this and of earlier jobs.
std::vector<std::int64_t> Ensemble::failed_events() const {
  std::vector<std::int64_t> numbers;
  for (const auto& [number, chunk] : m_chunks)
    for (const auto& [event, exit_code] : chunk.events->exit_codes())
      if (exit_code != 0 && event >= m_list.begin() && event < m_list.end()) numbers.push_back(event);
  return gather_numbers(m_ranks.comm(), numbers);
}

ExitCode Ensemble::finish() {
  m_mailbox.finish();
  const std::int64_t written = m_counters->value(done), fails = m_counters->value(failed);
  m_counters.reset();
  io::collectively(m_ranks.comm(), [&] {
    if (m_failure) std::rethrow_exception(m_failure);
    for (auto& [number, chunk] : m_chunks) chunk.events->complete();
  });
  const std::int64_t left = static_cast<std::int64_t>(m_missing.size()) - written;
  const std::vector<std::int64_t> bad = failed_events();
  say(fmt::format("ensemble: {} events in {}, {} failed, {} left", written, readable(seconds_since(m_began)).text,
                  fails, left));
  for (const std::string& line : m_tally.lines(m_ranks.comm())) say(line);
  say("output: " + m_input.run.output);
  m_chunks.clear();
  if (left > 0) {
    say("stopped early; go on with --restart");
    return ExitCode::stopped_early;
  }
  if (bad.empty()) return ExitCode::success;
  constexpr std::size_t most = 50;
  throw BreakdownError(fmt::format(
      "{} of {} events failed: {}{}; the attribute message of each says why, --restart --retry-failed tries them again",
      bad.size(), m_list.end() - m_list.begin(),
      fmt::join(bad.begin(), bad.begin() + static_cast<std::ptrdiff_t>(std::min(bad.size(), most)), ", "),
      bad.size() > most ? ", ..." : ""));
}

}  // namespace ister::drivers
