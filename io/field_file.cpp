#include "io/field_file.hpp"

#include <algorithm>
#include <functional>
#include <memory>
#include <numeric>
#include <type_traits>

#include "core/damaged_file.hpp"
#include "io/collective.hpp"
#include "io/crc64.hpp"
#include "io/rehearsal.hpp"
#include "io/seal.hpp"

namespace ister::io {
namespace {

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};

template <class To, class From>
std::optional<To> convert_number(From value) {
  const auto result = static_cast<To>(value);
  return static_cast<From>(result) == value || std::is_floating_point_v<To> ? std::optional<To>(result) : std::nullopt;
}

/// What is stored as a `Value`, or nothing where that would lose something.
template <class Value, class Stored>
std::optional<Value> convert_stored(const Stored& stored) {
  if constexpr (std::is_same_v<Value, Stored>) {
    return stored;
  } else if constexpr (std::is_same_v<Value, std::string> || std::is_same_v<Stored, std::string>) {
    return std::nullopt;
  } else if constexpr (is_vector<Value>::value && is_vector<Stored>::value) {
    Value result;
    for (const auto element : stored) {
      const auto number = convert_number<typename Value::value_type>(element);
      if (!number) return std::nullopt;
      result.push_back(*number);
    }
    return result;
  } else if constexpr (is_vector<Value>::value) {
    const auto number = convert_number<typename Value::value_type>(stored);
    return number ? std::optional<Value>(Value{*number}) : std::nullopt;
  } else if constexpr (is_vector<Stored>::value) {
    return stored.size() == 1 ? convert_number<Value>(stored.front()) : std::nullopt;
  } else {
    return convert_number<Value>(stored);
  }
}

template <class Value>
std::optional<Value> convert(const core::Attribute& attribute) {
  return std::visit([](const auto& stored) { return convert_stored<Value>(stored); }, attribute);
}

std::string shape_text(const std::vector<std::int64_t>& points) {
  std::string text;
  for (const auto n : points) text += (text.empty() ? "" : " x ") + std::to_string(n);
  return text.empty() ? "a single value" : text;
}

/// Reads the part of a dataset that starts at `start` (slowest first) with `count` points.
void read_part(hid_t dataset, const std::vector<hsize_t>& start, const std::vector<hsize_t>& count, double* values,
               const std::filesystem::path& path, const std::string& name) {
  const std::string what = "read the dataset '" + name + "'";
  if (std::find(count.begin(), count.end(), hsize_t{0}) != count.end()) return;
  const hdf5::Space file_space(H5Dget_space(dataset), path, what);
  const hdf5::Space memory_space = hdf5::simple_space(count, path);
  if (H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr) < 0 ||
      H5Dread(dataset, H5T_NATIVE_DOUBLE, memory_space, file_space, H5P_DEFAULT, values) < 0) {
    hdf5::fail(path, what);
  }
}

/// Points of one slice across the slowest direction.
std::int64_t slice_points(const std::vector<std::int64_t>& points) {
  return std::accumulate(points.begin(), points.end() - 1, std::int64_t{1}, std::multiplies<>());
}

hdf5::Dataset open_dataset(hid_t group, const std::string& name, const std::filesystem::path& path) {
  return {H5Dopen2(group, name.c_str(), H5P_DEFAULT), path, "open the dataset '" + name + "'"};
}

}  // namespace

FieldFile::FieldFile(MPI_Comm comm, std::filesystem::path path, const std::vector<FileFormat>& accepted)
    : m_comm(comm), m_path(std::move(path)) {
  const bool sealed = check_seal(m_comm, m_path);
  on_rank_zero(m_comm, [&] {
    if (sealed) return;
    rehearse(m_path, [&] {
      open(accepted);
      read_without_trust();
    });
  });
  collectively(m_comm, [&] {
    open(accepted);
    if (m_format.needs_seal && !sealed) {
      throw DamagedFile(m_path.string() + ": the checksum at its end is missing: the file is damaged or was edited");
    }
  });
}

void FieldFile::open(const std::vector<FileFormat>& accepted) {
  const hdf5::File file = hdf5::open_file(m_path);
  m_attributes = hdf5::read_attributes(file, m_path);
  if (m_attributes.count("format") == 0)
    throw FileError(m_path.string() + ": not a file of format \"" + accepted.front().name +
                    "\": its attribute 'format' is missing");
  const auto format = attribute<std::string>("format");
  const auto known = std::find_if(accepted.begin(), accepted.end(), [&](const auto& f) { return f.name == format; });
  if (known == accepted.end()) {
    std::string names;
    for (const auto& f : accepted) names += (names.empty() ? "\"" : " or \"") + f.name + "\"";
    throw FileError(m_path.string() + ": format is \"" + format + "\", expected " + names);
  }
  m_format = *known;
  if (const auto version = attribute<std::int64_t>("version"); version != m_format.version) {
    throw FileError(m_path.string() + ": version " + std::to_string(version) + " of format \"" + format +
                    "\", this program reads version " + std::to_string(m_format.version));
  }
  m_group.emplace(H5Gopen2(file, m_format.group.c_str(), H5P_DEFAULT), m_path,
                  "open the group '" + m_format.group + "'");
  for (const auto& name : hdf5::dataset_names(*m_group, m_path)) {
    const hdf5::Dataset dataset = open_dataset(*m_group, name, m_path);
    if (!hdf5::is_numeric(dataset)) throw FileError(m_path.string() + ": dataset '" + name + "' holds no numbers");
    const auto extents = hdf5::extents(dataset, m_path);
    Field field{name, {extents.rbegin(), extents.rend()}, std::nullopt};
    const auto attributes = hdf5::read_attributes(dataset, m_path);
    if (const auto crc = attributes.find("crc64"); crc != attributes.end()) {
      field.crc64 = convert<std::string>(crc->second).value_or("of another type");
    }
    m_fields.push_back(std::move(field));
  }
}

