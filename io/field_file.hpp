#pragma once
#include <mpi.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/grid/decomposition.hpp"
#include "core/grid/named_field.hpp"
#include "io/dimension_scales.hpp"
#include "io/hdf5.hpp"

namespace ister::io {

/// A kind of file that holds scalar fields on a grid: root attributes `format` and `version` and those of the run, and
/// one dataset of doubles per field in `group`, indexed (z, y, x) without the unresolved directions. A dataset may
/// carry a `crc64` attribute: 16 hexadecimal digits, the CRC-64/XZ of its values as little-endian doubles in file
/// order. Files that Ister writes also end with a checksum over all of their bytes. Datasets of coordinates may stand
/// beside the fields, see Legend.
struct FileFormat {
  std::string name;
  std::string group;
  bool needs_trailer;  ///< whether only files as Ister wrote them are accepted
  std::int64_t version = 1;
};

/// Snapshots and initial data, which other programs read, write and edit.
inline const FileFormat state_format{"ister-state", "state", false};
/// What a run continues from.
inline const FileFormat checkpoint_format{"ister-checkpoint", "evolved", true};

/// Writes a file atomically: it appears complete, on disk and checksummed, or not at all. Collective; the fields
/// stream through one buffer of the size of a rank's block. Where any rank fails, all throw the same error
/// (FileError for everything the file system refuses).
void write_fields(MPI_Comm comm, const std::filesystem::path& path, const FileFormat& format,
                  const core::Decomposition& decomposition, const core::Attributes& attributes,
                  const std::vector<core::NamedField>& fields, const Legend& legend = {});

/// A file of fields open for reading. All members but the getters are collective, and throw the same error on all
/// ranks: FileError for what cannot be read, DamagedFile for what cannot be trusted.
class FieldFile {
 public:
  /// Opens a file of one of the `accepted` formats. The checksum, where there is one, is verified first.
  FieldFile(MPI_Comm comm, std::filesystem::path path, const std::vector<FileFormat>& accepted);

  [[nodiscard]] const std::filesystem::path& path() const { return m_path; }
  [[nodiscard]] const FileFormat& format() const { return m_format; }
  [[nodiscard]] const core::Attributes& attributes() const { return m_attributes; }
  /// The value of an attribute as std::int64_t, double, std::string or a vector of numbers. Whole numbers serve as
  /// doubles and the other way round, arrays of one as scalars. FileError where it is absent or of another type.
  template <class Value>
  [[nodiscard]] Value attribute(const std::string& name) const;

  struct Field {
    std::string name;
    std::vector<std::int64_t> points;  ///< x first
    std::optional<std::string> crc64;  ///< absent in files of other programs
  };
  /// Without the coordinates of the points.
  [[nodiscard]] const std::vector<Field>& fields() const { return m_fields; }
  /// Names of groups beside the datasets of the fields, where none belong.
  [[nodiscard]] const std::vector<std::string>& groups() const { return m_groups; }
  [[nodiscard]] bool has(const std::string& name) const;

  /// Reads all datasets, those of coordinates too, and compares with their checksums, where there are any.
  void verify() const;

  /// Reads this rank's block of a field, ordered as in core::NamedField, and compares with the checksum. InputError
  /// where the field is not of the shape of the grid.
  void read(const std::string& name, const core::Decomposition& decomposition, double* values) const;
  /// Reads a box of a field by this rank alone, without comparing with the checksum: verify() does.
  void read(const std::string& name, const core::Grid& grid, const core::Box& box, double* values) const;
  /// Reads every one of the fields into its owner's memory.
  void read(const std::vector<core::NamedField>& fields, const core::Decomposition& decomposition) const;

 private:
  void open(const hdf5::Source& source, const std::vector<FileFormat>& accepted);
  void read_all(const hdf5::Source& source, const Field& field) const;
  void verify(const Field& field) const;
  /// Hands over the values of some slices along the slowest direction, piece by piece.
  void for_each_piece(const hdf5::Source& source, const Field& field, core::Range slices,
                      const std::function<void(const double*, std::size_t)>& use) const;
  [[nodiscard]] std::uint64_t checksum(const Field& field, core::Range slices) const;
  [[nodiscard]] const Field& find(const std::string& name) const;
  void compare(const Field& field, std::uint64_t crc) const;

  MPI_Comm m_comm;
  std::filesystem::path m_path;
  FileFormat m_format;
  std::optional<hdf5::Source> m_source;
  std::optional<hdf5::Group> m_group;
  core::Attributes m_attributes;
  std::vector<Field> m_fields, m_coordinates;
  std::vector<std::string> m_groups;
};

}  // namespace ister::io
