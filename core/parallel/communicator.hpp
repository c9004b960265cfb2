#pragma once
#include <mpi.h>

#include <utility>

namespace ister::core {

/// A communicator made of another one, freed at the end of its life, before that of the Session.
class Communicator {
 public:
  /// Those of the ranks of `comm` that name the same part, in the same order. Collective.
  static Communicator part_of(MPI_Comm comm, int part) {
    Communicator made;
    MPI_Comm_split(comm, part, 0, &made.m_comm);
    return made;
  }
  /// Those of the ranks of `comm` that share the memory of this one's machine, in the same order. Collective.
  static Communicator of_machine(MPI_Comm comm) {
    Communicator made;
    MPI_Comm_split_type(comm, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &made.m_comm);
    return made;
  }
  ~Communicator() {
    if (m_comm != MPI_COMM_NULL) MPI_Comm_free(&m_comm);
  }
  Communicator(Communicator&& other) noexcept : m_comm(std::exchange(other.m_comm, MPI_COMM_NULL)) {}
  Communicator& operator=(Communicator&& other) noexcept {
    std::swap(m_comm, other.m_comm);
    return *this;
  }

  [[nodiscard]] MPI_Comm comm() const { return m_comm; }

 private:
  Communicator() = default;

  MPI_Comm m_comm = MPI_COMM_NULL;
};

}  // namespace ister::core
