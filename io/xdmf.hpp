#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "core/grid.hpp"

namespace ister::io {

/// One file of a series, in the same folder as the XDMF file.
struct Snapshot {
  std::string file;
  double time;
};

/// Writes the XDMF file that opens a series of snapshots in ParaView: a temporal collection of uniform grids, every
/// field a scalar at the points. `group` is where the fields stand in each file. Atomic; FileError.
void write_xdmf(const std::filesystem::path& path, const core::Grid& grid, const std::vector<Snapshot>& snapshots,
                const std::vector<std::string>& fields, const std::string& group);

}  // namespace ister::io
