#pragma once
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ister::io {

/// The table of a run over time: CSV, one header line, full precision, the step in the first column. For rank 0
/// only (within on_rank_zero); everything the file system refuses is a FileError.
class History {
 public:
  /// Starts a new file, over one that may be there.
  History(std::filesystem::path path, const std::vector<std::string>& columns);
  /// Continues the file of a run that restarts from `step`: rows of later steps, and one that was cut off by the end
  /// of the run, are dropped. Starts a new file where there is none; FileError where its columns are others.
  History(std::filesystem::path path, const std::vector<std::string>& columns, std::int64_t step);

  /// Adds a row, first the step, and passes it on to the system, so that it outlives the process.
  void append(const std::vector<double>& row);
  /// Waits until all rows are on disk: before a checkpoint that counts on them.
  void sync();

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void begin(const std::string& text);

  std::filesystem::path m_path;
  std::size_t m_columns;
  std::unique_ptr<std::FILE, Close> m_file;
};

}  // namespace ister::io
