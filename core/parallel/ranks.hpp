#pragma once
#include <mpi.h>

namespace ister::core {

/// The ranks of a communicator, and this process among them: what a run, a check or an analysis works on. A plain
/// value; the communicator outlives it, and carries no other messages while they work.
class Ranks {
 public:
  explicit Ranks(MPI_Comm comm);

  [[nodiscard]] MPI_Comm comm() const { return m_comm; }
  /// Of this process, from 0 to count() - 1.
  [[nodiscard]] int rank() const { return m_rank; }
  [[nodiscard]] int count() const { return m_count; }
  [[nodiscard]] bool is_root() const { return m_rank == 0; }
  /// Of this process, for kernels.
  [[nodiscard]] int threads() const;
  /// Whether they are all ranks of the job, so that nobody else works beside them.
  [[nodiscard]] bool is_world() const;

 private:
  MPI_Comm m_comm;
  int m_rank = 0, m_count = 1;
};

}  // namespace ister::core
