#pragma once
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ister::io {

/// How far a history had come at some moment, and a checksum of all of it up to there: what a checkpoint keeps of it.
struct HistoryMark {
  std::int64_t rows = 0, bytes = 0;  ///< the header line is no row, but counts among the bytes
  std::uint64_t crc = 0;
};

/// The table of a run over time: CSV, one header line, full precision, the step in the first column. For rank 0
/// only (within on_rank_zero); everything the file system refuses is a FileError.
class History {
 public:
  /// Begins anew, unless it goes on from a mark. The disk is not touched before rewind() or append().
  History(std::filesystem::path path, const std::vector<std::string>& columns, HistoryMark mark = {});
  void restore(const HistoryMark& mark) { m_mark = mark; }

  /// FileError, naming the line, unless the file still begins with what the mark speaks of.
  void verify() const;
  /// Drops what follows the mark.
  void rewind() const;
  /// Adds a row, first the step, and passes it on to the system, so that it outlives the process.
  void append(const std::vector<double>& row);
  /// Waits until all rows are on disk: before a checkpoint that counts on them.
  void sync();
  [[nodiscard]] const HistoryMark& mark() const { return m_mark; }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void open();
  void write(const std::string& text);

  std::filesystem::path m_path;
  std::string m_header;
  std::size_t m_columns;
  HistoryMark m_mark;
  std::unique_ptr<std::FILE, Close> m_file;
};

}  // namespace ister::io
