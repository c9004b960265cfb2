#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ister::io {

/// Events of a chunk that are not in its file yet, one record after another: a line
///     ISTER-EVENT <number> <exit code> <bytes> <crc64>
/// and so many bytes, whose checksum that is. A record is whole or does not count: what a killed process left of one is
/// overwritten by the next. For one process.
class EventJournal {
 public:
  struct Record {
    std::int64_t event;
    int exit_code;
    std::int64_t offset, bytes;  ///< of the image
    std::uint64_t crc;           ///< of it
    bool appended = false;       ///< by this object, and not found
  };

  /// Reads what is there; nothing where there is no such file.
  explicit EventJournal(std::filesystem::path path);

  [[nodiscard]] const std::vector<Record>& records() const { return m_records; }
  /// DamagedFile where the bytes are not those that were appended.
  [[nodiscard]] std::string image(const Record& record) const;
  /// On the disk when this returns.
  void append(std::int64_t event, int exit_code, const std::string& image);
  /// Removes the file.
  void clear();

 private:
  std::filesystem::path m_path;
  std::vector<Record> m_records;
  std::int64_t m_end = 0;  ///< of the last whole record
};

}  // namespace ister::io
