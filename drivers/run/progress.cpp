#include "drivers/run/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace ister::drivers {
namespace {

using Seconds = std::chrono::duration<double>;

/// mpirun gives its ranks a terminal of its own whatever stands behind it; TERM=dumb says that none does.
bool is_terminal() {
  const char* kind = std::getenv("TERM");
  return isatty(STDOUT_FILENO) == 1 && kind != nullptr && std::strcmp(kind, "dumb") != 0;
}

}  // namespace

ReadableDuration readable(double seconds) {
  ReadableDuration span;
  const auto whole = static_cast<long long>(std::llround(std::min(seconds, 1e9)));
  if (whole < 60)
    std::snprintf(span.text, sizeof span.text, "%lld s", whole);
  else if (whole < 3600)
    std::snprintf(span.text, sizeof span.text, "%lld min %02lld s", whole / 60, whole % 60);
  else
    std::snprintf(span.text, sizeof span.text, "%lld h %02lld min", whole / 3600, whole / 60 % 60);
  return span;
}

Progress::Progress(double end_time, std::int64_t points, const std::string& prefix)
    : m_prefix(prefix),
      m_end_time(end_time),
      m_points(static_cast<double>(points)),
      m_terminal(prefix.empty() && is_terminal()),
      m_start(Clock::now()),
      m_printed(m_start) {}

void Progress::update(std::int64_t step, double time, double dt) {
  const auto now = Clock::now();
  if (m_first_step < 0) {  // the step before this one, from which the rates count
    m_first_step = m_printed_step = step - 1;
    m_first_time = m_printed_time = time - dt;
  }
  m_step = step;
  m_time = time;
  m_dt = dt;
  const double elapsed = Seconds(now - m_start).count();
  const double interval = m_terminal ? 0.2 : std::max(5.0, 0.2 * elapsed);
  if (Seconds(now - m_printed).count() >= interval) print(now);
}

void Progress::finish() {
  if (m_first_step < 0) return;
  m_printed = m_start;  // the last line gives the rates of the whole run
  m_printed_step = m_first_step;
  m_printed_time = m_first_time;
  print(Clock::now());
  if (m_terminal) std::fputc('\n', stdout);
  std::fflush(stdout);
}

void Progress::print(Clock::time_point now) {
  const double seconds = std::max(Seconds(now - m_printed).count(), 1e-9);
  const double steps_per_second = static_cast<double>(m_step - m_printed_step) / seconds;
  const double time_per_second = (m_time - m_printed_time) / seconds;
  const double left = m_end_time - m_time;
  char ending[64];
  if (left <= 1e-12 * std::abs(m_end_time))
    std::snprintf(ending, sizeof ending, "took %s", readable(Seconds(now - m_start).count()).text);
  else
    std::snprintf(ending, sizeof ending, "%s left", time_per_second > 0 ? readable(left / time_per_second).text : "?");
  std::printf("%s%s  step %8lld  time %9.4f of %g fm  dt %.3g  %8.2f steps/s  %8.3f Mpoint-steps/s  %s%s",
              m_terminal ? "\r\033[K" : "", m_prefix.c_str(), static_cast<long long>(m_step), m_time, m_end_time, m_dt,
              steps_per_second, 1e-6 * m_points * steps_per_second, ending, m_terminal ? "" : "\n");
  std::fflush(stdout);
  m_printed = now;
  m_printed_step = m_step;
  m_printed_time = m_time;
}

}  // namespace ister::drivers
