#pragma once
#include <mpi.h>

#include <cstdint>

#include "core/parallel/collective.hpp"

namespace ister::io {

using core::collectively;
using core::rethrow_everywhere;

/// Runs what rank 0 does for all, and agrees on the outcome.
template <class Action>
void on_rank_zero(MPI_Comm comm, Action&& action) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  collectively(comm, [&] {
    if (rank == 0) action();
  });
}

/// On every rank the checksum of what all ranks have pieces of, from their shares (see crc64_share).
std::uint64_t crc64_of_shares(MPI_Comm comm, std::uint64_t share);

}  // namespace ister::io
