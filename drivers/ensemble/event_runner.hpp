#pragma once
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "core/parallel/profiler.hpp"
#include "drivers/ensemble/event_list.hpp"
#include "drivers/input/broadcast.hpp"
#include "drivers/run/run_observers.hpp"
#include "drivers/run/schedule.hpp"
#include "drivers/run/start_review.hpp"
#include "io/ensemble_file.hpp"
#include "io/field_file.hpp"
#include "solvers/hydro_system.hpp"

namespace ister::drivers {

/// Runs events of a deck one after another on the ranks of a communicator. Plans, tables and arrays are made once; each
/// event is bit for bit what it is in a run of its own.
class EventRunner {
 public:
  /// Collective, as the rest. FFTW's plans are those of its present wisdom, or measured. Throws as a run does.
  EventRunner(const core::Ranks& ranks, const Deck& deck, const Input& input, const physics::FluidModel& fluid,
              const std::map<std::string, std::string>& digests, io::EnsembleFiles files);

  /// Runs an event from its start, or from the checkpoint that it was interrupted with, of which it writes more as the
  /// cadence of the deck has them. Nothing, and a checkpoint where it was under way, where `asked_to_stop` says so,
  /// which is asked after each step and is the same on all ranks. An event that fails is one with another exit_code and
  /// a message; what is no matter of the event is thrown: FileError where the checkpoint cannot be written. The event
  /// is complete on the root.
  std::optional<io::EnsembleEvent> run(const Event& event, const std::function<bool()>& asked_to_stop);

  /// Where the time went on this rank.
  [[nodiscard]] const core::Profiler& profiler() const { return m_profiler; }

 private:
  using Clock = std::chrono::steady_clock;

  /// Why an event does not go on.
  enum class Pause { finished, asked, checkpoint };

  void reset(const Event& event);
  Pause attempt(const Event& event, const std::function<bool()>& asked_to_stop);
  Pause evolve(const Event& event, const std::function<bool()>& asked_to_stop);
  void start(const Event& event);
  [[nodiscard]] bool checkpoint_due() const;
  void watch(const Input& input);
  void begin(const Input& input);
  bool resume(const Input& input, std::int64_t number);
  void add_row();
  void note_progress();
  void add_surfaces();
  void add_spectra();
  void add_state();
  void fail(ExitCode code, const std::string& message);
  void write_checkpoint(const Event& event);

  core::Ranks m_ranks;
  const Deck m_deck;
  const Input m_input;
  const physics::FluidModel m_fluid;
  const std::map<std::string, std::string> m_digests;
  const io::EnsembleFiles m_files;
  const core::Decomposition m_decomposition;
  core::ArrayPool m_pool;
  core::Profiler m_profiler;
  solvers::HydroSystem m_system;
  const Schedule m_checkpoints;
  std::unique_ptr<RunObservers> m_observers;  ///< of the event
  io::EnsembleEvent m_kept;                   ///< of it, so far
  bool m_started = false;                     ///< it has a state
  double m_wall_before = 0;                   ///< seconds that it took before it was interrupted
  Clock::time_point m_began, m_last_checkpoint;
};

}  // namespace ister::drivers
