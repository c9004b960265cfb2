#pragma once
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>

namespace ister::drivers {

/// Ends the process with exit code 70 and a message when a run no longer gets on: a rank that is gone, a network or a
/// file system that does not answer leave all others waiting for ever. A thread of its own watches, from the first
/// step_done() until destruction; nothing here allocates or communicates after construction. Time in which the process
/// was stopped or suspended does not count.
class Watchdog {
 public:
  /// Fires when a phase takes longer than `limit` seconds and than fifty median steps; never with a limit of 0.
  /// `prefix` tells the message from those of other runs.
  Watchdog(double limit, int rank, const std::string& prefix);
  ~Watchdog();
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  /// What the run does from now on, for the message: a string literal such as "a step".
  void enter(const char* phase);
  /// The phase entered last was a step, and is over.
  void step_done();

 private:
  using Clock = std::chrono::steady_clock;

  void watch();
  [[noreturn]] void fire(double quiet) const;

  const double m_limit;
  const int m_rank;
  const std::string m_prefix;
  Clock::time_point m_entered{};
  std::atomic<const char*> m_phase{""};
  std::atomic<std::int64_t> m_phases{0}, m_steps{0};
  std::atomic<double> m_median{0};  ///< seconds of a step, followed with 5 % a step
  std::mutex m_mutex;
  std::condition_variable m_end;
  bool m_ended = false;
  std::thread m_thread;
};

}  // namespace ister::drivers
