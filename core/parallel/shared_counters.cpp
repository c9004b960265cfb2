#include "core/parallel/shared_counters.hpp"

#include <algorithm>
#include <exception>

namespace ister::core {

SharedCounters::SharedCounters(MPI_Comm comm, int count) {
  int rank = 0;
  MPI_Comm_rank(comm, &rank);
  std::int64_t* numbers = nullptr;
  const MPI_Aint bytes = rank == 0 ? static_cast<MPI_Aint>(count * sizeof(std::int64_t)) : 0;
  MPI_Win_allocate(bytes, sizeof(std::int64_t), MPI_INFO_NULL, comm, &numbers, &m_window);
  if (rank == 0) {
    MPI_Win_lock(MPI_LOCK_EXCLUSIVE, 0, 0, m_window);
    std::fill_n(numbers, count, std::int64_t{0});
    MPI_Win_unlock(0, m_window);
  }
  MPI_Barrier(comm);
}

/// Where this rank ends by an error that others may not have, they would be waited for in vain.
SharedCounters::~SharedCounters() {
  if (std::uncaught_exceptions() == 0) MPI_Win_free(&m_window);
}

std::int64_t SharedCounters::add(int which, std::int64_t value) {
  std::int64_t before = 0;
  MPI_Win_lock(MPI_LOCK_SHARED, 0, 0, m_window);
  MPI_Fetch_and_op(&value, &before, MPI_INT64_T, 0, which, MPI_SUM, m_window);
  MPI_Win_unlock(0, m_window);
  return before;
}

}  // namespace ister::core
