#include "io/surface_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <sstream>

#include "core/base/damaged_file.hpp"
#include "io/atomic_file.hpp"
#include "io/crc64.hpp"
#include "io/group.hpp"
#include "io/hdf5.hpp"
#include "io/run_files.hpp"
#include "io/surface_tables.hpp"

namespace ister::io {
namespace {

namespace fs = std::filesystem;
using core::surface::ElementSlab;
using core::surface::ElementTable;

const std::string slabs_name = "slabs";

/// Of the rows of a slab, column by column.
std::uint64_t checksum(const ElementTable& table, const ElementSlab& slab) {
  std::uint64_t crc = 0;
  for (const auto& column : table.values)
    crc = crc64(column.data() + slab.offset, static_cast<std::size_t>(slab.count) * sizeof(double), crc);
  return crc;
}

/// Of all slabs.
SurfaceMark mark_of(const ElementTable& table) {
  SurfaceMark mark;
  for (const ElementSlab& slab : table.slabs) {
    const std::uint64_t words[] = {static_cast<std::uint64_t>(slab.step), static_cast<std::uint64_t>(slab.count),
                                   slab.crc64};
    mark.crc = crc64(words, sizeof words, mark.crc);
    ++mark.batches;
  }
  return mark;
}

hdf5::Type slab_type(const fs::path& path) {
  hdf5::Type type(H5Tcreate(H5T_COMPOUND, sizeof(ElementSlab)), path, "describe a slab");
  H5Tinsert(type, "step", HOFFSET(ElementSlab, step), H5T_STD_I64LE);
  H5Tinsert(type, "offset", HOFFSET(ElementSlab, offset), H5T_STD_I64LE);
  H5Tinsert(type, "count", HOFFSET(ElementSlab, count), H5T_STD_I64LE);
  H5Tinsert(type, "crc64", HOFFSET(ElementSlab, crc64), H5T_STD_U64LE);
  return type;
}

void write_dataset(hid_t group, const std::string& name, hid_t type, std::size_t count, const void* values,
                   const fs::path& path) {
  const std::string what = "create the dataset \"" + name + "\"";
  const hdf5::Space space = hdf5::simple_space({count}, path);
  const hdf5::Dataset id(H5Dcreate2(group, name.c_str(), type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), path,
                         what);
  if (count > 0 && H5Dwrite(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0) hdf5::fail(path, what);
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::vector<ElementSlab> read_slabs(const hdf5::Source& file, hid_t group) {
  const std::string what = "read the dataset '" + slabs_name + "'";
  const hdf5::Dataset id = file.dataset(group, slabs_name);
  const std::vector<hsize_t> extents = hdf5::extents(id, file.path());
  if (extents.size() != 1) throw DamagedFile(file.path().string() + ": 'slabs' is no list");
  file.allow(static_cast<double>(extents[0]) * sizeof(ElementSlab) / sizeof(double));
  std::vector<ElementSlab> slabs(static_cast<std::size_t>(extents[0]));
  const hdf5::Type type = slab_type(file.path());
  if (!slabs.empty() && H5Dread(id, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, slabs.data()) < 0)
    hdf5::fail(file.path(), what);
  return slabs;
}

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
  table.attributes = added.attributes;
  std::int64_t offset = table.rows();
  for (std::size_t c = 0; c < table.values.size(); ++c)
    table.values[c].insert(table.values[c].end(), added.values[c].begin(), added.values[c].end());
  for (ElementSlab slab : added.slabs) {
    slab.offset = offset;
    offset += slab.count;
    slab.crc64 = checksum(table, slab);
    table.slabs.push_back(slab);
  }
  added.cut(0);
}

void write_surface(hid_t parent, const ElementTable& table, const fs::path& path) {
  const hdf5::Group group = make_group(parent, table.name, path);
  hdf5::write_attribute(group, "columns", joined(table.columns), path);
  for (const auto& [name, value] : table.attributes) hdf5::write_attribute(group, name, value, path);
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    write_dataset(group, table.columns[c], H5T_IEEE_F64LE, table.values[c].size(), table.values[c].data(), path);
  const hdf5::Type type = slab_type(path);
  write_dataset(group, slabs_name, type, table.slabs.size(), table.slabs.data(), path);
}

ElementTable read_surface(const hdf5::Source& file, hid_t parent, const std::string& name) {
  const hdf5::Group group(H5Gopen2(parent, name.c_str(), H5P_DEFAULT), file.path(), "open the group '" + name + "'");
  ElementTable table;
  table.name = name;
  table.attributes = hdf5::read_attributes(group, file.path());
  const auto columns = table.attributes.find("columns");
  if (columns == table.attributes.end() || !std::holds_alternative<std::string>(columns->second))
    throw DamagedFile(fmt::format("{}: /{} does not say its columns", file.path().string(), name));
  std::istringstream words(std::get<std::string>(columns->second));
  for (std::string word; words >> word;) table.columns.push_back(word);
  table.attributes.erase(columns);
  for (const std::string& column : table.columns) table.values.push_back(file.read(file.dataset(group, column)));
  table.slabs = read_slabs(file, group);
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
    if (checksum(table, slab) != slab.crc64)
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

/// The surfaces up to the marks.
std::vector<ElementTable> SurfaceFile::read(const Tables& tables) const {
  std::vector<ElementTable> all;
  if (m_marks.empty()) {
    for (const ElementTable* table : tables) {
      all.push_back(*table);
      all.back().cut(0);
    }
    return all;
  }
  SurfaceContent content = read_surface_file(m_path);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const auto found = std::find_if(content.surfaces.begin(), content.surfaces.end(),
                                    [&](const ElementTable& table) { return table.name == tables[i]->name; });
    const auto slabs = static_cast<std::size_t>(m_marks.at(i).batches);
    const bool there =
        found != content.surfaces.end() && found->slabs.size() >= slabs && found->columns == tables[i]->columns;
    if (there) found->cut(slabs);
    if (!there || mark_of(*found).crc != m_marks[i].crc)
      throw DamagedFile(
          fmt::format("{}: /{} does not begin with the {} slabs that the checkpoint counts on: put the "
                      "file back, or go on in another folder",
                      m_path.string(), tables[i]->name, slabs));
    all.push_back(std::move(*found));
  }
  return all;
}

void SurfaceFile::write(const std::vector<ElementTable>& all, const core::Attributes& attributes) {
  const Descriptor memory = Descriptor::in_memory(m_path);
  {
    hdf5::File file = hdf5::create_file(memory.alias());
    for (const auto& [name, value] : attributes) hdf5::write_attribute(file, name, value, m_path);
    hdf5::write_attribute(file, "format", std::string(surface_format), m_path);
    hdf5::write_attribute(file, "version", std::int64_t{1}, m_path);
    for (const ElementTable& table : all) write_surface(file, table, m_path);
    if (!file.close()) hdf5::fail(m_path, "complete the file");
  }
  std::string bytes(static_cast<std::size_t>(memory.size()), '\0');
  memory.read_at(bytes.data(), bytes.size(), 0);
  write_files({{m_path, std::move(bytes)}});
  m_marks.clear();
  for (const ElementTable& table : all) m_marks.push_back(mark_of(table));
}

void SurfaceFile::rewind(const Tables& tables, const core::Attributes& attributes) {
  if (m_marks.empty()) return remove_file(m_path);
  std::vector<ElementTable> all = read(tables);
  for (std::size_t i = 0; i < all.size(); ++i) all[i].attributes = tables[i]->attributes;
  write(all, attributes);
}

void SurfaceFile::append(const Tables& tables, const core::Attributes& attributes) {
  std::vector<ElementTable> all = read(tables);
  for (std::size_t i = 0; i < all.size(); ++i) append_elements(all[i], *tables[i]);
  write(all, attributes);
}

}  // namespace ister::io
