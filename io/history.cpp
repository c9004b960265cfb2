#include "io/history.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <utility>

#include "core/base/damaged_file.hpp"
#include "io/atomic_file.hpp"
#include "io/crc64.hpp"
#include "io/posix.hpp"
#include "io/run_files.hpp"

namespace ister::io {
namespace {

std::string header_line(const std::vector<std::string>& columns) {
  std::string line;
  for (const auto& column : columns) line += (line.empty() ? "" : ",") + column;
  return line + "\n";
}

/// The step of a row, where the line is `columns` numbers; not a number elsewhere.
double step_of_row(const std::string& line, std::size_t columns) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const char* next = line.c_str();
  double step = none;
  for (std::size_t column = 0; column < columns; ++column) {
    char* end = nullptr;
    const double value = std::strtod(next, &end);
    const bool last = column + 1 == columns;
    if (end == next || *end != (last ? '\0' : ',')) return none;
    if (column == 0) step = value;
    next = end + 1;
  }
  return step;
}

/// What is wrong with a history that is not what its mark says: "LINE: what", as exactly as the lines tell.
std::string first_fault(const std::string& text, std::size_t columns, std::int64_t rows) {
  double last = -1.0;
  std::size_t begin = text.find('\n') + 1;
  for (std::int64_t row = 0; row < rows; ++row) {
    const std::size_t end = text.find('\n', begin);
    if (end == std::string::npos || begin == 0) return fmt::format("{}: the table ends here", row + 2);
    const double step = step_of_row(text.substr(begin, end - begin), columns);
    if (!(step > last)) return fmt::format("{}: not a row of {} numbers after step {:.0f}", row + 2, columns, last);
    last = step;
    begin = end + 1;
  }
  return fmt::format("{}: one of the rows up to here is not what it was", rows + 1);
}

}  // namespace

History::History(std::filesystem::path path, const std::vector<std::string>& columns, HistoryMark mark)
    : m_path(std::move(path)), m_header(header_line(columns)), m_columns(columns.size()), m_mark(mark) {}

void History::verify() const {
  if (m_mark.bytes == 0) return;
  std::error_code failure;
  const auto status = std::filesystem::symlink_status(m_path, failure);
  if (std::filesystem::exists(status) && !std::filesystem::is_regular_file(status))
    throw FileError(m_path.string() + ": not a plain file, so not the history of this run");
  const Descriptor file(m_path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  std::string text(static_cast<std::size_t>(std::min(file.size(), m_mark.bytes)), '\0');
  file.read_at(text.data(), text.size(), 0);
  const std::string found = text.substr(0, text.find('\n') + 1);
  if (!found.empty() && found != m_header)
    throw FileError(m_path.string() + ":1: the columns are not those of this run; found: " + found);
  const bool whole = static_cast<std::int64_t>(text.size()) == m_mark.bytes;
  if (whole && crc64(text.data(), text.size()) == m_mark.crc) return;
  throw DamagedFile(fmt::format(
      "{}:{}, but the checkpoint counts on {} rows as they were written: put them back, or go on in another folder",
      m_path.string(), first_fault(text, m_columns, m_mark.rows), m_mark.rows));
}

void History::rewind() const {
  if (m_mark.bytes == 0) return remove_file(m_path);
  Descriptor file(m_path, O_WRONLY | O_NOFOLLOW);
  if (file.size() == m_mark.bytes) return;
  file.resize(m_mark.bytes);
  file.sync();
}

void History::open() {
  if (m_mark.bytes == 0) write_text_file(m_path, "");
  m_file.reset(std::fopen(m_path.c_str(), "a"));
  if (!m_file) fail_errno(m_path, "open");
  if (m_mark.bytes == 0) write(m_header);
}

void History::write(const std::string& text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), m_file.get()) == text.size();
  if (!written || std::fflush(m_file.get()) != 0) fail_errno(m_path, "write");
  m_mark.crc = crc64(text.data(), text.size(), m_mark.crc);
  m_mark.bytes += static_cast<std::int64_t>(text.size());
}

void History::append(const std::vector<double>& row) {
  ISTER_REQUIRE(row.size() == m_columns);
  if (!m_file) open();
  std::string line;
  for (const double value : row) {
    char number[32];
    std::snprintf(number, sizeof number, "%.17g", value);
    line += (line.empty() ? "" : ",") + std::string(number);
  }
  write(line + "\n");
  ++m_mark.rows;
}

void History::sync() {
  if (m_file && ::fsync(::fileno(m_file.get())) != 0) fail_errno(m_path, "write to disk");
}

}  // namespace ister::io
