#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>

#include "core/base/damaged_file.hpp"
#include "io/atomic_file.hpp"
#include "io/crc64.hpp"
#include "io/run_files.hpp"
#include "io/surface_file.hpp"
#include "io/surface_group.hpp"

namespace ister::io {

namespace fs = std::filesystem;
using core::surface::ElementSlab;
using core::surface::ElementTable;

/// What of a surface a file holds already.
struct SurfaceFile::Stored {
  std::vector<ElementSlab> slabs;
  std::vector<std::int64_t> columns;  ///< where they begin in the file [bytes]

  [[nodiscard]] std::int64_t rows() const { return slabs.empty() ? 0 : slabs.back().offset + slabs.back().count; }
};

namespace {

constexpr std::int64_t row_bytes = sizeof(double);

/// Of the first slabs.
SurfaceMark mark_of(const std::vector<ElementSlab>& slabs, std::size_t count) {
  SurfaceMark mark;
  for (; mark.batches < static_cast<std::int64_t>(count); ++mark.batches) {
    const ElementSlab& slab = slabs[static_cast<std::size_t>(mark.batches)];
    const std::uint64_t words[] = {static_cast<std::uint64_t>(slab.step), static_cast<std::uint64_t>(slab.count),
                                   slab.crc64};
    mark.crc = crc64(words, sizeof words, mark.crc);
  }
  return mark;
}

/// Where the columns of a surface lie; -1 for one without rows.
std::vector<std::int64_t> places_of_columns(const hdf5::Source& file, hid_t group, const ElementTable& table,
                                            std::int64_t rows) {
  std::vector<std::int64_t> places;
  for (const std::string& column : table.columns) {
    const hdf5::Dataset id = file.dataset(group, column);
    const std::vector<hsize_t> extents = hdf5::extents(id, file.path());
    const haddr_t offset = H5Dget_offset(id);
    if (extents.size() != 1 || extents[0] < static_cast<hsize_t>(rows) || (rows > 0 && offset == HADDR_UNDEF))
      throw DamagedFile(fmt::format("{}: /{}/{} does not hold {} numbers one after another", file.path().string(),
                                    table.name, column, rows));
    places.push_back(static_cast<std::int64_t>(offset));
  }
  return places;
}

/// Compares the values of slabs in a file with their checksums, a slab at a time.
void check_values(const fs::path& path, const std::string& name, const std::vector<ElementSlab>& slabs,
                  const std::vector<std::int64_t>& columns) {
  const Descriptor file(path, O_RDONLY | O_CLOEXEC);
  std::vector<double> values;
  for (const ElementSlab& slab : slabs) {
    std::uint64_t crc = 0;
    values.resize(static_cast<std::size_t>(slab.count));
    for (const std::int64_t column : columns) {
      const std::size_t bytes = values.size() * sizeof(double);
      if (bytes > 0) file.read_at(values.data(), bytes, column + slab.offset * row_bytes);
      crc = crc64(values.data(), bytes, crc);
    }
    if (crc != slab.crc64)
      throw DamagedFile(fmt::format("{}: /{}: the elements up to step {} are not what they were (crc64)", path.string(),
                                    name, slab.step));
  }
}

/// A file that HDF5 lays out in a sparse file in memory without ever seeing a column: those go past it, from the old
/// file and from what is new, so that memory holds no more than that and a full disk is an error like any other.
class Layout {
 public:
  /// For a file of about this size. FileError where the limit of the process's files forbids it: HDF5 would crash.
  Layout(const fs::path& path, std::int64_t bytes) : m_path(path), m_memory(Descriptor::in_memory(path)) {
    m_memory.resize(bytes);
  }

  /// Makes room for a column of so many rows; returns where.
  std::int64_t column(hid_t group, const std::string& name, std::int64_t rows) {
    const std::string what = "create the dataset '" + name + "'";
    const hdf5::PropertyList creation(H5Pcreate(H5P_DATASET_CREATE), m_path, what);
    H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY);
    H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER);
    H5Pset_obj_track_times(creation, false);
    const hdf5::Space space = hdf5::simple_space({static_cast<hsize_t>(rows)}, m_path);
    const hdf5::Dataset id(H5Dcreate2(group, name.c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT),
                           m_path, what);
    return rows > 0 ? static_cast<std::int64_t>(H5Dget_offset(id)) : -1;
  }

  [[nodiscard]] const Descriptor& memory() const { return m_memory; }

 private:
  fs::path m_path;
  Descriptor m_memory;
};

/// Copies bytes of one file to another, piece by piece.
void copy_bytes(const Descriptor& from, std::int64_t source, Descriptor& to, std::int64_t target, std::int64_t bytes) {
  constexpr std::int64_t piece = 1 << 20;
  std::vector<char> buffer(static_cast<std::size_t>(std::min(piece, bytes)));
  for (std::int64_t done = 0; done < bytes; done += piece) {
    const auto size = static_cast<std::size_t>(std::min(piece, bytes - done));
    from.read_at(buffer.data(), size, source + done);
    to.write_at(buffer.data(), size, target + done);
  }
}

/// A column in the new file: what stays of the old one, and new values.
struct Column {
  std::int64_t place, old_place, old_rows;
  const std::vector<double>* added;

