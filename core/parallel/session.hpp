#pragma once
#include <string>

#include "core/parallel/ranks.hpp"

namespace ister::core {

/// MPI, Kokkos and FFTW for the life of the program: made first and destroyed last in main, so that Kokkos outlives
/// every array and MPI outlives Kokkos. What the program has initialised itself by then is used, and left to it.
/// AgreedError, with MPI running, where kernels are compiled for GPUs and a rank of the job has none.
class Session {
 public:
  Session(int& argc, char**& argv);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// All ranks of the job.
  [[nodiscard]] Ranks world() const { return Ranks(MPI_COMM_WORLD); }

  /// Kokkos backend, MPI, FFTW versions in one line each.
  static std::string versions();

 private:
  bool m_began_mpi, m_began_kokkos;
};

}  // namespace ister::core
