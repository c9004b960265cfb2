#include "core/base/input_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/base/damaged_file.hpp"
#include "core/base/error.hpp"

namespace ister::core {
namespace {

const char* kind_of(mode_t mode) {
  if (S_ISDIR(mode)) return "a folder";
  if (S_ISFIFO(mode)) return "a pipe";
  if (S_ISSOCK(mode)) return "a socket";
  return "a device";
}

/// The bytes at `offset` that one call gives; 0 at the end.
std::size_t read_some(int descriptor, const std::filesystem::path& path, void* data, std::size_t bytes,
                      std::int64_t offset) {
  for (;;) {
    const ssize_t got = ::pread(descriptor, data, bytes, offset);
    if (got >= 0) return static_cast<std::size_t>(got);
    if (errno != EINTR) fail_errno(path, "read");
  }
}

}  // namespace

void fail_errno(const std::filesystem::path& path, const std::string& what) {
  throw FileError(path.string() + ": cannot " + what + ": " + std::strerror(errno));
}

void read_exactly(int descriptor, const std::filesystem::path& path, void* data, std::size_t bytes,
                  std::int64_t offset) {
  auto* next = static_cast<char*>(data);
  while (bytes > 0) {
    const std::size_t got = read_some(descriptor, path, next, bytes, offset);
    if (got == 0) throw DamagedFile(path.string() + ": ends too early");
    next += got;
    offset += static_cast<std::int64_t>(got);
    bytes -= got;
  }
}

InputFile::InputFile(std::filesystem::path path)
    // A pipe would keep open(2) waiting for a writer, and a terminal must not become ours.
    : m_path(std::move(path)), m_descriptor(::open(m_path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)) {
  if (m_descriptor < 0 && errno == ENXIO)
    throw FileError(m_path.string() + ": is a socket or device, not a plain file");
  if (m_descriptor < 0) fail_errno(m_path, "open");
  struct stat status {};
  const bool known = ::fstat(m_descriptor, &status) == 0;
  if (known && S_ISREG(status.st_mode)) {
    m_size = status.st_size;
    return;
  }
  const int reason = errno;
  ::close(m_descriptor);
  errno = reason;
  if (!known) fail_errno(m_path, "open");
  throw FileError(m_path.string() + ": is " + kind_of(status.st_mode) + ", not a plain file");
}

InputFile::~InputFile() { ::close(m_descriptor); }

void InputFile::read_at(void* data, std::size_t bytes, std::int64_t offset) const {
  read_exactly(m_descriptor, m_path, data, bytes, offset);
}

std::string InputFile::begin(std::size_t most) const {
  std::string text;
  while (text.size() < most) {  // files of the system give no size
    const std::size_t before = text.size(), piece = std::clamp<std::size_t>(before, 1 << 12, 1 << 20);
    text.resize(std::min(most, before + piece));
    text.resize(before + read_some(m_descriptor, m_path, text.data() + before, text.size() - before,
                                   static_cast<std::int64_t>(before)));
    if (text.size() == before) break;
  }
  return text;
}

std::string read_text(const std::filesystem::path& path, std::size_t most_bytes, const std::string& what) {
  const InputFile file(path);
  std::string text;
  if (file.size() <= static_cast<std::int64_t>(most_bytes)) text = file.begin(most_bytes + 1);
  if (text.size() > most_bytes || file.size() > static_cast<std::int64_t>(most_bytes))
    throw FileError(path.string() + ": larger than " + std::to_string(most_bytes / 1'000'000) + " MB, not " + what);
  if (text.compare(0, 3, "\xef\xbb\xbf") == 0) text.erase(0, 3);
  return text;
}

}  // namespace ister::core
