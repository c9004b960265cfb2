#pragma once
#include <hdf5.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/input_file.hpp"
#include "core/grid/named_field.hpp"
#include "io/collective.hpp"
#include "io/guarded_read.hpp"

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
using Object = Handle<H5Oclose>;
using Dataset = Handle<H5Dclose>;
using Space = Handle<H5Sclose>;
using Type = Handle<H5Tclose>;
using PropertyList = Handle<H5Pclose>;
using AttributeId = Handle<H5Aclose>;

/// An HDF5 file open for reading. The only ways to one, read_file and open_guarded, go through a rehearsal: nothing
/// is read here that has not been read in a child process before. What lies outside of the file is never followed:
/// links to other files, values kept in other files, plugins.
class Source {
 public:
  operator hid_t() const { return m_file; }  // NOLINT: what the C functions take
  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }

  /// FileError where there is no such dataset or its values lie elsewhere, DamagedFile where it claims more numbers
  /// than a file of this size can stand for.
  [[nodiscard]] Dataset dataset(hid_t group, const std::string& name) const;
  /// All values as doubles. InputError where the memory does not hold them.
  [[nodiscard]] std::vector<double> read(const Dataset& dataset) const;
  /// Reads `count` values (slowest index first) from `start` on as doubles.
  void read(const Dataset& dataset, const std::vector<hsize_t>& start, const std::vector<hsize_t>& count,
            double* values) const;
  /// To be called before the memory of so many doubles is read in another type. InputError where there is not as much.
  void allow(double numbers) const;

 private:
  /// `budget` in a rehearsal, where plain values that lie in the file as they are need not be read: they cannot
  /// mislead.
  Source(std::filesystem::path path, Budget* budget);
  friend void check_guarded(const std::filesystem::path&, const std::function<void(const Source&)>&);
  template <class Read>
  friend auto read_file(const std::filesystem::path& path, const Read& read);
  template <class Read>
  friend Source open_guarded(MPI_Comm comm, const std::filesystem::path& path, const Read& read);

  std::filesystem::path m_path;
  File m_file;
  std::int64_t m_size;
  Budget* m_budget;
};

/// Tries in a child process whether `path` can be read. FileError for missing, unreadable and foreign files.
void check_guarded(const std::filesystem::path& path, const std::function<void(const Source&)>& read);

/// What `read` makes of a file.
template <class Read>
auto read_file(const std::filesystem::path& path, const Read& read) {
  check_guarded(path, [&](const Source& source) { (void)read(source); });
  return read(Source(path, nullptr));
}

/// A file that stays open, after rank 0 has rehearsed `read`, which is to touch everything that will be read.
/// Collective.
template <class Read>
Source open_guarded(MPI_Comm comm, const std::filesystem::path& path, const Read& read) {
  on_rank_zero(comm, [&] { check_guarded(path, read); });
  std::optional<Source> source;
  collectively(comm, [&] { source.emplace(Source(path, nullptr)); });
  return *std::move(source);
}

/// A file that this process wrote and whose checksum has just been compared: it cannot mislead, and needs no rehearsal.
File open_verified(const std::filesystem::path& path);

/// Creates a file, or empties it, with checksummed metadata (the newest file format). `path` may stand for a file
/// in memory. A disk that fills up while HDF5 writes crashes the process in the end: see field_file_write.cpp.
File create_file(const std::filesystem::path& path);

/// True where a file begins like HDF5, complete or not.
bool looks_like_hdf5(const core::InputFile& file);

/// What a group holds, each in alphabetical order.
struct Members {
  std::vector<std::string> datasets, groups;
};
/// FileError where something in the group is a link to another file, or to nothing.
Members members(hid_t group, const std::filesystem::path& path);

/// The names in a group, in alphabetical order, without a look at what they stand for. FileError for links to other
/// files.
std::vector<std::string> link_names(hid_t group, const std::filesystem::path& path);

/// True for a link to another file or of a kind that a program defined.
bool leads_out(H5L_type_t type);

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
