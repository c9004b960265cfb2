#pragma once
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

/// Writes the XDMF file that opens a series of snapshots in ParaView: a temporal collection of uniform grids, every
/// field a scalar at the points. `group` is where the fields stand in each file, `run_id` the run they are of. Atomic;
/// FileError.
void write_xdmf(const std::filesystem::path& path, const core::Grid& grid, const std::vector<Snapshot>& snapshots,
                const std::string& group, const std::string& run_id);

/// The run whose snapshots such a file lists; empty where there is no file, or it does not say.
std::string run_id_of_xdmf(const std::filesystem::path& path);

}  // namespace ister::io
