#pragma once
#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/named_field.hpp"

/// HDF5 ids as move-only values, HDF5's errors as FileErrors that name the file, attributes as core::Attribute.
/// Every process uses its own serial view of a file, so any build of HDF5 will do.
namespace ister::io::hdf5 {

/// Throws "PATH: cannot DO: REASON" with the reason from HDF5's error stack: a FileError where the system refused, a
/// DamagedFile where the library did.
[[noreturn]] void fail(const std::filesystem::path& path, const std::string& what);

/// An HDF5 id that is closed at the end of its scope.
template <herr_t (*close_id)(hid_t)>
class Handle {
 public:
  /// Takes over `id`; a negative one is a failure to do `what`.
  Handle(hid_t id, const std::filesystem::path& path, const std::string& what) : m_id(id) {
    if (id < 0) fail(path, what);
  }
  ~Handle() { close(); }
  Handle(Handle&& other) noexcept : m_id(std::exchange(other.m_id, -1)) {}
  Handle& operator=(Handle&& other) noexcept {
    std::swap(m_id, other.m_id);
    return *this;
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  operator hid_t() const { return m_id; }  // NOLINT: what the C functions take
  /// False where closing failed, as it may for a file whose last bytes do not fit on the disk.
  bool close() { return m_id < 0 || close_id(std::exchange(m_id, -1)) >= 0; }

 private:
  hid_t m_id;
};

using File = Handle<H5Fclose>;
using Group = Handle<H5Gclose>;
using Dataset = Handle<H5Dclose>;
using Space = Handle<H5Sclose>;
using Type = Handle<H5Tclose>;
using PropertyList = Handle<H5Pclose>;
using AttributeId = Handle<H5Aclose>;

/// Opens for reading. Missing, unreadable, truncated and foreign files are FileErrors.
File open_file(const std::filesystem::path& path);

/// Creates a file, or empties it, with checksummed metadata (the newest file format). `path` may stand for a file
/// in memory. A disk that fills up while HDF5 writes crashes the process in the end: see field_file_write.cpp.
File create_file(const std::filesystem::path& path);

/// True where the file begins like HDF5, complete or not.
bool looks_like_hdf5(const std::filesystem::path& path);

/// Names of the datasets of a group in alphabetical order.
std::vector<std::string> dataset_names(hid_t group, const std::filesystem::path& path);

/// A data space of the given extents, slowest first.
Space simple_space(const std::vector<hsize_t>& extents, const std::filesystem::path& path);

/// Extents of a dataset, slowest first.
std::vector<hsize_t> extents(hid_t dataset, const std::filesystem::path& path);

/// True where a dataset holds numbers (of any size and byte order), or names that stand for some, as booleans do.
bool is_numeric(hid_t dataset);

void write_attribute(hid_t object, const std::string& name, const core::Attribute& value,
                     const std::filesystem::path& path);

/// All attributes of an object whose type core::Attribute knows; numbers of any size and byte order and both
/// kinds of string are accepted, arrays are flattened, the rest is left out.
core::Attributes read_attributes(hid_t object, const std::filesystem::path& path);

}  // namespace ister::io::hdf5
