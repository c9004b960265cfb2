#include "io/series_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/damaged_file.hpp"
#include "core/base/error.hpp"
#include "io/array_file.hpp"
#include "io/complex_array.hpp"
#include "io/crc64.hpp"
#include "io/dimension_scales.hpp"
#include "io/hdf5.hpp"
#include "io/run_files.hpp"

namespace ister::io {
namespace {

namespace fs = std::filesystem;

constexpr const char* series_format = "ister-observers";

std::uint64_t checksum(const std::vector<double>& values, std::size_t count, std::uint64_t crc) {
  return crc64(values.data(), count * sizeof(double), crc);
}

/// Of the first rows.
std::uint64_t checksum(const core::Series& series, std::size_t rows) {
  return checksum(series.values, rows * series.row_size(),
                  checksum(series.times, rows, checksum(series.steps, rows, 0)));
}

hdf5::Dataset write_dataset(hid_t group, const std::string& name, hid_t file_type, hid_t memory_type,
                            const std::vector<hsize_t>& extents, const double* values, const fs::path& path) {
  const std::string what = "create the dataset \"" + name + "\"";
  const hdf5::Space space = hdf5::simple_space(extents, path);
  hdf5::Dataset id(H5Dcreate2(group, name.c_str(), file_type, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), path,
                   what);
  if (extents.front() > 0 && H5Dwrite(id, memory_type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) < 0)
    hdf5::fail(path, what);
  return id;
}

/// Two doubles named r and i, as h5py has them.
hdf5::Type complex_type(const fs::path& path) {
  hdf5::Type type(H5Tcreate(H5T_COMPOUND, 2 * sizeof(double)), path, "describe a complex number");
  H5Tinsert(type, "r", 0, H5T_IEEE_F64LE);
  H5Tinsert(type, "i", sizeof(double), H5T_IEEE_F64LE);
  return type;
}

hdf5::Dataset write_values(hid_t group, const core::Series& series, const fs::path& path) {
  std::vector<hsize_t> extents{series.rows()};
  extents.insert(extents.end(), series.extents.begin(), series.extents.end());
  if (!series.complex)
    return write_dataset(group, series.dataset, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, extents, series.values.data(), path);
  const hdf5::Type type = complex_type(path);
  return write_dataset(group, series.dataset, type, type, extents, series.values.data(), path);
}

/// What an index of a row counts, as a dimension scale.
hdf5::Dataset write_axis(hid_t group, const core::SeriesAxis& axis, std::size_t extent, const fs::path& path) {
  std::vector<double> values(extent);
  for (std::size_t i = 0; i < extent; ++i) values[i] = axis.first + static_cast<double>(i) * axis.spacing;
  hdf5::Dataset id = write_dataset(group, axis.name, axis.units.empty() ? H5T_STD_I64LE : H5T_IEEE_F64LE,
                                   H5T_NATIVE_DOUBLE, {extent}, values.data(), path);
  if (!axis.units.empty()) hdf5::write_attribute(id, "units", axis.units, path);
  return id;
}

/// The time and what numbers the rest of a row are the dimension scales of the values.
void write_series(hid_t file, const core::Series& series, const fs::path& path) {
  const hdf5::Group group(H5Gcreate2(file, series.name.c_str(), H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT), path,
                          "create the group '" + series.name + "'");
  for (const auto& [name, value] : series.attributes) hdf5::write_attribute(group, name, value, path);
  const std::vector<hsize_t> rows{series.rows()};
  const hdf5::Dataset step =
      write_dataset(group, "step", H5T_STD_I64LE, H5T_NATIVE_DOUBLE, rows, series.steps.data(), path);
  hdf5::Dataset time = write_dataset(group, "time", H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, rows, series.times.data(), path);
  hdf5::write_attribute(time, "units", std::string("fm"), path);
  ISTER_REQUIRE(series.axes.size() == series.extents.size());
  const hdf5::Dataset values = write_values(group, series, path);
  ScaleReferences scales(path);
  std::vector<std::size_t> axes{scales.add(std::move(time), "time")};
  scales.attach(step, axes);
  for (std::size_t d = 0; d < series.axes.size(); ++d)
    axes.push_back(scales.add(write_axis(group, series.axes[d], series.extents[d], path), series.axes[d].name));
  scales.attach(values, axes);
  scales.finish();
}

/// In a file that observers wrote.
hdf5::Group group_of(const hdf5::Source& file, const std::string& name) {
  const core::Attributes root = hdf5::read_attributes(file, file.path());
  const auto format = root.find("format");
  if (format == root.end() || format->second != core::Attribute(std::string(series_format)))
    throw DamagedFile(fmt::format("{}: not a file of format {}", file.path().string(), series_format));
  const std::vector<std::string> names = hdf5::members(file, file.path()).groups;
  if (std::find(names.begin(), names.end(), name) == names.end())
    throw InputError(fmt::format("{}: holds no /{}, which observers.{} of a deck asks for; it holds {}",
                                 file.path().string(), name, name, fmt::join(names, ", ")));
  return {H5Gopen2(file, name.c_str(), H5P_DEFAULT), file.path(), "open the group '" + name + "'"};
}

}  // namespace

core::Series read_series(const fs::path& path, const std::string& name, const std::string& dataset) {
  return hdf5::read_file(path, [&](const hdf5::Source& file) {
    const hdf5::Group group = group_of(file, name);
    core::Series series;
    series.name = name;
    series.dataset = dataset;
    series.attributes = hdf5::read_attributes(group, path);
    series.steps = file.read(file.dataset(group, "step"));
    series.times = file.read(file.dataset(group, "time"));
    const hdf5::Dataset values = file.dataset(group, dataset);
    const std::vector<hsize_t> extents = hdf5::extents(values, path);
    if (extents.empty() || extents.front() != series.rows() || series.times.size() != series.rows())
      throw DamagedFile(fmt::format("{}: step, time and {} of /{} differ in length", path.string(), dataset, name));
    series.extents.assign(extents.begin() + 1, extents.end());
    series.values = file.read(values);
    return series;
  });
}

SeriesFile::SeriesFile(fs::path path, core::Attributes attributes)
    : m_path(std::move(path)), m_attributes(std::move(attributes)) {
  m_attributes["format"] = std::string(series_format);
  m_attributes["version"] = std::int64_t{1};
}

/// The series with all rows up to the marks.
std::vector<core::Series> SeriesFile::read(const std::vector<core::Series*>& series) const {
  std::vector<core::Series> all;
  for (const core::Series* s : series) {
    all.push_back(*s);
    all.back().cut(0);
  }
  if (m_marks.empty()) return all;
  if (m_marks.size() != all.size())
    throw DamagedFile(fmt::format("{}: the checkpoint counts on {} observers, the input has {}", m_path.string(),
                                  m_marks.size(), all.size()));
  const ArrayFile file(m_path);
  for (std::size_t i = 0; i < all.size(); ++i) {
    core::Series& s = all[i];
    const auto rows = static_cast<std::size_t>(m_marks[i].rows);
    s.steps = file.read(s.name + "/step").values;
    s.times = file.read(s.name + "/time").values;
    const std::string values = s.name + "/" + s.dataset;
    s.values = (s.complex ? read_complex(file, values) : file.read(values)).values;
    const bool whole = s.steps.size() >= rows && s.times.size() >= rows && s.values.size() >= rows * s.row_size();
    if (!whole || checksum(s, rows) != m_marks[i].crc)
      throw DamagedFile(fmt::format(
          "{}: /{} has {} rows, but the checkpoint counts on {} rows as they were written: put them back, or go on in "
          "another folder",
          m_path.string(), s.name, s.steps.size(), rows));
    s.cut(rows);
  }
  return all;
}

void SeriesFile::write(const std::vector<core::Series>& all) {
  const Descriptor memory = Descriptor::in_memory(m_path);
  {
    hdf5::File file = hdf5::create_file(memory.alias());
    for (const auto& [name, value] : m_attributes) hdf5::write_attribute(file, name, value, m_path);
    for (const core::Series& series : all) write_series(file, series, m_path);
    if (!file.close()) hdf5::fail(m_path, "complete the file");
  }
  std::string bytes(static_cast<std::size_t>(memory.size()), '\0');
  memory.read_at(bytes.data(), bytes.size(), 0);
  write_files({{m_path, std::move(bytes)}});
  m_marks.clear();
  for (const core::Series& s : all) m_marks.push_back({static_cast<std::int64_t>(s.rows()), checksum(s, s.rows())});
}

void SeriesFile::rewind(const std::vector<core::Series*>& series) {
  if (m_marks.empty())
    remove_file(m_path);
  else
    write(read(series));
}

void SeriesFile::append(const std::vector<core::Series*>& series) {
  if (std::all_of(series.begin(), series.end(), [](const core::Series* s) { return s->rows() == 0; })) return;
  std::vector<core::Series> all = read(series);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].steps.insert(all[i].steps.end(), series[i]->steps.begin(), series[i]->steps.end());
    all[i].times.insert(all[i].times.end(), series[i]->times.begin(), series[i]->times.end());
    all[i].values.insert(all[i].values.end(), series[i]->values.begin(), series[i]->values.end());
    series[i]->cut(0);
  }
  write(all);
}

}  // namespace ister::io
