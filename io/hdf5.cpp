#include "io/hdf5.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <type_traits>

#include "core/base/damaged_file.hpp"
#include "core/base/error.hpp"
#include "core/base/input_file.hpp"
#include "io/lzf_filter.hpp"
#include "io/posix.hpp"

namespace ister::io::hdf5 {
namespace {

/// The innermost entry of the error stack says most; where the system refused, only its words.
struct Innermost {
  std::string reason = "unknown reason";
  bool of_system = false;
};

herr_t keep_innermost(unsigned, const H5E_error2_t* entry, void* data) {
  std::string text = entry->desc != nullptr ? entry->desc : "";
  auto& innermost = *static_cast<Innermost*>(data);
  const std::string key = "error message = '";
  if (const auto begin = text.find(key); begin != std::string::npos) {
    text = text.substr(begin + key.size());
    text.resize(std::min(text.find('\''), text.size()));
    innermost.of_system = true;
  }
  if (!text.empty()) innermost.reason = text;
  return 0;
}

/// For the whole process: errors are reported by exceptions only, links to other files lead nowhere, and no filter is
/// loaded from a plugin.
void tame_library() {
  static const bool once = [] {
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
    H5PLset_loading_state(0);
    H5Lunregister(H5L_TYPE_EXTERNAL);
    register_lzf_filter();
    return true;
  }();
  (void)once;
}

PropertyList file_access(const std::filesystem::path& path) {
  tame_library();
  PropertyList access(H5Pcreate(H5P_FILE_ACCESS), path, "open");
  H5Pset_file_locking(access, false, true);                              // many file systems of clusters cannot lock
  if (path.parent_path() == "/proc/self/fd") H5Pset_fapl_stdio(access);  // the default driver asks for a real path
  return access;
}

/// True for the types that any machine stores as they are.
bool is_plain(hid_t dataset, const std::filesystem::path& path) {
  const Type type(H5Dget_type(dataset), path, "read the type of a dataset");
  const hid_t plain[] = {// named: nvcc does not take the macros of HDF5 within a loop's list
                         H5T_IEEE_F64LE, H5T_IEEE_F64BE, H5T_IEEE_F32LE, H5T_IEEE_F32BE, H5T_STD_I64LE, H5T_STD_I32LE,
                         H5T_STD_I16LE,  H5T_STD_I8LE,   H5T_STD_U64LE,  H5T_STD_U32LE,  H5T_STD_U16LE, H5T_STD_U8LE};
  for (const hid_t known : plain)
    if (H5Tequal(type, known) > 0) return true;
  return false;
}

/// The full name of an object that is open.
std::string name_of(hid_t object) {
  const ssize_t length = H5Iget_name(object, nullptr, 0);
  std::string name(length > 0 ? static_cast<std::size_t>(length) : 0, '\0');
  if (length > 0) H5Iget_name(object, name.data(), name.size() + 1);
  return name;
}

/// What has to be decoded to read these values: whole chunks.
double decoded_bytes(hid_t creation, const std::vector<hsize_t>& start, const std::vector<hsize_t>& count) {
  std::vector<hsize_t> chunk(count.size(), 1);
  if (H5Pget_layout(creation) == H5D_CHUNKED) H5Pget_chunk(creation, static_cast<int>(chunk.size()), chunk.data());
  double bytes = sizeof(double);
  for (std::size_t d = 0; d < count.size(); ++d) {
    const hsize_t first = start[d] / chunk[d], last = (start[d] + count[d] - 1) / chunk[d];
    bytes *= static_cast<double>(last - first + 1) * static_cast<double>(chunk[d]);
  }
  return bytes;
}

/// HDF5 may begin at 512 bytes or a power of two times that.
bool has_user_block(const core::InputFile& file) {
  for (std::int64_t at = 512; at + 8 <= file.size(); at *= 2) {
    char begin[4];
    file.read_at(begin, sizeof begin, at);
    if (std::memcmp(begin, "\x89HDF", 4) == 0) return true;
  }
  return false;
}

Type string_type(const std::filesystem::path& path) {
  Type type(H5Tcopy(H5T_C_S1), path, "describe a string");
  H5Tset_size(type, H5T_VARIABLE);
  H5Tset_cset(type, H5T_CSET_UTF8);
  return type;
}

std::optional<core::Attribute> read_string(hid_t attribute, hid_t type, hssize_t count,
                                           const std::filesystem::path& path, const std::string& what) {
  if (count != 1) return std::nullopt;
  if (H5Tis_variable_str(type) > 0) {
    char* text = nullptr;
    if (H5Aread(attribute, type, static_cast<void*>(&text)) < 0) fail(path, what);
    const std::unique_ptr<char, herr_t (*)(void*)> owner(text, H5free_memory);
    return std::string(text != nullptr ? text : "");
  }
  std::string text(H5Tget_size(type), '\0');
  if (H5Aread(attribute, type, text.data()) < 0) fail(path, what);
  text.resize(std::min(text.find('\0'), text.size()));
  if (H5Tget_strpad(type) == H5T_STR_SPACEPAD) text.resize(text.find_last_not_of(' ') + 1);
  return text;
}

template <class Number>
core::Attribute read_numbers(hid_t attribute, hid_t memory_type, bool scalar, hssize_t count,
                             const std::filesystem::path& path, const std::string& what) {
  if (count < 0) fail(path, what);
  std::vector<Number> values(static_cast<std::size_t>(count));
  if (count > 0 && H5Aread(attribute, memory_type, values.data()) < 0) fail(path, what);
  if (scalar && !values.empty()) return values.front();
  return values;
}

std::optional<core::Attribute> read_attribute(hid_t attribute, const std::filesystem::path& path,
                                              const std::string& what) {
  const Type type(H5Aget_type(attribute), path, what);
  const Space space(H5Aget_space(attribute), path, what);
  const bool scalar = H5Sget_simple_extent_type(space) == H5S_SCALAR;
  const hssize_t count = H5Sget_simple_extent_npoints(space);
  switch (H5Tget_class(type)) {
    case H5T_INTEGER:
      return read_numbers<std::int64_t>(attribute, H5T_NATIVE_INT64, scalar, count, path, what);
    case H5T_FLOAT:
      return read_numbers<double>(attribute, H5T_NATIVE_DOUBLE, scalar, count, path, what);
    case H5T_STRING:
      return read_string(attribute, type, count, path, what);
    default:
      return std::nullopt;
  }
}

}  // namespace

void fail(const std::filesystem::path& path, const std::string& what) {
  Innermost innermost;
  H5Ewalk2(H5E_DEFAULT, H5E_WALK_DOWNWARD, keep_innermost, &innermost);
  const std::string message = path.string() + ": cannot " + what + ": " + innermost.reason;
  if (innermost.of_system) throw FileError(message);
  throw DamagedFile(message);
}

bool looks_like_hdf5(const core::InputFile& file) {
  const std::string signature("\x89HDF\r\n\x1a\n");
  return file.begin(signature.size()) == signature;
}

Source::Source(std::filesystem::path path, Budget* budget)
    : m_path(std::move(path)),
      m_file(H5Fopen(m_path.c_str(), H5F_ACC_RDONLY, file_access(m_path)), m_path, "open"),
      m_size(core::InputFile(m_path).size()),
      m_budget(budget) {}

Dataset Source::dataset(hid_t group, const std::string& name) const {
  const std::string what = "open the dataset '" + name + "'";
  Dataset dataset(H5Dopen2(group, name.c_str(), H5P_DEFAULT), m_path, what);
  const PropertyList creation(H5Dget_create_plist(dataset), m_path, what);
  if (H5Pget_layout(creation) == H5D_VIRTUAL || H5Pget_external_count(creation) != 0)
    throw FileError(m_path.string() + ": the values of dataset '" + name +
                    "' lie in other files, which are not followed: copy them into this one (h5repack does)");
  double bytes = sizeof(double);
  for (const hsize_t extent : extents(dataset, m_path)) bytes *= static_cast<double>(extent);
  // More than compression or values never written explain.
  if (bytes > 1e10 + 1e4 * static_cast<double>(m_size))
    throw DamagedFile(fmt::format("{}: dataset '{}' claims {:.3g} GB of numbers, in a file of {} bytes",
                                  m_path.string(), name, 1e-9 * bytes, m_size));
  return dataset;
}

void Source::allow(double numbers) const {
  require_memory(numbers, m_path.string());
  if (m_budget != nullptr) m_budget->allow(sizeof(double) * numbers);
}

std::vector<double> Source::read(const Dataset& dataset) const {
  const std::vector<hsize_t> count = extents(dataset, m_path);
  double numbers = 1.0;  // the product of what a file only declares may not be an integer
  for (const hsize_t extent : count) numbers *= static_cast<double>(extent);
  allow(numbers);
  std::vector<double> values(static_cast<std::size_t>(numbers));
  read(dataset, std::vector<hsize_t>(count.size()), count, values.data());
  return values;
}

void Source::read(const Dataset& dataset, const std::vector<hsize_t>& start, const std::vector<hsize_t>& count,
                  double* values) const {
  if (std::find(count.begin(), count.end(), hsize_t{0}) != count.end()) return;
  const std::string what = "read the dataset '" + name_of(dataset) + "'";
  const PropertyList creation(H5Dget_create_plist(dataset), m_path, what);
  if (m_budget != nullptr) {
    if (H5Pget_layout(creation) == H5D_CONTIGUOUS && is_plain(dataset, m_path)) return;
    m_budget->allow(decoded_bytes(creation, start, count));
  }
  const Space file_space(H5Dget_space(dataset), m_path, what);
  const Space memory_space = count.empty() ? Space(H5Screate(H5S_SCALAR), m_path, what) : simple_space(count, m_path);
  const bool selected = count.empty() || H5Sselect_hyperslab(file_space, H5S_SELECT_SET, start.data(), nullptr,
                                                             count.data(), nullptr) >= 0;
  if (!selected || H5Dread(dataset, H5T_NATIVE_DOUBLE, memory_space, file_space, H5P_DEFAULT, values) < 0)
    fail(m_path, what);
}

void check_guarded(const std::filesystem::path& path, const std::function<void(const Source&)>& read) {
  const core::InputFile door(path);
  if (!looks_like_hdf5(door) && !has_user_block(door)) {
    const std::string format = core::foreign_format(door.begin(4096));
    throw DamagedFile(path.string() + ": not an HDF5 file" + (format.empty() ? "" : "; it is " + format));
  }
  read_guarded(path, "the HDF5 library", [&](Budget& budget) { read(Source(path, &budget)); });
}

File open_verified(const std::filesystem::path& path) {
  return File(H5Fopen(path.c_str(), H5F_ACC_RDONLY, file_access(path)), path, "open");
}

File create_file(const std::filesystem::path& path) {
  const PropertyList access = file_access(path);
  H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  constexpr hsize_t align_from = 65536, page = 4096;
  H5Pset_alignment(access, align_from, page);
  const PropertyList creation(H5Pcreate(H5P_FILE_CREATE), path, "create");
  H5Pset_obj_track_times(creation, false);  // the same content is the same bytes, whenever it was written
  return File(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, creation, access), path, "create");
}

