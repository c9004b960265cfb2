#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/profiler.hpp"
#include "drivers/commands.hpp"
#include "drivers/progress.hpp"
#include "drivers/set_up.hpp"
#include "io/checkpoint.hpp"
#include "io/history.hpp"
#include "io/xdmf.hpp"
#include "solvers/hydro_system.hpp"

namespace ister::drivers {

/// When something that happens every so many steps, fm or seconds is next due.
class Schedule {
 public:
  Schedule(const Cadence& cadence, double start_time) : m_cadence(cadence), m_start(start_time) {}

  /// The next time that steps must meet exactly; infinite without such a cadence.
  [[nodiscard]] double next_time(double now) const;
  /// Whether it is due after a step; `wall` is the seconds since it was last done, as rank 0 sees them.
  [[nodiscard]] bool due(std::int64_t step, double time, double wall) const;

 private:
  Cadence m_cadence;
  double m_start;
};

/// A run: a hydro system, the files it writes, and when it stops.
class Simulation {
 public:
  Simulation(const core::Session& session, Input input, const RunCommand& command);
  ExitCode execute();

 private:
  using Clock = std::chrono::steady_clock;
  struct Decisions {
    bool output = false, checkpoint = false, stop = false;
  };

  void prepare_folder();
  void start(const solvers::InitialSource& initial);
  void restart();
  void require_same_problem(const io::FieldFile& checkpoint) const;
  [[nodiscard]] Decisions decide();
  void evolve();
  void write_history();
  void write_state();
  void write_checkpoint();
  void say(const std::string& line) const;
  [[nodiscard]] core::Attributes common_attributes() const;

  const core::Session& m_session;
  Input m_input;
  RunCommand m_command;
  Clock::time_point m_begin, m_last_output, m_last_checkpoint, m_last_step;
  std::int64_t m_process_bytes;  ///< before anything is set up
  io::RunFiles m_files;
  core::Decomposition m_decomposition;
  physics::FluidModel m_fluid;
  core::ArrayPool m_pool;
  core::Profiler m_profiler;
  std::optional<io::FieldFile> m_checkpoint;  ///< to go on from
  std::unique_ptr<solvers::HydroSystem> m_system;
  Schedule m_output, m_checkpoints;
  std::unique_ptr<io::History> m_history;  ///< rank 0
  bool m_stopped = false;                  ///< early, on purpose
  std::vector<double> m_snapshot_times;
  std::vector<std::int64_t> m_snapshot_steps;
};

}  // namespace ister::drivers
