#include "core/parallel/session.hpp"

#include <fftw3-mpi.h>

#include <cstdlib>

#include "core/base/error.hpp"
#include "core/parallel/execution.hpp"

namespace ister::core {

namespace {

/// Whether that was left to us.
bool begin_mpi(int& argc, char**& argv) {
  int running = 0, provided = 0;
  MPI_Initialized(&running);
  if (running == 0) MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
  return running == 0;
}

/// Whether kernels would find the GPU that they are compiled for, if they are for one.
bool has_gpu() {
  [[maybe_unused]] int count = 0;
#if defined(KOKKOS_ENABLE_CUDA)
  return cudaGetDeviceCount(&count) == cudaSuccess && count > 0;
#elif defined(KOKKOS_ENABLE_HIP)
  return hipGetDeviceCount(&count) == hipSuccess && count > 0;
#else
  return true;
#endif
}

/// Kokkos would abort each rank that has none.
void require_gpus() {
  if constexpr (on_host) return;
  int missing = has_gpu() ? 0 : 1, ranks = 0;
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  MPI_Allreduce(MPI_IN_PLACE, &missing, 1, MPI_INT, MPI_SUM, MPI_COMM_WORLD);
  if (missing > 0)
    throw AgreedError("this build is for GPUs (" + std::string(Execution::name()) + "), and " +
                      std::to_string(missing) + " of " + std::to_string(ranks) + " ranks find none or no driver of it");
}

bool begin_kokkos() {
  const bool running = Kokkos::is_initialized();
  setenv("KOKKOS_DISABLE_WARNINGS", "1", 0);  // placement is up to whoever starts the ranks
  if (!running) {
    require_gpus();
    Kokkos::initialize();  // without the arguments: --help is ours
  }
  return !running;
}

}  // namespace

Session::Session(int& argc, char**& argv) : m_began_mpi(begin_mpi(argc, argv)), m_began_kokkos(begin_kokkos()) {
  fftw_init_threads();
  fftw_mpi_init();
  fftw_plan_with_nthreads(thread_count());
}

Session::~Session() {
  fftw_mpi_cleanup();
  if (m_began_kokkos) Kokkos::finalize();
  if (m_began_mpi) MPI_Finalize();
}

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
