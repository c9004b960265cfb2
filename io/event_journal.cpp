#include "io/event_journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cinttypes>
#include <cstdio>

#include "core/base/damaged_file.hpp"
#include "core/base/input_file.hpp"
#include "io/crc64.hpp"
#include "io/posix.hpp"
#include "io/run_files.hpp"

namespace ister::io {
namespace {

constexpr std::size_t longest_line = 128;

std::string head_of(const EventJournal::Record& record) {
  return fmt::format("ISTER-EVENT {} {} {} {}\n", record.event, record.exit_code, record.bytes, crc64_text(record.crc));
}

std::uint64_t crc_of(const std::string& image) { return crc64(image.data(), image.size()); }

std::string read(const core::InputFile& file, std::int64_t offset, std::int64_t bytes) {
  std::string text(static_cast<std::size_t>(bytes), '\0');
  file.read_at(text.data(), text.size(), offset);
  return text;
}

/// The record that begins at `offset`, if there is a whole one.
bool read_record(const core::InputFile& file, std::int64_t offset, EventJournal::Record& record) {
  const std::int64_t left = file.size() - offset;
  const std::string begin = read(file, offset, std::min<std::int64_t>(left, longest_line));
  const std::string line = begin.substr(0, begin.find('\n') + 1);
  if (std::sscanf(line.c_str(), "ISTER-EVENT %" SCNd64 " %d %" SCNd64, &record.event, &record.exit_code,
                  &record.bytes) != 3)
    return false;
  record.offset = offset + static_cast<std::int64_t>(line.size());
  if (record.bytes < 0 || record.bytes > file.size() - record.offset) return false;
  record.crc = crc_of(read(file, record.offset, record.bytes));
  return line == head_of(record);
}

}  // namespace

EventJournal::EventJournal(std::filesystem::path path) : m_path(std::move(path)) {
  std::error_code failure;
  if (!std::filesystem::exists(std::filesystem::symlink_status(m_path, failure))) return;
  const core::InputFile file(m_path);
  for (Record record{}; m_end < file.size() && read_record(file, m_end, record);) {
    m_records.push_back(record);
    m_end = record.offset + record.bytes;
  }
}

std::string EventJournal::image(const Record& record) const {
  std::string image = read(core::InputFile(m_path), record.offset, record.bytes);
  if (crc_of(image) == record.crc) return image;
  throw DamagedFile(fmt::format("{}: event {} is not what was written", m_path.string(), record.event));
}

void EventJournal::append(std::int64_t event, int exit_code, const std::string& image) {
  Descriptor file(m_path, O_WRONLY | O_CREAT | O_NOFOLLOW);
  Record record{event, exit_code, 0, static_cast<std::int64_t>(image.size()), crc_of(image), true};
  const std::string head = head_of(record);
  record.offset = m_end + static_cast<std::int64_t>(head.size());
  file.resize(m_end);
  file.write_at(head.data(), head.size(), m_end);
  file.write_at(image.data(), image.size(), record.offset);
  file.sync();
  m_records.push_back(record);
  m_end = record.offset + record.bytes;
}

void EventJournal::clear() {
  remove_file(m_path);
  m_records.clear();
  m_end = 0;
}

}  // namespace ister::io
