#pragma once
#include <filesystem>
#include <string>

namespace ister::io {

/// A file that says which process writes a run: there from construction to destruction, made whole or not at all, on
/// network file systems too. What a dead process left is replaced. For rank 0 only (within on_rank_zero).
class RunLock {
 public:
  /// Waits up to ten seconds for the end of a process that has lost the one that started it. InputError, naming the
  /// file and who made it, where another run holds the lock; FileError where it cannot be made.
  explicit RunLock(std::filesystem::path path);
  /// Removes the file, unless another process has taken it over meanwhile.
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;

 private:
  [[nodiscard]] bool make() const;
  void clear_away(const std::string& stale) const;

  std::filesystem::path m_path;
  std::string m_text;  ///< what the file says where it is ours
};

/// What a lock says of its holder, and whether that holder may still be writing.
struct LockHolder {
  std::string host, boot, processes;  ///< name, start and process space of the machine
  std::string pid, started;           ///< the process, and when it began [clock ticks since the machine did]
  std::string parent;                 ///< the process that started it
  std::string job;                    ///< of the batch system; empty: none

  /// This process.
  static LockHolder self();
  /// From text(); members that it lacks stay empty.
  static LockHolder parse(const std::string& text);
  [[nodiscard]] std::string text() const;
  /// In words.
  [[nodiscard]] std::string name() const;
  /// Whether it lives on this machine, and what started it is gone: a rank whose mpirun was killed, which ends soon.
  [[nodiscard]] bool is_orphan() const;
  /// Whether the process is gone: dead on this machine, or of an earlier start of this job. What cannot be known counts
  /// as no.
  [[nodiscard]] bool is_gone() const;
};

}  // namespace ister::io
