#pragma once
#include "io/field_file.hpp"

namespace ister::io {

/// Writes a snapshot: root attributes format = "ister-state", version = 1 and those given, the fields in the group
/// `state`, and what the legend says of them. See write_fields.
inline void write_state(MPI_Comm comm, const std::filesystem::path& path, const core::Decomposition& decomposition,
                        const core::Attributes& attributes, const std::vector<core::NamedField>& fields,
                        const Legend& legend = {}) {
  write_fields(comm, path, state_format, decomposition, attributes, fields, legend);
}

/// Opens a state file, of Ister or of another program.
inline FieldFile open_state(MPI_Comm comm, const std::filesystem::path& path) {
  return FieldFile(comm, path, {state_format});
}

}  // namespace ister::io
