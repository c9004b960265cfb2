#include "io/surface_file.hpp"

#include <fmt/format.h>

#include <sstream>

#include "core/base/damaged_file.hpp"
#include "io/crc64.hpp"
#include "io/group.hpp"
#include "io/surface_group.hpp"
#include "io/surface_tables.hpp"

namespace ister::io {

namespace fs = std::filesystem;
using core::surface::ElementSlab;
using core::surface::ElementTable;

namespace {

/// Of rows, column by column.
std::uint64_t checksum(const ElementTable& table, std::int64_t first, std::int64_t count) {
  std::uint64_t crc = 0;
  for (const auto& column : table.values)
    crc = crc64(column.data() + first, static_cast<std::size_t>(count) * sizeof(double), crc);
  return crc;
}

}  // namespace

hdf5::Type surface_group::slab_type(const fs::path& path) {
  hdf5::Type type(H5Tcreate(H5T_COMPOUND, sizeof(ElementSlab)), path, "describe a slab");
  H5Tinsert(type, "step", HOFFSET(ElementSlab, step), H5T_STD_I64LE);
  H5Tinsert(type, "offset", HOFFSET(ElementSlab, offset), H5T_STD_I64LE);
  H5Tinsert(type, "count", HOFFSET(ElementSlab, count), H5T_STD_I64LE);
  H5Tinsert(type, "crc64", HOFFSET(ElementSlab, crc64), H5T_STD_U64LE);
  return type;
}

hdf5::Group surface_group::open(const hdf5::Source& file, hid_t parent, const std::string& name) {
  return {H5Gopen2(parent, name.c_str(), H5P_DEFAULT), file.path(), "open the group '" + name + "'"};
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

hdf5::Group surface_group::make(hid_t parent, const ElementTable& table, const fs::path& path) {
  std::string columns;
  for (const std::string& column : table.columns) columns += (columns.empty() ? "" : " ") + column;
  hdf5::Group group = make_group(parent, table.name, path);
  hdf5::write_attribute(group, "columns", columns, path);
  for (const auto& [name, value] : table.attributes) hdf5::write_attribute(group, name, value, path);
  return group;
}

void surface_group::write_slabs(hid_t group, const std::vector<ElementSlab>& slabs, const fs::path& path) {
  const std::string what = "write the dataset 'slabs'";
  const hdf5::Type type = slab_type(path);
  const hdf5::Space space = hdf5::simple_space({slabs.size()}, path);
  const hdf5::Dataset id(H5Dcreate2(group, slabs_name, type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), path, what);
  if (!slabs.empty() && H5Dwrite(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, slabs.data()) < 0) hdf5::fail(path, what);
}

std::vector<ElementSlab> surface_group::following(std::vector<ElementSlab> slabs, const ElementTable& added) {
  std::int64_t first = 0;  // of the slab in the table
  const std::int64_t rows = slabs.empty() ? 0 : slabs.back().offset + slabs.back().count;
  for (ElementSlab slab : added.slabs) {
    slab.offset = rows + first;
    slab.crc64 = checksum(added, first, slab.count);
    first += slab.count;
    slabs.push_back(slab);
  }
  return slabs;
}

namespace {

SurfaceContent read_content(const hdf5::Source& file) {
  SurfaceContent content;
  content.attributes = hdf5::read_attributes(file, file.path());
  const auto format = content.attributes.find("format");
  if (format == content.attributes.end() || format->second != core::Attribute(std::string(surface_format)))
    throw DamagedFile(fmt::format("{}: not a file of format {}", file.path().string(), surface_format));
  for (const std::string& name : hdf5::members(file, file.path()).groups)
    content.surfaces.push_back(read_surface(file, file, name));
  return content;
}

}  // namespace

void append_elements(ElementTable& table, ElementTable& added) {
  table.slabs = surface_group::following(std::move(table.slabs), added);
  table.attributes = added.attributes;
  for (std::size_t c = 0; c < table.values.size(); ++c)
    table.values[c].insert(table.values[c].end(), added.values[c].begin(), added.values[c].end());
  added.clear();
}

void write_surface(hid_t parent, const ElementTable& table, const fs::path& path) {
  const hdf5::Group group = surface_group::make(parent, table, path);
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    const std::string what = "create the dataset '" + table.columns[c] + "'";
    const std::vector<double>& values = table.values[c];
    const hdf5::Space space = hdf5::simple_space({values.size()}, path);
    const hdf5::Dataset id(
        H5Dcreate2(group, table.columns[c].c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), path,
        what);
    if (!values.empty() && H5Dwrite(id, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, values.data()) < 0)
      hdf5::fail(path, what);
  }
  surface_group::write_slabs(group, table.slabs, path);
}

ElementTable read_surface(const hdf5::Source& file, hid_t parent, const std::string& name) {
  const hdf5::Group group = surface_group::open(file, parent, name);
  ElementTable table;
  table.name = name;
  table.attributes = hdf5::read_attributes(group, file.path());
  table.columns = surface_group::columns(table.attributes, file.path(), name);
  table.attributes.erase("columns");
  for (const std::string& column : table.columns) table.values.push_back(file.read(file.dataset(group, column)));
  table.slabs = surface_group::read_slabs(file, group);
  return table;
}

void check_surface(const ElementTable& table, const fs::path& path) {
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
    if (checksum(table, slab.offset, slab.count) != slab.crc64)
      refuse(fmt::format("the elements up to step {} are not what they were (crc64)", slab.step));
    rows += slab.count;
  }
  if (rows != table.rows()) refuse(fmt::format("{} elements, but {} in its slabs", table.rows(), rows));
}

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
  for (const ElementTable& table : content.surfaces) check_surface(table, path);
  return content;
}

}  // namespace ister::io
