#include "io/posix.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "core/base/error.hpp"

namespace ister::io {

std::vector<std::filesystem::path> list_folder(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> entries;
  std::error_code failure;
  for (std::filesystem::directory_iterator entry(folder, failure), end; !failure && entry != end;
       entry.increment(failure))
    entries.push_back(entry->path());
  if (failure) throw FileError(folder.string() + ": cannot list this folder: " + failure.message());
  std::sort(entries.begin(), entries.end());
  return entries;
}

void require_memory(double numbers, const std::string& what) {
  const double bytes = sizeof(double) * numbers;
  const double memory = static_cast<double>(::sysconf(_SC_PHYS_PAGES)) * static_cast<double>(::sysconf(_SC_PAGESIZE));
  if (bytes > memory)
    throw InputError(fmt::format("{}: {:.3g} numbers take {:.3g} GB, more than this machine's memory of {:.3g} GB",
                                 what, numbers, 1e-9 * bytes, 1e-9 * memory));
}

Descriptor::Descriptor(const std::filesystem::path& path, int flags, const std::filesystem::path& name)
    : m_path(name), m_descriptor(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {
  if (m_descriptor < 0) fail_errno(name, "open");
}

Descriptor Descriptor::in_memory(const std::filesystem::path& path) {
  Descriptor file;
  file.m_path = path;
  file.m_descriptor = ::memfd_create("ister", MFD_CLOEXEC);
  if (file.m_descriptor < 0) fail_errno(path, "create in memory");
  return file;
}

Descriptor::~Descriptor() {
  if (m_descriptor >= 0) ::close(m_descriptor);
}

Descriptor::Descriptor(Descriptor&& other) noexcept
    : m_path(std::move(other.m_path)), m_descriptor(std::exchange(other.m_descriptor, -1)) {}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(m_path, other.m_path);
  std::swap(m_descriptor, other.m_descriptor);
  return *this;
}

std::filesystem::path Descriptor::alias() const { return "/proc/self/fd/" + std::to_string(m_descriptor); }

std::int64_t Descriptor::size() const {
  struct stat status {};
  if (::fstat(m_descriptor, &status) != 0) fail_errno(m_path, "ask the size");
  return status.st_size;
}

void Descriptor::resize(std::int64_t bytes) {
  if (::ftruncate(m_descriptor, bytes) != 0) fail_errno(m_path, "extend");
}

void Descriptor::read_at(void* data, std::size_t bytes, std::int64_t offset) const {
  core::read_exactly(m_descriptor, m_path, data, bytes, offset);
}

void Descriptor::write_at(const void* data, std::size_t bytes, std::int64_t offset) {
  const auto* next = static_cast<const char*>(data);
  while (bytes > 0) {
    const ssize_t written = ::pwrite(m_descriptor, next, bytes, offset);
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_errno(m_path, "write");
    next += written;
    offset += written;
    bytes -= static_cast<std::size_t>(written);
  }
}

void Descriptor::start_writeback([[maybe_unused]] std::int64_t offset, [[maybe_unused]] std::size_t bytes) {
#ifdef SYNC_FILE_RANGE_WRITE
  ::sync_file_range(m_descriptor, offset, static_cast<off_t>(bytes), SYNC_FILE_RANGE_WRITE);  // only a hint
#endif
}

void Descriptor::sync() {
  // Pipes and some network file systems cannot be synced, and say so by EINVAL.
  if (::fsync(m_descriptor) != 0 && errno != EINVAL) fail_errno(m_path, "write to disk");
}

void Descriptor::lock() {
  while (::flock(m_descriptor, LOCK_EX) != 0 && errno == EINTR) {
  }
}

void Descriptor::close() {
  if (::close(std::exchange(m_descriptor, -1)) != 0) fail_errno(m_path, "close");
}

}  // namespace ister::io
