#pragma once
#include <filesystem>
#include <optional>
#include <string_view>

namespace ister::io {

/// A file that is complete or absent: written aside in the same folder under a hidden name, then renamed. What was
/// there under the final name stays untouched until then; without commit() the part written is removed.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path target);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Where to write before commit(): the same for every process that knows the target.
  [[nodiscard]] const std::filesystem::path& aside() const { return m_aside; }
  static std::filesystem::path aside_of(const std::filesystem::path& target);
  /// The inverse of aside_of; nothing for other names.
  static std::optional<std::filesystem::path> target_of(const std::filesystem::path& aside);

  /// Puts the file, which must be on disk already, into its place and syncs the folder.
  void commit();

 private:
  std::filesystem::path m_target, m_aside;
  bool m_committed = false;
};

/// Writes a whole text file atomically and durably.
void write_text_file(const std::filesystem::path& path, std::string_view text);

}  // namespace ister::io
