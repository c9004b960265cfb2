#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/input_file.hpp"

namespace ister::io {

using core::fail_errno;

/// Full names of what a folder holds, in alphabetical order. FileError where it cannot be listed.
std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder);

/// InputError where so many numbers of type double, which `what` takes, are more than this machine has memory for.
void require_memory(double numbers, const std::string& what);

/// An open file descriptor. Errors become FileErrors that name the file; one that ends too early is a DamagedFile.
class Descriptor {
 public:
  /// Arguments of open(2). `name` is what errors call the file.
  Descriptor(const std::filesystem::path& path, int flags, const std::filesystem::path& name);
  Descriptor(const std::filesystem::path& path, int flags) : Descriptor(path, flags, path) {}
  /// A file in memory: sparse, gone with its last descriptor. `path` is the name that errors give.
  static Descriptor in_memory(const std::filesystem::path& path);
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept;
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  /// Where other libraries of this process can open the same file.
  [[nodiscard]] std::filesystem::path alias() const;
  [[nodiscard]] std::int64_t size() const;
  void resize(std::int64_t bytes);
  void read_at(void* data, std::size_t bytes, std::int64_t offset) const;
  /// Writes all bytes at `offset`; several processes may write disjoint parts of one file.
  void write_at(const void* data, std::size_t bytes, std::int64_t offset);
  /// Starts moving written bytes to the disk without waiting for it.
  void start_writeback(std::int64_t offset, std::size_t bytes);
  /// Waits until everything is on the disk.
  void sync();
  /// Waits until nobody else holds the lock of the file, and holds it until closed; without effect on file systems that
  /// have no locks.
  void lock();
  /// Closes and reports what only then comes to light (a quota, a full network disk).
  void close();

 private:
  Descriptor() = default;

  std::filesystem::path m_path;
  int m_descriptor = -1;
};

}  // namespace ister::io
