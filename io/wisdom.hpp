#pragma once
#include <mpi.h>

#include <filesystem>
#include <string>

namespace ister::io {

/// Adds wisdom that a file kept to what FFTW knows, after a rehearsal: FFTW ends the process on some texts. FileError
/// where it is of no use. Collective.
void import_wisdom(MPI_Comm comm, const std::filesystem::path& path, const std::string& text);

}  // namespace ister::io
