#pragma once
#include <mpi.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace ister::io {

/// The last line of a file of Ister's, after the end of its HDF5 part: the checksum of all bytes before. It lets a
/// damaged file be found before HDF5 reads it, which on some damage crashes instead of failing. HDF5 ignores the
/// line, and drops it when another program changes the file.
std::string checksum_trailer(std::uint64_t crc);

/// True where the file ends with such a line and its bytes are what that says, false where it has none; a
/// DamagedFile where they differ. Collective: every rank reads its share of the file once.
bool check_trailer(MPI_Comm comm, const std::filesystem::path& path);

}  // namespace ister::io
