#pragma once
#include <mpi.h>

#include <cstdint>
#include <exception>
#include <utility>

namespace ister::io {

/// Where `failure` is set on any rank, throws on every rank the error of the lowest such rank: same type, same message.
void rethrow_everywhere(MPI_Comm comm, const std::exception_ptr& failure);

/// Runs `action` on every rank and agrees on the outcome, so that a failure on some ranks (a full disk, a file that
/// only some can read) never leaves the others waiting. The action itself must not communicate, except in steps
/// that cannot fail in between.
template <class Action>
void collectively(MPI_Comm comm, Action&& action) {
  std::exception_ptr failure;
  try {
    std::forward<Action>(action)();
  } catch (...) {
    failure = std::current_exception();
  }
  rethrow_everywhere(comm, failure);
}

/// The same for what rank 0 does for all.
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
