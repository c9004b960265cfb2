#pragma once
#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/surface/element_table.hpp"
#include "io/array_file.hpp"
#include "io/event_journal.hpp"

/// Files of ensembles, `<name>_ensemble_<chunk>.h5`: a group for each of the events of a chunk.
namespace ister::io {

inline constexpr const char* ensemble_format = "ister-ensemble";

/// What is kept of an event.
struct EnsembleEvent {
  std::int64_t number = 0;
  core::Attributes attributes;      ///< of its group
  std::vector<NamedArray> history;  ///< a column each
  std::vector<core::surface::ElementTable> surfaces;
  std::vector<NamedArray> spectra;  ///< named <species>/<dataset>
  core::Attributes spectra_attributes;
  std::vector<NamedArray> state;  ///< a field each, (z, y, x)
  core::Attributes state_attributes;
};

/// An HDF5 file that holds the group of this event alone, as bytes: what is sent, and what a journal holds.
std::string event_image(const EnsembleEvent& event);

/// The files of an ensemble in a folder.
class EnsembleFiles {
 public:
  EnsembleFiles(std::filesystem::path folder, std::string name);

  [[nodiscard]] std::filesystem::path chunk(std::int64_t number) const { return numbered(number, ".h5"); }
  [[nodiscard]] std::filesystem::path journal(std::int64_t number) const { return numbered(number, ".journal"); }
  [[nodiscard]] std::filesystem::path lock(std::int64_t number) const { return numbered(number, ".lock"); }
  /// Of an event that was interrupted.
  [[nodiscard]] std::filesystem::path checkpoint(std::int64_t event) const;

 private:
  [[nodiscard]] std::filesystem::path numbered(std::int64_t number, const char* ending) const;

  std::filesystem::path m_folder;
  std::string m_name;
};

/// What a file of an ensemble holds but for datasets: its attributes and those of its events, by number.
struct EnsembleContent {
  core::Attributes attributes;
  std::map<std::int64_t, core::Attributes> events;
  bool checksummed = false;  ///< all bytes are those that were written
};

/// Whether `path` is such a file; false where it cannot be read.
bool is_ensemble_file(const std::filesystem::path& path);

/// Reads all of such a file and compares with its checksums. FileError where it cannot be read, DamagedFile where it is
/// not what it was or not of this kind.
EnsembleContent read_ensemble_file(const std::filesystem::path& path);

/// A chunk while events are added to it. Each goes to a journal beside the file first, in one piece and on the disk,
/// and with the others into the file, which is written anew, complete or not at all. For one process.
class EnsembleChunk {
 public:
  /// Reads what is there. Errors as from read_ensemble_file.
  EnsembleChunk(std::filesystem::path file, std::filesystem::path journal);

  /// Whether there is a file.
  [[nodiscard]] bool exists() const { return m_exists; }
  [[nodiscard]] const core::Attributes& attributes() const { return m_attributes; }
  /// Of the events that are there.
  [[nodiscard]] const std::map<std::int64_t, int>& exit_codes() const { return m_exit_codes; }

  /// An event that replaces one of the same number; on the disk when this returns. The first makes the file, with the
  /// attributes of its root.
  void append(std::int64_t event, int exit_code, const std::string& image, const core::Attributes& root);
  /// Moves the events of the journal into the file.
  void complete();

 private:
  void write();
  void copy_from_journal(const EventJournal::Record& record, hid_t file) const;

  std::filesystem::path m_path;
  EventJournal m_journal;
  bool m_exists = false;
  core::Attributes m_attributes;
  std::map<std::int64_t, int> m_exit_codes;
};

}  // namespace ister::io
