#pragma once
#include <chrono>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/parallel/communicator.hpp"
#include "core/parallel/mailbox.hpp"
#include "core/parallel/shared_counters.hpp"
#include "drivers/commands.hpp"
#include "drivers/ensemble/event_list.hpp"
#include "drivers/ensemble/event_runner.hpp"
#include "drivers/ensemble/tally.hpp"
#include "drivers/input/broadcast.hpp"
#include "io/ensemble_file.hpp"
#include "io/run_lock.hpp"

namespace ister::drivers {

/// The events of a deck on the ranks of a job. Groups of ranks take one after another, the next that nobody has taken;
/// what is kept of an event goes to the rank that writes its chunk.
class Ensemble {
 public:
  /// Collective, as the rest. InputError where deck and command do not fit together.
  Ensemble(const core::Ranks& ranks, const Deck& deck, const Input& input, const RunCommand& command);

  /// Runs what is missing. BreakdownError where events failed, after all others ran.
  ExitCode run();

 private:
  using Clock = std::chrono::steady_clock;
  enum Counter { next, done, failed, counters };

  /// A chunk that this rank writes.
  struct Chunk {
    std::unique_ptr<io::RunLock> lock;
    std::unique_ptr<io::EnsembleChunk> events;
    int missing = 0;  ///< events that are yet to come
  };

  // What there is to do.
  [[nodiscard]] std::int64_t chunk_of(std::int64_t event) const { return event / m_input.ensemble.chunk; }
  [[nodiscard]] int writer_of(std::int64_t chunk) const;
  [[nodiscard]] bool is_leader() const { return m_works && m_event_ranks.is_root(); }
  void open_chunks();
  void open(std::int64_t number);
  [[nodiscard]] std::vector<std::filesystem::path> old_files(std::int64_t number) const;
  void find_missing();
  void remove_old();

  // Doing it.
  void make_runner();
  void work();
  bool run_event(std::int64_t number);
  [[nodiscard]] std::optional<std::int64_t> take_next();
  [[nodiscard]] bool asked_to_stop();
  void stop_all();
  void hand_in(const io::EnsembleEvent& event);
  void store(const std::string& message);
  void show_progress();

  // What became of it.
  ExitCode finish();
  [[nodiscard]] std::vector<std::int64_t> failed_events() const;
  void say(const std::string& line) const;

  const core::Ranks m_ranks;
  const Deck m_deck;
  const Input m_input;
  const RunCommand m_command;
  const EventList m_list;
  const io::EnsembleFiles m_files;
  const int m_groups;  ///< of ranks_per_event ranks
  const bool m_works;  ///< whether this rank is of one of them
  core::Communicator m_all, m_group;
  const core::Ranks m_event_ranks;
  const Clock::time_point m_began;
  Clock::time_point m_last_step, m_printed;
  core::Attributes m_root;  ///< of files
  std::map<std::string, std::string> m_digests;
  std::map<std::int64_t, Chunk> m_chunks;  ///< by number
  std::vector<std::int64_t> m_missing;     ///< events to run
  std::unique_ptr<EventRunner> m_runner;
  std::unique_ptr<core::SharedCounters> m_counters;  ///< while events run
  core::Mailbox m_mailbox;
  Tally m_tally;
  std::exception_ptr m_failure;  ///< of writing
};

}  // namespace ister::drivers
