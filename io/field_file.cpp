#include "io/field_file.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <numeric>
#include <type_traits>

#include "core/base/damaged_file.hpp"
#include "core/base/error.hpp"
#include "io/checksum_trailer.hpp"
#include "io/collective.hpp"
#include "io/crc64.hpp"
#include "io/file_order.hpp"

namespace ister::io {
namespace {

template <class T>
struct is_vector : std::false_type {};
template <class T>
struct is_vector<std::vector<T>> : std::true_type {};

template <class To, class From>
std::optional<To> convert_number(From value) {
  if constexpr (std::is_floating_point_v<From> && !std::is_floating_point_v<To>) {
    if (!(std::abs(value) < 9e18)) return std::nullopt;
  }
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

/// Points of one slice across the slowest direction.
std::int64_t slice_points(const std::vector<std::int64_t>& points) {
  return std::accumulate(points.begin(), points.end() - 1, std::int64_t{1}, std::multiplies<>());
}

/// How many slices are read at a time: whole chunks, so that none is decoded twice, within reason.
std::int64_t thickness(hid_t dataset, const std::vector<std::int64_t>& points, const std::filesystem::path& path) {
  constexpr std::int64_t wanted = 1 << 20, most = 1 << 27;  // values
  const std::int64_t slice = std::max<std::int64_t>(1, slice_points(points));
  std::vector<hsize_t> chunk(points.size(), 1);
  const hdf5::PropertyList creation(H5Dget_create_plist(dataset), path, "read the layout of a dataset");
  if (H5Pget_layout(creation) == H5D_CHUNKED) H5Pget_chunk(creation, static_cast<int>(chunk.size()), chunk.data());
  const auto whole = static_cast<std::int64_t>(std::min(chunk.front(), static_cast<hsize_t>(points.back())));
  if (whole > most / slice) return std::max<std::int64_t>(1, most / slice);
  return whole * std::max<std::int64_t>(1, wanted / slice / whole);
}

}  // namespace

FieldFile::FieldFile(MPI_Comm comm, std::filesystem::path path, const std::vector<FileFormat>& accepted)
    : m_comm(comm), m_path(std::move(path)) {
  const bool has_trailer = check_trailer(m_comm, m_path);
  m_source.emplace(hdf5::open_guarded(m_comm, m_path, [&](const hdf5::Source& source) {
    open(source, accepted);
    for (const auto* datasets : {&m_fields, &m_coordinates})
      for (const Field& field : *datasets) read_all(source, field);
  }));
  collectively(m_comm, [&] {
    open(*m_source, accepted);
    if (m_format.needs_trailer && !has_trailer) {
      throw DamagedFile(m_path.string() + ": the checksum at its end is missing: the file is damaged or was edited");
    }
  });
}

void FieldFile::open(const hdf5::Source& source, const std::vector<FileFormat>& accepted) {
  m_attributes = hdf5::read_attributes(source, m_path);
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
  m_group.emplace(H5Gopen2(source, m_format.group.c_str(), H5P_DEFAULT), m_path,
                  "open the group '" + m_format.group + "'");
  hdf5::Members members = hdf5::members(*m_group, m_path);
  m_groups = std::move(members.groups);
  for (const auto& name : members.datasets) {
    const hdf5::Dataset dataset = source.dataset(*m_group, name);
    if (!hdf5::is_numeric(dataset)) throw FileError(m_path.string() + ": dataset '" + name + "' holds no numbers");
    const auto extents = hdf5::extents(dataset, m_path);
    Field field{name, {extents.rbegin(), extents.rend()}, std::nullopt};
    const auto attributes = hdf5::read_attributes(dataset, m_path);
    if (const auto crc = attributes.find("crc64"); crc != attributes.end()) {
      field.crc64 = convert<std::string>(crc->second).value_or("of another type");
    }
    (is_coordinate(name) ? m_coordinates : m_fields).push_back(std::move(field));
  }
}

void FieldFile::read_all(const hdf5::Source& source, const Field& field) const {
  if (!field.points.empty()) for_each_piece(source, field, {0, field.points.back()}, [](const double*, std::size_t) {});
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

void FieldFile::for_each_piece(const hdf5::Source& source, const Field& field, core::Range slices,
                               const std::function<void(const double*, std::size_t)>& use) const {
  const hdf5::Dataset dataset = source.dataset(*m_group, field.name);
  std::vector<hsize_t> count(field.points.rbegin(), field.points.rend()), start(count.size());
  const std::int64_t step = thickness(dataset, field.points, m_path);
  std::vector<double> values;
  for (std::int64_t begin = slices.begin; begin < slices.end; begin += step) {
    start[0] = static_cast<hsize_t>(begin);
    count[0] = static_cast<hsize_t>(std::min(step, slices.end - begin));
    values.resize(count[0] * static_cast<std::size_t>(slice_points(field.points)));
    source.read(dataset, start, count, values.data());
    use(values.data(), values.size());
  }
}

/// Of the values of some slices along the slowest direction.
std::uint64_t FieldFile::checksum(const Field& field, core::Range slices) const {
  std::uint64_t crc = 0;
  for_each_piece(*m_source, field, slices,
                 [&](const double* values, std::size_t count) { crc = crc64(values, count * sizeof(double), crc); });
  return crc;
}

void FieldFile::verify() const {
  for (const auto* datasets : {&m_fields, &m_coordinates})
    for (const Field& field : *datasets)
      if (field.crc64 && !field.points.empty()) verify(field);
}

void FieldFile::verify(const Field& field) const {
  int rank = 0, ranks = 1;
  MPI_Comm_rank(m_comm, &rank);
  MPI_Comm_size(m_comm, &ranks);
  const core::Range mine = core::split_range(field.points.back(), ranks, rank);
  std::uint64_t crc = 0;
  collectively(m_comm, [&] { crc = checksum(field, mine); });
  const std::int64_t after = (field.points.back() - mine.end) * slice_points(field.points);
  compare(field, crc64_of_shares(m_comm, crc64_share(crc, static_cast<std::uint64_t>(after) * sizeof(double))));
}

void FieldFile::read(const std::string& name, const core::Grid& grid, const core::Box& box, double* values) const {
  const Field& field = find(name);
  const std::vector<std::int64_t> expected(grid.points.begin(), grid.points.begin() + grid.dimensions);
  if (field.points != expected) {
    throw InputError(m_path.string() + ": dataset '" + m_format.group + "/" + name + "' has " +
                     shape_text(field.points) + " points, the grid " + shape_text(expected));
  }
  std::vector<hsize_t> start, count;
  for (int d = grid.dimensions - 1; d >= 0; --d) {
    start.push_back(static_cast<hsize_t>(box.offset[d]));
    count.push_back(static_cast<hsize_t>(box.count[d]));
  }
  m_source->read(m_source->dataset(*m_group, name), start, count, values);
}

void FieldFile::read(const std::string& name, const core::Decomposition& decomposition, double* values) const {
  const core::Box box = decomposition.box();
  collectively(m_comm, [&] { read(name, decomposition.grid(), box, values); });
  const Field& field = find(name);
  if (!field.crc64) return;
  const auto bytes = [](std::int64_t count) { return static_cast<std::uint64_t>(count) * sizeof(double); };
  std::uint64_t share = 0;
  for (const Run& run : runs_of(decomposition.grid(), box))
    share ^= crc64_share(crc64(values + run.in_box, bytes(run.count)),
                         bytes(decomposition.grid().total_points() - run.in_file - run.count));
  compare(field, crc64_of_shares(m_comm, share));
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
