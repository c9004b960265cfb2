#include "io/atomic_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <list>
#include <system_error>
#include <utility>

#include "core/base/error.hpp"

namespace ister::io {
namespace {

/// FileError where something else than a plain file has this name.
void refuse_others(const std::filesystem::path& path) {
  namespace fs = std::filesystem;
  std::error_code failure;
  const fs::file_type type = fs::symlink_status(path, failure).type();
  if (type == fs::file_type::none) throw FileError(path.string() + ": cannot be written: " + failure.message());
  if (type != fs::file_type::not_found && type != fs::file_type::regular)
    throw FileError(path.string() + ": will not be replaced: it is a " +
                    (type == fs::file_type::directory ? "folder"
                     : type == fs::file_type::symlink ? "symbolic link"
                                                      : "device, pipe or socket") +
                    ", not a plain file");
}

}  // namespace

std::filesystem::path AtomicFile::aside_of(const std::filesystem::path& target) {
  return target.parent_path() / ("." + target.filename().string() + ".part");
}

std::optional<std::filesystem::path> AtomicFile::target_of(const std::filesystem::path& aside) {
  const std::string name = aside.filename().string();
  const auto target = aside.parent_path() / name.substr(1, std::max<std::size_t>(name.rfind('.'), 1) - 1);
  return aside_of(target) == aside ? std::optional(target) : std::nullopt;
}

AtomicFile::AtomicFile(std::filesystem::path target) : m_target(std::move(target)), m_aside(aside_of(m_target)) {
  require_writable(m_target);
}

void AtomicFile::require_writable(const std::filesystem::path& target) {
  namespace fs = std::filesystem;
  if (target.filename().empty()) throw FileError("\"" + target.string() + "\" is not the name of a file");
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  std::error_code failure;
  if (!fs::is_directory(folder, failure) && (!failure || failure == std::errc::no_such_file_or_directory))
    throw FileError(target.string() + ": cannot be written: there is no folder " + folder.string());
  if (::access(folder.c_str(), W_OK | X_OK) != 0) fail_errno(target, "write into this folder");
  refuse_others(target);
}

Descriptor AtomicFile::create() {
  // What a killed run left goes; whatever else has that name was put there by somebody.
  refuse_others(m_aside);
  ::unlink(m_aside.c_str());
  Descriptor file(m_aside, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, m_target);
  m_created = true;
  return file;
}

AtomicFile::~AtomicFile() {
  std::error_code ignored;
  if (m_created && !m_committed) std::filesystem::remove(m_aside, ignored);
}

void AtomicFile::commit() {
  if (std::rename(m_aside.c_str(), m_target.c_str()) != 0) fail_errno(m_target, "rename the finished file to this");
  m_committed = true;
  const std::filesystem::path folder = m_target.parent_path();
  Descriptor(folder.empty() ? std::filesystem::path(".") : folder, O_RDONLY | O_DIRECTORY).sync();
}

void write_files(const std::vector<FileContent>& files) {
  std::list<AtomicFile> written;
  for (const auto& [path, bytes] : files) {
    Descriptor out = written.emplace_back(path).create();
    out.write_at(bytes.data(), bytes.size(), 0);
    out.sync();
    out.close();
  }
  for (AtomicFile& file : written) file.commit();
}

void write_text_file(const std::filesystem::path& path, std::string_view text) {
  write_files({{path, std::string(text)}});
}

}  // namespace ister::io
