#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>

namespace ister::io {

/// What a rehearsal may use. Its action asks for more as it learns what it reads; elsewhere nothing is limited.
class Budget {
 public:
  /// Processor time and memory for `bytes` of decoded values: generous for compressed data on a slow processor. Time
  /// spent waiting for a disk does not count.
  void allow(double bytes);

 private:
  friend void read_guarded(const std::filesystem::path&, const std::string&, const std::function<void(Budget&)>&);
  void begin();  ///< in the child: from here on the limits hold
  void apply() const;

  bool m_limited = false;
  std::uint64_t m_base = 0;  ///< address space before
  double m_bytes = 0.0;
};

/// Runs `action`, in which `library` reads `path`, in a child process, and throws what it throws: files that are
/// damaged or made to do harm may crash a library, or never let it end. DamagedFile where they do. Whatever is read
/// goes through here first, checksummed or not, for a checksum can be right by intent; the caller then does the same
/// again itself. Where the disk is slow this waits, and says so. FileError where no process can be started.
void read_guarded(const std::filesystem::path& path, const std::string& library,
                  const std::function<void(Budget&)>& action);

}  // namespace ister::io
