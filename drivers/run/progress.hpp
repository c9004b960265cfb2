#pragma once
#include <chrono>
#include <cstdint>
#include <string>

namespace ister::drivers {

/// A duration in words, without allocating: 41 s, 3 min 20 s, 5 h 07 min.
struct ReadableDuration {
  char text[48];
};
ReadableDuration readable(double seconds);

/// The progress of a run on standard output: one line that is rewritten on a terminal, elsewhere a plain line every
/// five seconds at first and ever more rarely (about forty in a day); the latter too where it has a prefix. Meant for
/// one rank; allocates nothing.
class Progress {
 public:
  /// Times in fm; `points` of the whole grid.
  Progress(double end_time, std::int64_t points, const std::string& prefix);

  /// After each step; prints when something is due.
  void update(std::int64_t step, double time, double dt);
  /// Prints a last line, whatever is due, and leaves the cursor on a fresh line.
  void finish();

 private:
  using Clock = std::chrono::steady_clock;

  void print(Clock::time_point now);

  std::string m_prefix;
  double m_end_time;
  double m_points;
  bool m_terminal;
  Clock::time_point m_start, m_printed;
  std::int64_t m_step = 0, m_first_step = -1, m_printed_step = 0;
  double m_time = 0, m_dt = 0, m_first_time = 0, m_printed_time = 0;
};

}  // namespace ister::drivers
