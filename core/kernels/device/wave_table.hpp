#pragma once
#include "core/kernels/device/arrays.hpp"
#include "core/kernels/sound/wave_table.hpp"

namespace ister::core::device {

/// A copy of a table in the memory of Execution.
class WaveTable {
 public:
  explicit WaveTable(const core::WaveTable& table)
      : m_values(array_of(table.values())), m_end(table.end()), m_loop_length(table.loop_length()) {}

  /// As those of the table that was copied; the signal for kernels alone.
  [[nodiscard]] const double* signal() const { return m_values.data() + core::WaveTable::before; }
  [[nodiscard]] std::int64_t end() const { return m_end; }
  [[nodiscard]] std::int64_t loop_length() const { return m_loop_length; }

 private:
  DeviceArray m_values;
  std::int64_t m_end, m_loop_length;
};

}  // namespace ister::core::device
