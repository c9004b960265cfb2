#pragma once
#include <mpi.h>

#include <string>

namespace ister::core {

/// MPI, Kokkos and FFTW for the life of the program: made first and destroyed last in main, so that Kokkos outlives
/// every array and MPI outlives Kokkos.
class Session {
 public:
  Session(int& argc, char**& argv);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] MPI_Comm comm() const { return MPI_COMM_WORLD; }
  [[nodiscard]] int rank() const { return m_rank; }
  [[nodiscard]] int ranks() const { return m_ranks; }
  [[nodiscard]] bool is_root() const { return m_rank == 0; }
  [[nodiscard]] int threads() const;

  /// Kokkos backend, MPI, FFTW versions in one line each.
  static std::string versions();

 private:
  int m_rank = 0, m_ranks = 1;
};

}  // namespace ister::core
