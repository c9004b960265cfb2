#include "io/atomic_file.hpp"

#include <fcntl.h>

#include <algorithm>
#include <cstdio>
#include <system_error>
#include <utility>

#include "io/posix.hpp"

namespace ister::io {

std::filesystem::path AtomicFile::aside_of(const std::filesystem::path& target) {
  return target.parent_path() / ("." + target.filename().string() + ".part");
}

std::optional<std::filesystem::path> AtomicFile::target_of(const std::filesystem::path& aside) {
  const std::string name = aside.filename().string();
  const auto target = aside.parent_path() / name.substr(1, std::max<std::size_t>(name.rfind('.'), 1) - 1);
  return aside_of(target) == aside ? std::optional(target) : std::nullopt;
}

AtomicFile::AtomicFile(std::filesystem::path target) : m_target(std::move(target)), m_aside(aside_of(m_target)) {}

AtomicFile::~AtomicFile() {
  std::error_code ignored;
  if (!m_committed) std::filesystem::remove(m_aside, ignored);
}

void AtomicFile::commit() {
  if (std::rename(m_aside.c_str(), m_target.c_str()) != 0) fail_errno(m_target, "rename the finished file to this");
  m_committed = true;
  const std::filesystem::path folder = m_target.parent_path();
  Descriptor(folder.empty() ? std::filesystem::path(".") : folder, O_RDONLY | O_DIRECTORY).sync();
}

void write_text_file(const std::filesystem::path& path, std::string_view text) {
  AtomicFile file(path);
  Descriptor out(file.aside(), O_WRONLY | O_CREAT | O_TRUNC);
  out.write_at(text.data(), text.size(), 0);
  out.sync();
  out.close();
  file.commit();
}

}  // namespace ister::io
