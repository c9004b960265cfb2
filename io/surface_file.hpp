#pragma once
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/surface/element_table.hpp"

namespace ister::io {

inline constexpr const char* surface_format = "ister-surface";

/// What a file `<name>_surface.h5` holds: for each surface a group with a dataset of float64 for each column, `slabs`
/// (compound: int64 step, offset, count; uint64 crc64) and the attributes of the surface.
struct SurfaceContent {
  core::Attributes attributes;
  std::vector<core::surface::ElementTable> surfaces;
};

/// Whether `path` is such a file; false where it cannot be read.
bool is_surface_file(const std::filesystem::path& path);

/// Reads such a file and compares with its checksums. FileError where it cannot be read, DamagedFile where it is not
/// what it was or not of this kind.
SurfaceContent read_surface_file(const std::filesystem::path& path);

/// How far a surface had come at some moment, and a checksum of all of it: what a checkpoint keeps of it.
struct SurfaceMark {
  std::int64_t batches = 0;  ///< slabs
  std::uint64_t crc = 0;
};

/// The file of the surfaces of a run. It grows complete or not at all: what is there is copied piece by piece, so that
/// memory holds what is new alone. For rank 0 only (within on_rank_zero).
class SurfaceFile {
 public:
  using Tables = std::vector<core::surface::ElementTable*>;

  explicit SurfaceFile(std::filesystem::path path) : m_path(std::move(path)) {}

  /// Goes on from marks of the surfaces, in the order in which these will be given.
  void restore(std::vector<SurfaceMark> marks) { m_marks = std::move(marks); }
  /// DamagedFile unless the file still begins with what the marks speak of.
  void verify(const Tables& tables) const;
  /// Drops what follows the marks.
  void rewind(const Tables& tables, const core::Attributes& attributes);
  /// Moves the elements of the tables to the end of the file, which gets their attributes and these of the root. The
  /// marks then leave out what was only glimpsed.
  void append(const Tables& tables, const core::Attributes& attributes);
  [[nodiscard]] const std::vector<SurfaceMark>& marks() const { return m_marks; }

 private:
  struct Stored;
  [[nodiscard]] std::vector<Stored> stored(const Tables& tables) const;

  std::filesystem::path m_path;
  std::vector<SurfaceMark> m_marks;
};

}  // namespace ister::io
