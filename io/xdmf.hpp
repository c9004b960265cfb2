#pragma once
#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "core/grid/grid.hpp"

namespace ister::io {

/// One file of a series, in the same folder as the XDMF file, and the fields that it holds.
struct Snapshot {
  std::string file;
  double time;
  std::vector<std::string> fields;
};

/// Fields that are the components of a vector.
struct VectorField {
  std::string name;
  std::array<std::string, 3> components;
};

/// Writes the XDMF file that opens a series of snapshots in ParaView: a temporal collection of uniform grids, every
/// field a scalar at the points, and those of `vectors` whose components a file holds; these ParaView's XDMF reader
/// joins, and its Xdmf3 reader leaves out with a word. `group` is where the fields stand in each file, `run_id` the run
/// they are of. Atomic; FileError.
void write_xdmf(const std::filesystem::path& path, const core::Grid& grid, const std::vector<Snapshot>& snapshots,
                const std::string& group, const std::string& run_id, const std::vector<VectorField>& vectors = {});

/// The run whose snapshots such a file lists; empty where there is no file, or it does not say.
std::string run_id_of_xdmf(const std::filesystem::path& path);

}  // namespace ister::io
