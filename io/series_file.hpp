#pragma once
#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/grid/series.hpp"

namespace ister::io {

/// A series of such a file as below, with its attributes. FileError where it cannot be read, DamagedFile where it is
/// not what it was or not of this kind, InputError where there is no series of that name.
core::Series read_series(const std::filesystem::path& path, const std::string& name, const std::string& dataset);

/// How many rows a series had at some moment, and a checksum of all of them: what a checkpoint keeps of it.
struct SeriesMark {
  std::int64_t rows = 0;
  std::uint64_t crc = 0;
};

/// The file `<name>_observers.h5` of a run: a group for each series with `step`, `time` and its values, the first index
/// a row. It grows by being written anew, complete or not at all. For rank 0 only (within on_rank_zero).
class SeriesFile {
 public:
  /// `attributes` are those of the root.
  SeriesFile(std::filesystem::path path, core::Attributes attributes);

  /// Goes on from marks of the series, in the order in which these will be given.
  void restore(std::vector<SeriesMark> marks) { m_marks = std::move(marks); }
  /// DamagedFile unless the file still begins with the rows that the marks speak of.
  void verify(const std::vector<core::Series*>& series) const { (void)read(series); }
  /// Drops what follows the marks.
  void rewind(const std::vector<core::Series*>& series);
  /// Moves the rows of the series to the end of the file; without any it stays as it is, or absent.
  void append(const std::vector<core::Series*>& series);
  [[nodiscard]] const std::vector<SeriesMark>& marks() const { return m_marks; }

 private:
  [[nodiscard]] std::vector<core::Series> read(const std::vector<core::Series*>& series) const;
  void write(const std::vector<core::Series>& all);

  std::filesystem::path m_path;
  core::Attributes m_attributes;
  std::vector<SeriesMark> m_marks;
};

}  // namespace ister::io
