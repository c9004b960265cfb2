#include "io/history.hpp"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <utility>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "io/posix.hpp"

namespace ister::io {
namespace {

std::string header_line(const std::vector<std::string>& columns) {
  std::string line;
  for (const auto& column : columns) line += (line.empty() ? "" : ",") + column;
  return line + "\n";
}

}  // namespace

History::History(std::filesystem::path path, const std::vector<std::string>& columns)
    : m_path(std::move(path)), m_columns(columns.size()) {
  begin(header_line(columns));
}

History::History(std::filesystem::path path, const std::vector<std::string>& columns, std::int64_t step)
    : m_path(std::move(path)), m_columns(columns.size()) {
  std::string kept = header_line(columns);
  if (std::ifstream old(m_path); old) {
    std::string line;
    if (std::getline(old, line) && line + "\n" != kept) {
      throw FileError(m_path.string() + ": the columns are not those of this run; found: " + line);
    }
    while (std::getline(old, line) && !old.eof()) {  // a last line without its end was cut off
      if (std::strtoll(line.c_str(), nullptr, 10) <= step) kept += line + "\n";
    }
  }
  begin(kept);
}

void History::begin(const std::string& text) {
  write_text_file(m_path, text);
  m_file.reset(std::fopen(m_path.c_str(), "a"));
  if (!m_file) fail_errno(m_path, "open");
}

void History::append(const std::vector<double>& row) {
  ISTER_REQUIRE(row.size() == m_columns);
  for (std::size_t i = 0; i < row.size(); ++i) std::fprintf(m_file.get(), i == 0 ? "%.17g" : ",%.17g", row[i]);
  std::fputc('\n', m_file.get());
  if (std::fflush(m_file.get()) != 0 || std::ferror(m_file.get()) != 0) fail_errno(m_path, "write");
}

void History::sync() {
  if (::fsync(::fileno(m_file.get())) != 0) fail_errno(m_path, "write to disk");
}

}  // namespace ister::io
