#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/parallel/signals.hpp"
#include "io/posix.hpp"

namespace ister::io {

/// A file that is complete or absent: written aside in the same folder under a hidden name, then renamed. What was
/// there under the final name stays untouched until then; without commit() the part written is removed. Whatever Ister
/// writes goes this way, so that only plain files are ever replaced.
class AtomicFile {
 public:
  /// FileError as from require_writable.
  explicit AtomicFile(std::filesystem::path target);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// FileError where no file can appear under that name, or something else than a plain file has it: a device, a pipe,
  /// a folder, or a link, which may stand for any of these.
  static void require_writable(const std::filesystem::path& target);

  /// Begins the file: a new, empty one at aside(). FileError where anything but a plain file stands there.
  [[nodiscard]] Descriptor create();
  /// Where to write before commit(): the same for every process that knows the target.
  [[nodiscard]] const std::filesystem::path& aside() const { return m_aside; }
  static std::filesystem::path aside_of(const std::filesystem::path& target);
  /// The inverse of aside_of; nothing for other names.
  static std::optional<std::filesystem::path> target_of(const std::filesystem::path& aside);

  /// Puts the file, which must be on disk already, into its place and syncs the folder.
  void commit();

 private:
  std::filesystem::path m_target, m_aside;
  bool m_created = false, m_committed = false;
  core::SignalHold m_hold;
};

/// A whole file in memory.
struct FileContent {
  std::filesystem::path path;
  std::string bytes;
};

/// Writes whole files durably, all of them or, but for a failure within the last renaming, none.
void write_files(const std::vector<FileContent>& files);

/// Writes a whole text file atomically and durably.
void write_text_file(const std::filesystem::path& path, std::string_view text);

}  // namespace ister::io
