#include "io/collective.hpp"

#include <array>
#include <vector>

#include "io/crc64.hpp"

namespace ister::io {

std::uint64_t crc64_across(MPI_Comm comm, std::uint64_t crc, std::uint64_t bytes) {
  int ranks = 1;
  MPI_Comm_size(comm, &ranks);
  const std::array<std::uint64_t, 2> mine{crc, bytes};
  std::vector<std::array<std::uint64_t, 2>> parts(static_cast<std::size_t>(ranks));
  MPI_Allgather(mine.data(), 2, MPI_UINT64_T, parts.data(), 2, MPI_UINT64_T, comm);
  std::uint64_t whole = 0;
  for (const auto& [part, length] : parts) whole = crc64_combine(whole, part, length);
  return whole;
}

}  // namespace ister::io
