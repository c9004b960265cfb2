#include "core/parallel/ranks.hpp"

#include "core/parallel/execution.hpp"

namespace ister::core {

Ranks::Ranks(MPI_Comm comm) : m_comm(comm) {
  MPI_Comm_rank(comm, &m_rank);
  MPI_Comm_size(comm, &m_count);
}

int Ranks::threads() const { return thread_count(); }

bool Ranks::is_world() const {
  int all = 1;
  MPI_Comm_size(MPI_COMM_WORLD, &all);
  return m_count == all;
}

}  // namespace ister::core
