#pragma once
#include <mpi.h>

#include <array>
#include <cstdint>

#include "core/base/content_hash.hpp"

namespace ister::drivers {

/// Whether all ranks give the same digest. Collective, the same answer everywhere.
inline bool same_everywhere(MPI_Comm comm, const core::Digest& digest) {
  // The smallest and, as the smallest of the complements, the largest of each half.
  std::array<std::uint64_t, 4> least{digest.first, digest.second, ~digest.first, ~digest.second};
  MPI_Allreduce(MPI_IN_PLACE, least.data(), 4, MPI_UINT64_T, MPI_MIN, comm);
  return least[0] == ~least[2] && least[1] == ~least[3];
}

}  // namespace ister::drivers
