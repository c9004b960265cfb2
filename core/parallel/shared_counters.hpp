#pragma once
#include <mpi.h>

#include <cstdint>

namespace ister::core {

/// Whole numbers that all ranks of a communicator count with, each by itself and at any time; they begin at 0 and lie
/// in the memory of rank 0. What the MPI library does for others it may do only while rank 0 calls it.
class SharedCounters {
 public:
  /// Collective, as its end.
  SharedCounters(MPI_Comm comm, int count);
  ~SharedCounters();
  SharedCounters(const SharedCounters&) = delete;
  SharedCounters& operator=(const SharedCounters&) = delete;

  /// Adds to a number; returns what it was before.
  std::int64_t add(int which, std::int64_t value);
  [[nodiscard]] std::int64_t value(int which) { return add(which, 0); }

 private:
  MPI_Win m_window = MPI_WIN_NULL;
};

}  // namespace ister::core