bool leads_out(H5L_type_t type) { return type != H5L_TYPE_HARD && type != H5L_TYPE_SOFT; }

namespace {

/// Calls take(name), which is false where it fails, for what a group holds.
template <class Take>
void for_each_link(hid_t group, const std::filesystem::path& path, const Take& take) {
  struct Visit {
    const Take& take;
    std::string problem;
  } visit{take, ""};
  const auto see = [](hid_t, const char* name, const H5L_info_t* link, void* data) -> herr_t {
    auto& [take, problem] = *static_cast<Visit*>(data);
    if (!leads_out(link->type) && take(name)) return 0;
    problem = name;
    return -1;
  };
  if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, see, &visit) >= 0) return;
  if (visit.problem.empty()) fail(path, "list what a group holds");
  throw FileError(path.string() + ": '" + visit.problem +
                  "' cannot be opened: a link to another file (which is not followed) or to nothing, or damaged");
}

}  // namespace

Members members(hid_t group, const std::filesystem::path& path) {
  Members found;
  for_each_link(group, path, [&](const char* name) {
    const hid_t object = H5Oopen(group, name, H5P_DEFAULT);
    if (object < 0) return false;
    if (H5Iget_type(object) == H5I_DATASET) found.datasets.emplace_back(name);
    if (H5Iget_type(object) == H5I_GROUP) found.groups.emplace_back(name);
    return H5Oclose(object) >= 0;
  });
  return found;
}

