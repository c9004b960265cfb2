#include <fcntl.h>

#include <algorithm>
#include <map>
#include <memory>
#include <type_traits>

#include "core/base/error.hpp"
#include "io/atomic_file.hpp"
#include "io/checksum_trailer.hpp"
#include "io/collective.hpp"
#include "io/crc64.hpp"
#include "io/dimension_scales.hpp"
#include "io/field_file.hpp"
#include "io/file_order.hpp"
#include "io/posix.hpp"

namespace ister::io {
namespace {

constexpr std::int64_t bytes_of(std::int64_t values) { return values * static_cast<std::int64_t>(sizeof(double)); }

/// Rank 0's view of a new file. HDF5 lays it out in a sparse file in memory and reserves the place of every dataset
/// there without ever seeing a value; values and metadata are then written past HDF5, which is as fast as the disk,
/// and a full disk is an error like any other. (HDF5 itself cannot close a file whose last bytes do not fit: the
/// process crashes when the library shuts down.)
class Layout {
 public:
  Layout(const std::filesystem::path& path, const FileFormat& format, const core::Grid& grid,
         core::Attributes attributes, const std::vector<core::NamedField>& fields, const Legend& legend)
      : m_path(path), m_dataset_bytes(bytes_of(grid.total_points())), m_memory(Descriptor::in_memory(path)) {
    attributes["format"] = format.name;
    attributes["version"] = format.version;
    check_size_limit(attributes, fields.size(), grid);

    m_file.emplace(hdf5::create_file(m_memory.alias()));
    for (const auto& [name, value] : attributes) hdf5::write_attribute(*m_file, name, value, path);
    const hdf5::PropertyList timeless(H5Pcreate(H5P_GROUP_CREATE), path, "create a group");
    H5Pset_obj_track_times(timeless, false);
    const hdf5::Group group(H5Gcreate2(*m_file, format.group.c_str(), H5P_DEFAULT, timeless, H5P_DEFAULT), path,
                            "create the group '" + format.group + "'");
    std::vector<hsize_t> extents;
    for (int d = grid.dimensions - 1; d >= 0; --d) extents.push_back(static_cast<hsize_t>(grid.points[d]));
    const hdf5::Space space = hdf5::simple_space(extents, path);
    const hdf5::PropertyList creation(H5Pcreate(H5P_DATASET_CREATE), path, "create a dataset");
    H5Pset_alloc_time(creation, H5D_ALLOC_TIME_EARLY);
    H5Pset_fill_time(creation, H5D_FILL_TIME_NEVER);
    H5Pset_obj_track_times(creation, false);
    DimensionScales scales(group, grid, legend, path);
    for (const auto& field : fields) {
      const std::string what = "create the dataset '" + field.name + "'";
      m_datasets.emplace_back(
          H5Dcreate2(group, field.name.c_str(), H5T_IEEE_F64LE, space, H5P_DEFAULT, creation, H5P_DEFAULT), path, what);
      const haddr_t offset = H5Dget_offset(m_datasets.back());
      if (offset == HADDR_UNDEF) hdf5::fail(path, what);
      m_offsets.push_back(static_cast<std::int64_t>(offset));
      scales.attach(m_datasets.back(), field.name);
    }
    scales.finish();
  }

  /// Where the datasets begin in the file, in bytes.
  [[nodiscard]] const std::vector<std::int64_t>& offsets() const { return m_offsets; }

  /// Writes everything but the values, whose checksums are given, and the trailer.
  void finish(const std::vector<std::uint64_t>& checksums, Descriptor& target) {
    std::map<std::int64_t, std::uint64_t> values;  // by place
    for (std::size_t i = 0; i < m_datasets.size(); ++i) {
      hdf5::write_attribute(m_datasets[i], "crc64", crc64_text(checksums[i]), m_path);
      values.emplace(m_offsets[i], checksums[i]);
    }
    m_datasets.clear();
    if (!m_file->close()) hdf5::fail(m_path, "complete the metadata");

    std::uint64_t crc = 0;
    std::int64_t done = 0;
    std::vector<char> bytes;
    const auto copy_until = [&](std::int64_t end) {
      bytes.resize(static_cast<std::size_t>(end - done));
      m_memory.read_at(bytes.data(), bytes.size(), done);
      target.write_at(bytes.data(), bytes.size(), done);
      crc = crc64(bytes.data(), bytes.size(), crc);
      done = end;
    };
    for (const auto& [offset, checksum] : values) {
      copy_until(offset);
      crc = crc64_combine(crc, checksum, static_cast<std::uint64_t>(m_dataset_bytes));
      done += m_dataset_bytes;
    }
    copy_until(m_memory.size());
    const std::string trailer = checksum_trailer(crc);
    target.write_at(trailer.data(), trailer.size(), done);
  }