/// Touches all structures of the file that HDF5 has to follow; plain values cannot mislead it.
void FieldFile::read_without_trust() const {
  for (const Field& field : m_fields) {
    const hdf5::Dataset dataset = open_dataset(*m_group, field.name, m_path);
    const hdf5::PropertyList creation(H5Dget_create_plist(dataset), m_path, "open a dataset");
    const bool plain = H5Pget_layout(creation) == H5D_CONTIGUOUS;
    if (!plain && !field.points.empty()) (void)checksum(field, {0, field.points.back()});
  }
}

template <class Value>
Value FieldFile::attribute(const std::string& name) const {
  const auto found = m_attributes.find(name);
  if (found == m_attributes.end()) throw FileError(m_path.string() + ": attribute '" + name + "' is missing");
  auto value = convert<Value>(found->second);
  if (!value) throw FileError(m_path.string() + ": attribute '" + name + "' is of the wrong type");
  return *std::move(value);
}
template std::int64_t FieldFile::attribute(const std::string&) const;
template double FieldFile::attribute(const std::string&) const;
template std::string FieldFile::attribute(const std::string&) const;
template std::vector<std::int64_t> FieldFile::attribute(const std::string&) const;
template std::vector<double> FieldFile::attribute(const std::string&) const;

bool FieldFile::has(const std::string& name) const {
  return std::any_of(m_fields.begin(), m_fields.end(), [&](const Field& f) { return f.name == name; });
}

const FieldFile::Field& FieldFile::find(const std::string& name) const {
  const auto found = std::find_if(m_fields.begin(), m_fields.end(), [&](const Field& f) { return f.name == name; });
  if (found == m_fields.end()) {
    throw FileError(m_path.string() + ": dataset '" + m_format.group + "/" + name + "' is missing");
  }
  return *found;
}

void FieldFile::compare(const Field& field, std::uint64_t crc) const {
  if (field.crc64 && *field.crc64 != crc64_text(crc)) {
    throw DamagedFile(m_path.string() + ": checksum of '" + m_format.group + "/" + field.name + "' is " +
                    crc64_text(crc) + ", the file says " + *field.crc64 + ": the file is damaged");
  }
}

/// Of the values of some slices along the slowest direction.
std::uint64_t FieldFile::checksum(const Field& field, core::Range slices) const {
  constexpr std::int64_t piece = 1 << 20;  // values at a time
  const hdf5::Dataset dataset = open_dataset(*m_group, field.name, m_path);
  std::vector<hsize_t> count(field.points.rbegin(), field.points.rend()), start(count.size());
  const std::int64_t thickness =
      std::max<std::int64_t>(1, piece / std::max<std::int64_t>(1, slice_points(field.points)));
  std::vector<double> values;
  std::uint64_t crc = 0;
  for (std::int64_t begin = slices.begin; begin < slices.end; begin += thickness) {
    start[0] = static_cast<hsize_t>(begin);
    count[0] = static_cast<hsize_t>(std::min(thickness, slices.end - begin));
    values.resize(count[0] * static_cast<std::size_t>(slice_points(field.points)));
    read_part(dataset, start, count, values.data(), m_path, field.name);
    crc = crc64(values.data(), values.size() * sizeof(double), crc);
  }
  return crc;
}

void FieldFile::verify() const {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(m_comm, &rank);
  MPI_Comm_size(m_comm, &ranks);
  for (const Field& field : m_fields) {
    if (!field.crc64 || field.points.empty()) continue;
    const core::Range mine = core::split_range(field.points.back(), ranks, rank);
    std::uint64_t crc = 0;
    collectively(m_comm, [&] { crc = checksum(field, mine); });
    const auto bytes = static_cast<std::uint64_t>(mine.size() * slice_points(field.points)) * sizeof(double);
    compare(field, crc64_across(m_comm, crc, bytes));
  }
}

void FieldFile::read(const std::string& name, const core::Decomposition& decomposition, double* values) const {
  const Field& field = find(name);
  const core::Grid& grid = decomposition.grid();
  const std::vector<std::int64_t> expected(grid.points.begin(), grid.points.begin() + grid.dimensions);
  if (field.points != expected) {
    throw InputError(m_path.string() + ": dataset '" + m_format.group + "/" + name + "' has " +
                     shape_text(field.points) + " points, the grid " + shape_text(expected));
  }
  const core::Box box = decomposition.box();
  collectively(m_comm, [&] {
    std::vector<hsize_t> start, count;
    for (int d = grid.dimensions - 1; d >= 0; --d) {
      start.push_back(static_cast<hsize_t>(box.offset[d]));
      count.push_back(static_cast<hsize_t>(box.count[d]));
    }
    read_part(open_dataset(*m_group, name, m_path), start, count, values, m_path, name);
  });
  if (!field.crc64) return;
  const std::size_t bytes = static_cast<std::size_t>(box.points()) * sizeof(double);
  compare(field, crc64_across(m_comm, crc64(values, bytes), bytes));
}

void FieldFile::read(const std::vector<core::NamedField>& fields, const core::Decomposition& decomposition) const {
  std::unique_ptr<double[]> staging;
  collectively(m_comm, [&] {
    staging.reset(new double[static_cast<std::size_t>(std::max<std::int64_t>(decomposition.box().points(), 1))]);
  });
  for (const auto& field : fields) {
    read(field.name, decomposition, staging.get());
    collectively(m_comm, [&] { field.copy_in(staging.get()); });
  }
}

}  // namespace ister::io
