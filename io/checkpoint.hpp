#pragma once
#include <optional>

#include "io/field_file.hpp"
#include "io/run_files.hpp"

namespace ister::io {

/// Writes a checkpoint: whatever is registered as evolved, by name, and scalars as attributes (doubles bitwise). See
/// write_fields.
inline void write_checkpoint(MPI_Comm comm, const std::filesystem::path& path, const core::Decomposition& decomposition,
                             const core::Attributes& attributes, const std::vector<core::NamedField>& fields) {
  write_fields(comm, path, checkpoint_format, decomposition, attributes, fields);
}

/// Opens a checkpoint and verifies all of it: FileError where it cannot be trusted.
inline FieldFile open_checkpoint(MPI_Comm comm, const std::filesystem::path& path) {
  return FieldFile(comm, path, {checkpoint_format});
}

struct CheckpointSearch {
  std::optional<FieldFile> newest;             ///< absent where no checkpoint of the run verifies
  std::vector<std::string> passed_over;        ///< why each newer one was
  std::vector<std::filesystem::path> foreign;  ///< those among them that are of another run
};

/// The newest checkpoint of a run that verifies; an empty `run_id` stands for any run. A checkpoint that cannot be
/// read, for all we know sound, is a FileError. Collective, the same answer on all ranks.
CheckpointSearch find_newest_checkpoint(MPI_Comm comm, const RunFiles& files, const std::string& run_id);

/// Removes all but the `keep` newest (at least one) of the checkpoints up to `step`, the one just completed.
/// Collective.
void prune_checkpoints(MPI_Comm comm, const RunFiles& files, std::int64_t step, int keep);

}  // namespace ister::io
