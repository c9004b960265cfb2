#pragma once
#include <string>

#include "core/base/error.hpp"
#include "core/kernels/device/arrays.hpp"

namespace ister::core::device {

/// An array that the host changes now and then and kernels read. The two have a copy each, on a host as well, which so
/// works in the same way as a device.
template <class Entry>
class Settings {
 public:
  /// Of entries made by default.
  Settings(const std::string& label, std::int64_t count)
      : m_read(label, static_cast<std::size_t>(count)), m_set(label, static_cast<std::size_t>(count)) {}

  [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(m_set.size()); }

  /// An entry for the host to change.
  Entry& change(std::int64_t index) {
    ISTER_REQUIRE(index >= 0 && index < size());
    m_changed = true;
    return m_set(static_cast<std::size_t>(index));
  }
  /// All entries as the host has set them, for the next kernels. Copies where something was changed.
  const Entry* read() {
    if (m_changed) copy(m_read, m_set);
    m_changed = false;
    return m_read.data();
  }

 private:
  bool m_changed = false;
  Values<Entry> m_read;
  Kokkos::View<Entry*, Kokkos::HostSpace> m_set;
};

}  // namespace ister::core::device
