#pragma once
#include <mpi.h>

#include <exception>
#include <string>
#include <utility>

namespace ister::core {

/// Where `failure` is set on any rank, throws on every rank the error of the lowest such rank: same type, same message.
void rethrow_everywhere(MPI_Comm comm, const std::exception_ptr& failure);

/// Rank 0's text on every rank. Collective.
std::string broadcast_text(MPI_Comm comm, std::string text);

/// Runs `action` on every rank and agrees on the outcome, so that a failure on some ranks never leaves the others
/// waiting. The action itself must not communicate, except in steps that cannot fail in between.
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

}  // namespace ister::core