 private:
  /// The file in memory has to end where the one on the disk will, which a process's file size limit may forbid.
  void check_size_limit(const core::Attributes& attributes, std::size_t fields, const core::Grid& grid) {
    std::int64_t metadata = std::int64_t{1} << 20;
    for (int d = 0; d < grid.dimensions; ++d) metadata += bytes_of(grid.points[d]);
    for (const auto& [name, value] : attributes) {
      const auto size = [](const auto& v) -> std::size_t {
        if constexpr (std::is_arithmetic_v<std::decay_t<decltype(v)>>) {
          return sizeof v;
        } else {
          return v.size() * sizeof(double);
        }
      };
      metadata += static_cast<std::int64_t>(name.size() + std::visit(size, value));
    }
    constexpr std::int64_t header = 16384;
    m_memory.resize(metadata + static_cast<std::int64_t>(fields) * (m_dataset_bytes + header));
  }

  std::filesystem::path m_path;
  std::int64_t m_dataset_bytes;
  Descriptor m_memory;
  std::optional<hdf5::File> m_file;
  std::vector<hdf5::Dataset> m_datasets;
  std::vector<std::int64_t> m_offsets;
};

/// Checksums and writes in pieces that stay in the cache in between, and keeps the disk busy meanwhile.
std::uint64_t write_values(Descriptor& file, const double* values, std::int64_t count, std::int64_t offset) {
  constexpr std::int64_t piece = 256 * 1024, batch = 32 * piece;
  const auto* bytes = reinterpret_cast<const char*>(values);
  const std::int64_t total = bytes_of(count);
  std::uint64_t crc = 0;
  for (std::int64_t begin = 0; begin < total; begin += batch) {
    const std::int64_t end = std::min(begin + batch, total);
    for (std::int64_t done = begin; done < end; done += piece) {
      const auto size = static_cast<std::size_t>(std::min(piece, end - done));
      crc = crc64(bytes + done, size, crc);
      file.write_at(bytes + done, size, offset + done);
    }
    file.start_writeback(offset + begin, static_cast<std::size_t>(end - begin));
  }
  return crc;
}

}  // namespace

void write_fields(MPI_Comm comm, const std::filesystem::path& path, const FileFormat& format,
                  const core::Decomposition& decomposition, const core::Attributes& attributes,
                  const std::vector<core::NamedField>& fields, const Legend& legend) {
  std::optional<AtomicFile> target;
  std::optional<Layout> layout;
  std::optional<Descriptor> file;
  std::vector<std::int64_t> offsets(fields.size());
  on_rank_zero(comm, [&] {
    target.emplace(path);
    file.emplace(target->create());
    layout.emplace(path, format, decomposition.grid(), attributes, fields, legend);
    offsets = layout->offsets();
  });
  MPI_Bcast(offsets.data(), static_cast<int>(offsets.size()), MPI_INT64_T, 0, comm);

  const std::int64_t count = decomposition.box().points(), total = decomposition.grid().total_points();
  std::vector<Run> runs;
  std::unique_ptr<double[]> staging;
  collectively(comm, [&] {
    runs = runs_of(decomposition.grid(), decomposition.box());
    staging.reset(new double[static_cast<std::size_t>(std::max<std::int64_t>(count, 1))]);
    if (!file) file.emplace(AtomicFile::aside_of(path), O_WRONLY | O_NOFOLLOW, path);
  });
  std::vector<std::uint64_t> checksums(fields.size());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    collectively(comm, [&] {
      fields[i].copy_out(staging.get());
      for (const Run& run : runs) {
        const std::uint64_t crc =
            write_values(*file, staging.get() + run.in_box, run.count, offsets[i] + bytes_of(run.in_file));
        checksums[i] ^= crc64_share(crc, bytes_of(total - run.in_file - run.count));
      }
    });
    checksums[i] = crc64_of_shares(comm, checksums[i]);
  }
  on_rank_zero(comm, [&] { layout->finish(checksums, *file); });
  collectively(comm, [&] {
    file->sync();
    file->close();
  });
  on_rank_zero(comm, [&] { target->commit(); });
}

}  // namespace ister::io
