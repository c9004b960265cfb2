#pragma once
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/parallel/profiler.hpp"
#include "drivers/commands.hpp"
#include "drivers/run/machine_wisdom.hpp"
#include "drivers/run/progress.hpp"
#include "drivers/run/run_observers.hpp"
#include "drivers/run/schedule.hpp"
#include "drivers/run/set_up.hpp"
#include "io/checkpoint.hpp"
#include "io/history.hpp"
#include "io/run_lock.hpp"
#include "io/series_file.hpp"
#include "io/surface_file.hpp"
#include "solvers/hydro_system.hpp"

namespace ister::drivers {

/// A run on the ranks of a communicator: a hydro system, the files it writes, and when it stops. Runs one after another
/// in a process are what each is alone.
class Simulation {
 public:
  /// Collective, as the rest: an error is thrown on all ranks alike, and the ranks beside these never notice.
  Simulation(const core::Ranks& ranks, Input input, const RunCommand& command);

  /// Everything before the first step: what to start from, the files that are there, memory, plans, the first state.
  /// False where there is nothing to evolve: the run is finished, or this is a dry run.
  bool prepare();
  /// To the end, or until it is asked to stop. Call prepare() before.
  ExitCode evolve();

 private:
  using Clock = std::chrono::steady_clock;
  struct Decisions {
    bool output = false, checkpoint = false, stop = false;
  };
  struct Snapshot {
    std::int64_t step = 0;
    double time = 0;
    std::int64_t fields = 0;  ///< bit i: the i-th name of the fields that snapshots can hold
  };

  // simulation.cpp: the run.
  void recall_plans();
  void set_up();
  void finish(const core::ArrayPool::Statistics& pool, const core::TransformStatistics& transforms,
              std::int64_t first_step, Clock::time_point began);
  [[nodiscard]] Decisions decide();
  [[nodiscard]] bool is_condemned() const;
  [[nodiscard]] bool at_end() const;
  [[nodiscard]] bool is_frozen() const;
  [[nodiscard]] bool asked_to_stop() const;
  void stop_if_asked() const;
  void say(const std::string& line) const;
  void warn(const std::string& line) const;

  // simulation_start.cpp: what it starts from, and the files that are there already.
  void choose_start();
  void start_from_newest(const std::string& owner);
  void start_from_file(bool occupied, const std::string& owner);
  void take(io::FieldFile checkpoint);
  void go_on_from(io::FieldFile checkpoint);
  void check_files() const;
  void begin_files();
  void resume_files();
  [[nodiscard]] bool is_finished() const;

  // simulation_output.cpp: what it writes.
  void add_observers();
  void restore_observers();
  void write_history();
  void write_series();
  void write_surface();
  void say_surface() const;
  void write_state();
  double write_state_before(double end);
  void look_before(double end);
  void write_xdmf() const;
  void write_checkpoint(bool finished);
  [[nodiscard]] std::vector<core::NamedField> checkpoint_fields();
  [[nodiscard]] core::Attributes common_attributes() const;

  core::Ranks m_ranks;
  Input m_input;
  RunCommand m_command;
  std::string m_prefix;  ///< of what is printed: beside other runs of the job the name of this one
  Clock::time_point m_begin, m_last_output, m_last_checkpoint, m_last_step;
  std::int64_t m_process_bytes;      ///< before anything is set up
  std::int64_t m_counted_bytes = 0;  ///< what the run needs at its peak
  io::RunFiles m_files;
  core::Decomposition m_decomposition;
  physics::FluidModel m_fluid;
  std::map<std::string, std::string> m_digests;  ///< of the files that the input names
  core::ArrayPool m_pool;
  core::Profiler m_profiler;
  std::unique_ptr<io::RunLock> m_lock;  ///< rank 0
  std::string m_run_id;                 ///< in every checkpoint of the run
  std::optional<MachineWisdom> m_wisdom;
  std::string m_plans;  ///< as FFTW knew them when they were made; other runs of this process make their own
  std::optional<io::FieldFile> m_checkpoint;     ///< to go on from
  bool m_checkpoint_in_place = false;            ///< it is the one of its step in the run's folder
  std::vector<std::filesystem::path> m_foreign;  ///< checkpoints of other runs, to be left alone
  std::unique_ptr<solvers::HydroSystem> m_system;
  Schedule m_output, m_checkpoints;
  std::unique_ptr<RunObservers> m_observers;
  std::optional<io::History> m_history;  ///< rank 0 writes
  io::SeriesFile m_series;               ///< rank 0
  io::SurfaceFile m_surface;             ///< rank 0
  bool m_stopped = false;                ///< early, on purpose
  std::vector<Snapshot> m_snapshots;
};

}  // namespace ister::drivers
