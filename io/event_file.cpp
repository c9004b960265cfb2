#include "io/event_file.hpp"

#include <algorithm>

#include "core/base/damaged_file.hpp"
#include "io/checksum_trailer.hpp"
#include "io/hdf5.hpp"

namespace ister::io {
namespace {

const std::string event_prefix = "event_", ensemble_format = "ister-ensemble";

hdf5::Group open_group(hid_t parent, const std::string& name, const std::filesystem::path& path) {
  return {H5Gopen2(parent, name.c_str(), H5P_DEFAULT), path, "open the group '" + name + "'"};
}

bool is_event(const std::string& group) {
  const std::string number = group.substr(std::min(event_prefix.size(), group.size()));
  if (group.rfind(event_prefix, 0) != 0 || number.empty() || number.size() > 18) return false;
  return number.find_first_not_of("0123456789") == std::string::npos;
}

Array read_array(const hdf5::Source& file, const hdf5::Dataset& dataset) {
  const std::vector<hsize_t> extents = hdf5::extents(dataset, file.path());
  return {{extents.begin(), extents.end()}, file.read(dataset)};
}

std::vector<NamedArray> read_spectra(const hdf5::Source& file, hid_t spectra, const std::vector<std::string>& wanted) {
  std::vector<NamedArray> arrays;
  for (const std::string& species : hdf5::members(spectra, file.path()).groups) {
    const hdf5::Group group = open_group(spectra, species, file.path());
    for (const std::string& name : hdf5::members(group, file.path()).datasets) {
      if (std::find(wanted.begin(), wanted.end(), name) == wanted.end()) continue;
      const hdf5::Dataset dataset = file.dataset(group, name);
      if (!hdf5::is_numeric(dataset))
        throw DamagedFile(file.path().string() + ": " + species + "/" + name + " holds no numbers");
      arrays.push_back({species + "/" + name, read_array(file, dataset)});
    }
  }
  return arrays;
}

EventRecord read_event(const hdf5::Source& file, const std::string& name, const std::vector<std::string>& wanted) {
  const hdf5::Group group = open_group(file, name, file.path());
  EventRecord event{name, hdf5::read_attributes(group, file.path()), {}};
  const std::vector<std::string> groups = hdf5::members(group, file.path()).groups;
  if (std::find(groups.begin(), groups.end(), "spectra") != groups.end())
    event.spectra = read_spectra(file, open_group(group, "spectra", file.path()), wanted);
  return event;
}

std::vector<EventRecord> read_content(const hdf5::Source& file, const std::vector<std::string>& wanted) {
  const core::Attributes root = hdf5::read_attributes(file, file.path());
  const auto says = [&](const char* name, const std::string& text) {
    const auto found = root.find(name);
    return found != root.end() && found->second == core::Attribute(text);
  };
  if (says("analysis", "particles")) return {{"", {}, read_spectra(file, file, wanted)}};
  std::vector<std::string> names;
  for (const std::string& name : hdf5::members(file, file.path()).groups) {
    if (is_event(name))
      names.push_back(name);
    else if (name.rfind(event_prefix, 0) == 0)
      throw DamagedFile(file.path().string() + ": the event /" + name + " has no number");
  }
  if (names.empty() && !says("format", ensemble_format))
    throw DamagedFile(file.path().string() +
                      ": neither a chunk of an ensemble (it has no group event_<number>) nor a file of ister analyze "
                      "particles");
  std::sort(names.begin(), names.end(), [](const std::string& a, const std::string& b) {
    const auto number = [](const std::string& name) { return std::stoll(name.substr(event_prefix.size())); };
    return number(a) < number(b);
  });
  std::vector<EventRecord> events;
  for (const std::string& name : names) events.push_back(read_event(file, name, wanted));
  return events;
}

}  // namespace

std::vector<EventRecord> read_events(const std::filesystem::path& path, const std::vector<std::string>& wanted) {
  (void)check_trailer(MPI_COMM_SELF, path);
  return hdf5::read_file(path, [&](const hdf5::Source& file) { return read_content(file, wanted); });
}

}  // namespace ister::io
