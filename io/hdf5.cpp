#include "io/hdf5.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <type_traits>

#include "core/damaged_file.hpp"

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

/// Everything goes through open_file or create_file first: from then on errors are reported by exceptions only.
PropertyList file_access(const std::filesystem::path& path) {
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  PropertyList access(H5Pcreate(H5P_FILE_ACCESS), path, "open");
  H5Pset_file_locking(access, false, true);  // many file systems of clusters cannot lock
  return access;
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
  std::vector<Number> values(static_cast<std::size_t>(count));
  if (count > 0 && H5Aread(attribute, memory_type, values.data()) < 0) fail(path, what);
  if (scalar) return values.front();
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

bool looks_like_hdf5(const std::filesystem::path& path) {
  static constexpr std::array<char, 8> signature{'\x89', 'H', 'D', 'F', '\r', '\n', '\x1a', '\n'};
  std::array<char, 8> begin{};
  std::ifstream(path, std::ios::binary).read(begin.data(), begin.size());
  return begin == signature;
}

File open_file(const std::filesystem::path& path) {
  const PropertyList access = file_access(path);
  const hid_t id = H5Fopen(path.c_str(), H5F_ACC_RDONLY, access);
  std::error_code unknown;
  if (id < 0 && std::filesystem::is_regular_file(path, unknown) && std::ifstream(path) && !looks_like_hdf5(path)) {
    throw DamagedFile(path.string() + ": not an HDF5 file");
  }
  return File(id, path, "open");
}

File create_file(const std::filesystem::path& path) {
  const PropertyList access = file_access(path);
  H5Pset_fapl_stdio(access);  // the default driver refuses files without a name of their own
  H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
  constexpr hsize_t align_from = 65536, page = 4096;
  H5Pset_alignment(access, align_from, page);
  return File(H5Fcreate(path.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access), path, "create");
}

std::vector<std::string> dataset_names(hid_t group, const std::filesystem::path& path) {
  std::vector<std::string> names;
  const auto add = [](hid_t parent, const char* name, const H5L_info_t*, void* list) -> herr_t {
    const hid_t object = H5Oopen(parent, name, H5P_DEFAULT);
    if (object < 0) return -1;
    if (H5Iget_type(object) == H5I_DATASET) static_cast<std::vector<std::string>*>(list)->emplace_back(name);
    return H5Oclose(object);
  };
  if (H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, nullptr, add, &names) < 0) fail(path, "list the datasets");
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
