#include "io/ensemble_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/base/damaged_file.hpp"
#include "io/array_dataset.hpp"
#include "io/atomic_file.hpp"
#include "io/checksum_trailer.hpp"
#include "io/crc64.hpp"
#include "io/group.hpp"
#include "io/surface_tables.hpp"

namespace ister::io {
namespace {

namespace fs = std::filesystem;

const std::string group_prefix = "event_";

std::string group_of(std::int64_t event) { return group_prefix + std::to_string(event); }

/// The number in the name of an event's group; -1 for other names.
std::int64_t number_of(const std::string& group) {
  if (group.rfind(group_prefix, 0) != 0) return -1;
  std::int64_t number = -1;
  std::from_chars(group.data() + group_prefix.size(), group.data() + group.size(), number);
  return group_of(number) == group ? number : -1;
}

hdf5::Group make_group_with(hid_t parent, const std::string& name, const core::Attributes& attributes,
                            const fs::path& path) {
  hdf5::Group group = make_group(parent, name, path);
  for (const auto& [key, value] : attributes) hdf5::write_attribute(group, key, value, path);
  return group;
}

void write_arrays(hid_t parent, const std::string& name, const std::vector<NamedArray>& arrays,
                  const core::Attributes& attributes, const fs::path& path) {
  if (arrays.empty()) return;
  const hdf5::Group group = make_group_with(parent, name, attributes, path);
  for (const NamedArray& array : arrays) write_array(group, array, path);
}

/// The groups of events in a file, by number.
std::map<std::int64_t, std::string> groups_of_events(const hdf5::Source& file) {
  std::map<std::int64_t, std::string> groups;
  for (const std::string& name : hdf5::members(file, file.path()).groups)
    if (const std::int64_t number = number_of(name); number >= 0) groups[number] = name;
  return groups;
}

void copy_group(hid_t from, hid_t to, const std::string& name, const fs::path& path) {
  if (H5Ocopy(from, name.c_str(), to, name.c_str(), H5P_DEFAULT, H5P_DEFAULT) < 0)
    hdf5::fail(path, "copy the group '" + name + "'");
}

/// Copies all events into a file that is thrown away.
void rehearse_copy(const hdf5::Source& from) {
  const Descriptor scratch = Descriptor::in_memory(from.path());
  const hdf5::File to = hdf5::create_file(scratch.alias());
  for (const auto& [number, name] : groups_of_events(from)) copy_group(from, to, name, from.path());
}

hdf5::Source open_for_copy(const fs::path& path) { return hdf5::open_guarded(MPI_COMM_SELF, path, rehearse_copy); }

EnsembleContent read_content(const hdf5::Source& file) {
  EnsembleContent content;
  content.attributes = hdf5::read_attributes(file, file.path());
  const auto format = content.attributes.find("format");
  if (format == content.attributes.end() || format->second != core::Attribute(std::string(ensemble_format)))
    throw DamagedFile(fmt::format("{}: not a file of format {}", file.path().string(), ensemble_format));
  for (const auto& [number, name] : groups_of_events(file)) {
    const hdf5::Group group(H5Gopen2(file, name.c_str(), H5P_DEFAULT), file.path(), "open the group '" + name + "'");
    content.events[number] = hdf5::read_attributes(group, file.path());
  }
  return content;
}

int exit_code_of(const core::Attributes& event, std::int64_t number, const fs::path& path) {
  const auto found = event.find("exit_code");
  if (found != event.end() && std::holds_alternative<std::int64_t>(found->second))
    return static_cast<int>(std::get<std::int64_t>(found->second));
  throw DamagedFile(fmt::format("{}: /{} has no exit_code", path.string(), group_of(number)));
}

/// Writes what a descriptor holds as a file that is complete or absent, with its checksum as its last line.
void store(const Descriptor& memory, const fs::path& path) {
  AtomicFile target(path);
  Descriptor file = target.create();
  std::string piece(std::size_t{1} << 20, '\0');
  std::uint64_t crc = 0;
  std::int64_t done = 0;
  for (const std::int64_t size = memory.size(); done < size; done += static_cast<std::int64_t>(piece.size())) {
    piece.resize(std::min(piece.size(), static_cast<std::size_t>(size - done)));
    memory.read_at(piece.data(), piece.size(), done);
    crc = crc64(piece.data(), piece.size(), crc);
    file.write_at(piece.data(), piece.size(), done);
  }
  const std::string trailer = checksum_trailer(crc);
  file.write_at(trailer.data(), trailer.size(), done);
  file.sync();
  file.close();
  target.commit();
}

}  // namespace

std::string event_image(const EnsembleEvent& event) {
  const fs::path path = group_of(event.number);
  const Descriptor memory = Descriptor::in_memory(path);
  {
    hdf5::File file = hdf5::create_file(memory.alias());
    {
      const hdf5::Group group = make_group_with(file, path.string(), event.attributes, path);
      write_arrays(group, "history", event.history, {}, path);
      for (const core::surface::ElementTable& table : event.surfaces) write_surface(group, table, path);
      write_arrays(group, "spectra", event.spectra, event.spectra_attributes, path);
      write_arrays(group, "state", event.state, event.state_attributes, path);
    }
    if (!file.close()) hdf5::fail(path, "complete the file");
  }
  std::string bytes(static_cast<std::size_t>(memory.size()), '\0');
  memory.read_at(bytes.data(), bytes.size(), 0);
  return bytes;
}

EnsembleFiles::EnsembleFiles(fs::path folder, std::string name)
    : m_folder(std::move(folder)), m_name(std::move(name)) {}

fs::path EnsembleFiles::numbered(std::int64_t number, const char* ending) const {
  return m_folder / fmt::format("{}_ensemble_{:04}{}", m_name, number, ending);
}

fs::path EnsembleFiles::checkpoint(std::int64_t event) const {
  return m_folder / fmt::format("{}_event_{}_checkpoint.h5", m_name, event);
}

bool is_ensemble_file(const fs::path& path) {
  try {
    const core::Attributes root =
        hdf5::read_file(path, [&](const hdf5::Source& file) { return hdf5::read_attributes(file, path); });
    const auto format = root.find("format");
    return format != root.end() && format->second == core::Attribute(std::string(ensemble_format));
  } catch (const FileError&) {
    return false;
  }
}

EnsembleContent read_ensemble_file(const fs::path& path) {
  const bool checksummed = check_trailer(MPI_COMM_SELF, path);
  EnsembleContent content = hdf5::read_file(path, read_content);
  content.checksummed = checksummed;
  return content;
}

EnsembleChunk::EnsembleChunk(fs::path file, fs::path journal) : m_path(std::move(file)), m_journal(std::move(journal)) {
  std::error_code unknown;
  m_exists = fs::exists(fs::symlink_status(m_path, unknown));
  if (!m_exists) return;
  const EnsembleContent content = read_ensemble_file(m_path);
  m_attributes = content.attributes;
  for (const auto& [number, event] : content.events) m_exit_codes[number] = exit_code_of(event, number, m_path);
  for (const EventJournal::Record& record : m_journal.records()) m_exit_codes[record.event] = record.exit_code;
}

void EnsembleChunk::append(std::int64_t event, int exit_code, const std::string& image, const core::Attributes& root) {
  if (!m_exists) {
    m_attributes = root;
    m_attributes["format"] = std::string(ensemble_format);
    m_attributes["version"] = std::int64_t{1};
    m_journal.clear();
    write();
  }
  m_journal.append(event, exit_code, image);
  m_exit_codes[event] = exit_code;
}

void EnsembleChunk::complete() {
  if (m_journal.records().empty()) return;
  write();
  m_journal.clear();
}

/// The events in the order of their numbers, those of the journal, the last of each, in place of those of the file.
void EnsembleChunk::write() {
  std::map<std::int64_t, EventJournal::Record> fresh;
  for (const EventJournal::Record& record : m_journal.records()) fresh[record.event] = record;
  const Descriptor memory = Descriptor::in_memory(m_path);
  {
    hdf5::File file = hdf5::create_file(memory.alias());
    for (const auto& [name, value] : m_attributes) hdf5::write_attribute(file, name, value, m_path);
    std::optional<hdf5::Source> old;
    if (fresh.size() < m_exit_codes.size()) old.emplace(open_for_copy(m_path));
    for (const auto& [number, exit_code] : m_exit_codes) {
      if (const auto record = fresh.find(number); record != fresh.end())
        copy_from_journal(record->second, file);
      else
        copy_group(*old, file, group_of(number), m_path);
    }
    if (!file.close()) hdf5::fail(m_path, "complete the file");
  }
  store(memory, m_path);
  m_exists = true;
}

void EnsembleChunk::copy_from_journal(const EventJournal::Record& record, hid_t file) const {
  const std::string image = m_journal.image(record);
  Descriptor memory = Descriptor::in_memory(m_path);
  memory.write_at(image.data(), image.size(), 0);
  const std::string group = group_of(record.event);
  if (record.appended)
    copy_group(hdf5::open_verified(memory.alias()), file, group, m_path);
  else
    copy_group(open_for_copy(memory.alias()), file, group, m_path);
}

}  // namespace ister::io