std::vector<std::string> link_names(hid_t group, const std::filesystem::path& path) {
  std::vector<std::string> names;
  for_each_link(group, path, [&](const char* name) {
    names.emplace_back(name);
    return true;
  });
  return names;
}

Space simple_space(const std::vector<hsize_t>& extents, const std::filesystem::path& path) {
  return Space(H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), path, "make a space");
}

std::vector<hsize_t> extents(hid_t dataset, const std::filesystem::path& path) {
  const Space space(H5Dget_space(dataset), path, "read the shape of a dataset");
  const int rank = H5Sget_simple_extent_ndims(space);
  if (rank < 0) fail(path, "read the shape of a dataset");
  std::vector<hsize_t> result(static_cast<std::size_t>(rank));
  H5Sget_simple_extent_dims(space, result.data(), nullptr);
  return result;
}

bool is_numeric(hid_t dataset) {
  const hid_t type = H5Dget_type(dataset);
  const H5T_class_t kind = H5Tget_class(type);
  H5Tclose(type);
  // NumPy's booleans are an enumeration.
  return kind == H5T_INTEGER || kind == H5T_FLOAT || kind == H5T_ENUM;
}

void write_attribute(hid_t object, const std::string& name, const core::Attribute& value,
                     const std::filesystem::path& path) {
  const std::string what = "write the attribute '" + name + "'";
  const auto write = [&](hid_t file_type, hid_t memory_type, const Space& space, const void* data) {
    const AttributeId id(H5Acreate2(object, name.c_str(), file_type, space, H5P_DEFAULT, H5P_DEFAULT), path, what);
    if (data != nullptr && H5Awrite(id, memory_type, data) < 0) fail(path, what);
  };
  const auto scalar = [&] { return Space(H5Screate(H5S_SCALAR), path, what); };
  std::visit(
      [&](const auto& v) {
        using Value = std::decay_t<decltype(v)>;
        if constexpr (std::is_same_v<Value, std::int64_t>) {
          write(H5T_STD_I64LE, H5T_NATIVE_INT64, scalar(), &v);
        } else if constexpr (std::is_same_v<Value, double>) {
          write(H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, scalar(), &v);
        } else if constexpr (std::is_same_v<Value, std::string>) {
          const Type type = string_type(path);
          const char* text = v.c_str();
          write(type, type, scalar(), static_cast<const void*>(&text));
        } else if constexpr (std::is_same_v<Value, std::vector<std::int64_t>>) {
          write(H5T_STD_I64LE, H5T_NATIVE_INT64, simple_space({v.size()}, path), v.data());
        } else {
          write(H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, simple_space({v.size()}, path), v.data());
        }
      },
      value);
}

core::Attributes read_attributes(hid_t object, const std::filesystem::path& path) {
  std::vector<std::string> names;
  const auto add = [](hid_t, const char* name, const H5A_info_t*, void* list) -> herr_t {
    static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return 0;
  };
  if (H5Aiterate2(object, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names) < 0) fail(path, "list the attributes");
  core::Attributes result;
  for (const std::string& name : names) {
    const std::string what = "read the attribute '" + name + "'";
    const AttributeId id(H5Aopen(object, name.c_str(), H5P_DEFAULT), path, what);
    if (auto value = read_attribute(id, path, what)) result.emplace(name, *std::move(value));
  }
  return result;
}

}  // namespace ister::io::hdf5
