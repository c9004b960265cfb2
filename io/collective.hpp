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

/// On every rank the checksum of all ranks' parts one after the other, from the checksum and length of each part.
std::uint64_t crc64_across(MPI_Comm comm, std::uint64_t crc, std::uint64_t bytes);

}  // namespace ister::io
