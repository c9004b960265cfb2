#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "io/array_file.hpp"

namespace ister::io {

/// What a file keeps of an event.
struct EventRecord {
  std::string name;                 ///< of its group, `event_<number>`; empty where the file is that of one event
  core::Attributes attributes;      ///< of the group
  std::vector<NamedArray> spectra;  ///< named <species>/<dataset>
};

/// Reads the events of a chunk `<name>_ensemble_<chunk>.h5`, which has a group for each with attributes and, where they
/// were asked for, a group `spectra` of groups of species; or of a file of `ister analyze particles`, which is such a
/// group by itself. Of the datasets of species only those `wanted`. Events come in the order of their numbers.
/// FileError where it cannot be read, DamagedFile where it is neither, names an event without a number, or is not what
/// its checksum says, where it has one.
std::vector<EventRecord> read_events(const std::filesystem::path& path, const std::vector<std::string>& wanted);

}  // namespace ister::io
