#include "drivers/run/watchdog.hpp"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>

#include "core/base/error.hpp"

namespace ister::drivers {
namespace {

constexpr double median_steps = 50;
constexpr double longest_tick = 1.0;  // s
constexpr double seconds_between_ranks = 1.0;

/// A thread that takes no signals: they are for the one that evolves.
template <class Function>
std::thread thread_without_signals(Function function) {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  std::thread thread(function);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return thread;
}

}  // namespace

Watchdog::Watchdog(double limit, int rank, const std::string& prefix) : m_limit(limit), m_rank(rank), m_prefix(prefix) {
  if (limit > 0) m_thread = thread_without_signals([this] { watch(); });
}

Watchdog::~Watchdog() {
  {
    const std::lock_guard<std::mutex> lock(m_mutex);
    m_ended = true;
  }
  m_end.notify_one();
  if (m_thread.joinable()) m_thread.join();
}

void Watchdog::enter(const char* phase) {
  m_entered = Clock::now();
  m_phase = phase;
  ++m_phases;
}

void Watchdog::step_done() {
  const double seconds = std::chrono::duration<double>(Clock::now() - m_entered).count();
  const double median = m_median;
  m_median = m_steps++ == 0 ? seconds : seconds > median ? 1.05 * median : median / 1.05;
  enter("what follows a step");
}

/// Counts ticks and not the clock, so that time in which this process did not run does not count.
void Watchdog::watch() {
  const double tick = std::min(longest_tick, m_limit / 20);
  std::int64_t seen = 0;
  double quiet = 0;
  std::unique_lock<std::mutex> lock(m_mutex);
  while (!m_end.wait_for(lock, std::chrono::duration<double>(tick), [this] { return m_ended; })) {
    const std::int64_t phases = m_phases;
    quiet = phases == seen && m_steps > 0 ? quiet + tick : 0;
    seen = phases;
    if (quiet > std::max(m_limit, median_steps * m_median)) fire(quiet);
  }
}

/// MPI may be what hangs: this rank ends without it, and so does every other by itself. Rank 0 is the first, since most
/// launchers then end the others.
void Watchdog::fire(double quiet) const {
  if (m_rank > 0) std::this_thread::sleep_for(std::chrono::duration<double>(seconds_between_ranks));
  char host[64] = "", text[800];
  gethostname(host, sizeof host - 1);
  const int length =
      std::snprintf(text, sizeof text,
                    "ister: %srank %d on %s has been in %s for %.0f s, after %lld steps of this start: a "
                    "rank, the network or the file system may be gone. Go on with --restart; "
                    "run.stall_limit says how long to wait\n",
                    m_prefix.c_str(), m_rank, host, m_phase.load(), quiet, static_cast<long long>(m_steps.load()));
  const auto bytes = std::min<std::size_t>(static_cast<std::size_t>(length), sizeof text - 1);
  pollfd err{STDERR_FILENO, POLLOUT, 0};  // whoever reads it may hang as well
  [[maybe_unused]] const bool told = poll(&err, 1, 1000) > 0 && write(STDERR_FILENO, text, bytes) > 0;
  _exit(static_cast<int>(ExitCode::internal));
}

}  // namespace ister::drivers
