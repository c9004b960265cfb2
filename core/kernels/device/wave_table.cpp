#include "core/kernels/device/wave_table.hpp"

namespace ister::core::device {

WaveTable::WaveTable(const core::WaveTable& table) : m_end(table.end()), m_loop_length(table.loop_length()) {
  const auto count = static_cast<std::size_t>(core::WaveTable::before + m_end + core::WaveTable::behind);
  m_values = DeviceArray("wave table", count);
  copy(m_values, Kokkos::View<const double*, Kokkos::HostSpace, Kokkos::MemoryUnmanaged>(
                     table.signal() - core::WaveTable::before, count));
}

}  // namespace ister::core::device
