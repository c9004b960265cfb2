#pragma once
#include <cstdint>

#include "drivers/input/input.hpp"

namespace ister::drivers {

/// When something that happens every so many steps, fm or seconds is next due.
class Schedule {
 public:
  Schedule(const Cadence& cadence, double start_time) : m_cadence(cadence), m_start(start_time) {}

  /// The next of its times beyond `now`; infinite without such a cadence.
  [[nodiscard]] double next_time(double now) const;
  /// Whether it is due after a step that ended at `time`, exactly at one of its times where it has such; `wall` is the
  /// seconds since it was last done, as rank 0 sees them.
  [[nodiscard]] bool due(std::int64_t step, double time, double wall) const;
  /// The same, but due as well where a time of its own lies within the step of length dt.
  [[nodiscard]] bool due_within(std::int64_t step, double time, double dt, double wall) const;

 private:
  Cadence m_cadence;
  double m_start;
};

}  // namespace ister::drivers
