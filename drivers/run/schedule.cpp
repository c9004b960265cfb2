#include "drivers/run/schedule.hpp"

#include <cmath>
#include <limits>

namespace ister::drivers {

double Schedule::next_time(double now) const {
  if (m_cadence.every_time <= 0.0) return std::numeric_limits<double>::infinity();
  const double count = std::floor((now - m_start) / m_cadence.every_time + 1e-6) + 1.0;
  return m_start + count * m_cadence.every_time;
}

bool Schedule::due(std::int64_t step, double time, double wall) const {
  if (m_cadence.every_steps > 0) return step % m_cadence.every_steps == 0;
  if (m_cadence.every_wall > 0.0) return wall >= m_cadence.every_wall;
  if (m_cadence.every_time <= 0.0) return false;
  const double count = (time - m_start) / m_cadence.every_time;
  return std::fabs(count - std::round(count)) < 1e-6;
}

bool Schedule::due_within(std::int64_t step, double time, double dt, double wall) const {
  return due(step, time, wall) || (m_cadence.every_time > 0.0 && next_time(time - dt) < time);
}

}  // namespace ister::drivers
