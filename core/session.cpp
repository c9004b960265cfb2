#include "core/session.hpp"

#include <fftw3-mpi.h>

#include <cstdlib>

#include "core/execution.hpp"

namespace ister::core {

Session::Session(int& argc, char**& argv) {
  int provided = 0;
  MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
  MPI_Comm_rank(MPI_COMM_WORLD, &m_rank);
  MPI_Comm_size(MPI_COMM_WORLD, &m_ranks);
  setenv("KOKKOS_DISABLE_WARNINGS", "1", 0);  // placement is up to whoever starts the ranks
  Kokkos::initialize();                       // without the arguments: --help is ours
  fftw_init_threads();
  fftw_mpi_init();
  fftw_plan_with_nthreads(threads());
}

Session::~Session() {
  fftw_mpi_cleanup();
  Kokkos::finalize();
  MPI_Finalize();
}

int Session::threads() const { return thread_count(); }

std::string Session::versions() {
  char mpi[MPI_MAX_LIBRARY_VERSION_STRING];
  int length = 0;
  MPI_Get_library_version(mpi, &length);
  const std::string mpi_line(mpi, static_cast<std::size_t>(length));
  const int v = KOKKOS_VERSION;
  return "Kokkos " + std::to_string(v / 10000) + "." + std::to_string(v / 100 % 100) + "." + std::to_string(v % 100) +
         " (" + Execution::name() + ")\n" + mpi_line.substr(0, mpi_line.find(',')) + "\nFFTW " +
         std::string(fftw_version).substr(5);
}

}  // namespace ister::core