  [[nodiscard]] std::int64_t end() const {
    return place + (old_rows + static_cast<std::int64_t>(added->size())) * row_bytes;
  }
};

/// Everything between the columns from memory, and these.
void write_file(const fs::path& path, const Descriptor& memory, std::vector<Column> columns) {
  std::sort(columns.begin(), columns.end(), [](const Column& a, const Column& b) { return a.place < b.place; });
  AtomicFile target(path);
  Descriptor out = target.create();
  std::int64_t done = 0;
  for (const Column& column : columns) {
    copy_bytes(memory, done, out, done, column.place - done);
    const std::int64_t kept = column.old_rows * row_bytes;
    if (kept > 0) copy_bytes(Descriptor(path, O_RDONLY | O_CLOEXEC), column.old_place, out, column.place, kept);
    if (!column.added->empty())
      out.write_at(column.added->data(), column.added->size() * sizeof(double), column.place + kept);
    done = column.end();
  }
  copy_bytes(memory, done, out, done, memory.size() - done);
  out.sync();
  out.close();
  target.commit();
}

/// More than what such a file needs beside its columns.
std::int64_t metadata_bytes(const core::Attributes& attributes) {
  std::size_t bytes = std::size_t{1} << 20;
  for (const auto& [name, value] : attributes)
    if (const auto* text = std::get_if<std::string>(&value)) bytes += text->size();
  return static_cast<std::int64_t>(bytes);
}

}  // namespace

std::vector<SurfaceFile::Stored> SurfaceFile::stored(const Tables& tables) const {
  std::vector<Stored> all(tables.size());
  if (m_marks.empty()) return all;
  const auto read = [&](const hdf5::Source& file) {
    std::vector<Stored> found(tables.size());
    const std::vector<std::string> groups = hdf5::members(file, m_path).groups;
    for (std::size_t i = 0; i < tables.size(); ++i) {
      const ElementTable& table = *tables[i];
      const auto count = static_cast<std::size_t>(m_marks.at(i).batches);
      bool there = std::find(groups.begin(), groups.end(), table.name) != groups.end();
      if (there) {
        const hdf5::Group group = surface_group::open(file, file, table.name);
        found[i].slabs = surface_group::read_slabs(file, group);
        there = found[i].slabs.size() >= count && mark_of(found[i].slabs, count).crc == m_marks[i].crc &&
                surface_group::columns(hdf5::read_attributes(group, m_path), m_path, table.name) == table.columns;
        found[i].slabs.resize(std::min(count, found[i].slabs.size()));
        if (there) found[i].columns = places_of_columns(file, group, table, found[i].rows());
      }
      if (!there)
        throw DamagedFile(
            fmt::format("{}: /{} does not begin with the {} slabs that the checkpoint counts on: put the "
                        "file back, or go on in another folder",
                        m_path.string(), table.name, count));
    }
    return found;
  };
  all = hdf5::read_file(m_path, read);
  for (std::size_t i = 0; i < tables.size(); ++i) check_values(m_path, tables[i]->name, all[i].slabs, all[i].columns);
  return all;
}

void SurfaceFile::verify(const Tables& tables) const { (void)stored(tables); }

void SurfaceFile::rewind(const Tables& tables, const core::Attributes& attributes) {
  if (m_marks.empty()) return remove_file(m_path);
  append(tables, attributes);
}

void SurfaceFile::append(const Tables& tables, const core::Attributes& attributes) {
  const std::vector<Stored> old = stored(tables);
  std::int64_t bytes = metadata_bytes(attributes);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const auto slabs = static_cast<std::int64_t>((old[i].slabs.size() + tables[i]->slabs.size()) * sizeof(ElementSlab));
    bytes +=
        slabs + static_cast<std::int64_t>(tables[i]->columns.size()) * row_bytes * (old[i].rows() + tables[i]->rows());
  }
  Layout layout(m_path, bytes);
  std::vector<Column> columns;
  std::vector<SurfaceMark> marks;
  hdf5::File file = hdf5::create_file(layout.memory().alias());
  for (const auto& [name, value] : attributes) hdf5::write_attribute(file, name, value, m_path);
  hdf5::write_attribute(file, "format", std::string(surface_format), m_path);
  hdf5::write_attribute(file, "version", std::int64_t{1}, m_path);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const ElementTable& table = *tables[i];
    const std::int64_t rows = old[i].rows();
    const hdf5::Group group = surface_group::make(file, table, m_path);
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const std::int64_t place = layout.column(group, table.columns[c], rows + table.rows());
      if (place >= 0) columns.push_back({place, rows > 0 ? old[i].columns[c] : -1, rows, &table.values[c]});
    }
    const std::vector<ElementSlab> slabs = surface_group::following(old[i].slabs, table);
    surface_group::write_slabs(group, slabs, m_path);
    marks.push_back(mark_of(slabs, slabs.size() - static_cast<std::size_t>(table.glimpsed)));
  }
  if (!file.close()) hdf5::fail(m_path, "complete the file");
  write_file(m_path, layout.memory(), std::move(columns));
  m_marks = std::move(marks);
  for (ElementTable* table : tables) table->clear();
}

}  // namespace ister::io
