#include "io/surface_file.hpp"

#include <fmt/format.h>

#include <sstream>

#include "core/base/damaged_file.hpp"
#include "io/crc64.hpp"
#include "io/surface_group.hpp"

namespace ister::io {

namespace fs = std::filesystem;
using core::surface::ElementSlab;
using core::surface::ElementTable;

hdf5::Type surface_group::slab_type(const fs::path& path) {
  hdf5::Type type(H5Tcreate(H5T_COMPOUND, sizeof(ElementSlab)), path, "describe a slab");
  H5Tinsert(type, "step", HOFFSET(ElementSlab, step), H5T_STD_I64LE);
  H5Tinsert(type, "offset", HOFFSET(ElementSlab, offset), H5T_STD_I64LE);
  H5Tinsert(type, "count", HOFFSET(ElementSlab, count), H5T_STD_I64LE);
  H5Tinsert(type, "crc64", HOFFSET(ElementSlab, crc64), H5T_STD_U64LE);
  return type;
}

hdf5::Group surface_group::open(const hdf5::Source& file, const std::string& name) {
  return {H5Gopen2(file, name.c_str(), H5P_DEFAULT), file.path(), "open the group '" + name + "'"};
}

std::vector<std::string> surface_group::columns(const core::Attributes& attributes, const fs::path& path,
                                                const std::string& name) {
  const auto found = attributes.find("columns");
  if (found == attributes.end() || !std::holds_alternative<std::string>(found->second))
    throw DamagedFile(fmt::format("{}: /{} does not say its columns", path.string(), name));
  std::vector<std::string> columns;
  std::istringstream words(std::get<std::string>(found->second));
  for (std::string word; words >> word;) columns.push_back(word);
  return columns;
}

std::vector<ElementSlab> surface_group::read_slabs(const hdf5::Source& file, hid_t group) {
  const hdf5::Dataset id = file.dataset(group, slabs_name);
  const std::vector<hsize_t> extents = hdf5::extents(id, file.path());
  if (extents.size() != 1) throw DamagedFile(file.path().string() + ": 'slabs' is no list");
  file.allow(static_cast<double>(extents[0]) * sizeof(ElementSlab) / sizeof(double));
  std::vector<ElementSlab> slabs(static_cast<std::size_t>(extents[0]));
  const hdf5::Type type = slab_type(file.path());
  if (!slabs.empty() && H5Dread(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, slabs.data()) < 0)
    hdf5::fail(file.path(), "read the dataset 'slabs'");
  return slabs;
}

namespace {

/// Of the rows of a slab, column by column.
std::uint64_t checksum(const ElementTable& table, const ElementSlab& slab) {
  std::uint64_t crc = 0;
  for (const auto& column : table.values)
    crc = crc64(column.data() + slab.offset, static_cast<std::size_t>(slab.count) * sizeof(double), crc);
  return crc;
}

ElementTable read_table(const hdf5::Source& file, const std::string& name) {
  const hdf5::Group group = surface_group::open(file, name);
  ElementTable table;
  table.name = name;
  table.attributes = hdf5::read_attributes(group, file.path());
  table.columns = surface_group::columns(table.attributes, file.path(), name);
  table.attributes.erase("columns");
  for (const std::string& column : table.columns) table.values.push_back(file.read(file.dataset(group, column)));
  table.slabs = surface_group::read_slabs(file, group);
  return table;
}

SurfaceContent read_content(const hdf5::Source& file) {
  SurfaceContent content;
  content.attributes = hdf5::read_attributes(file, file.path());
  const auto format = content.attributes.find("format");
  if (format == content.attributes.end() || format->second != core::Attribute(std::string(surface_format)))
    throw DamagedFile(fmt::format("{}: not a file of format {}", file.path().string(), surface_format));
  for (const std::string& name : hdf5::members(file, file.path()).groups)
    content.surfaces.push_back(read_table(file, name));
  return content;
}

/// Columns of equal length, slabs one after another, with their checksums.
void check(const ElementTable& table, const fs::path& path) {
  const auto refuse = [&](const std::string& what) {
    throw DamagedFile(fmt::format("{}: /{}: {}", path.string(), table.name, what));
  };
  if (table.columns.empty()) refuse("no columns");
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    if (static_cast<std::int64_t>(table.values[c].size()) != table.rows())
      refuse(fmt::format("the columns {} and {} differ in length", table.columns[0], table.columns[c]));
  std::int64_t rows = 0;
  for (const ElementSlab& slab : table.slabs) {
    if (slab.offset != rows || slab.count < 0 || slab.count > table.rows() - rows)
      refuse(fmt::format("the slab of step {} does not follow the one before it", slab.step));
    if (checksum(table, slab) != slab.crc64)
      refuse(fmt::format("the elements up to step {} are not what they were (crc64)", slab.step));
    rows += slab.count;
  }
  if (rows != table.rows()) refuse(fmt::format("{} elements, but {} in its slabs", table.rows(), rows));
}

}  // namespace

bool is_surface_file(const fs::path& path) {
  try {
    const core::Attributes root =
        hdf5::read_file(path, [&](const hdf5::Source& file) { return hdf5::read_attributes(file, path); });
    const auto format = root.find("format");
    return format != root.end() && format->second == core::Attribute(std::string(surface_format));
  } catch (const FileError&) {
    return false;
  }
}

SurfaceContent read_surface_file(const fs::path& path) {
  SurfaceContent content = hdf5::read_file(path, read_content);
  for (const ElementTable& table : content.surfaces) check(table, path);
  return content;
}

}  // namespace ister::io
