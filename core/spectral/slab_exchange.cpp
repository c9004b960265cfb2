#include "core/spectral/slab_exchange.hpp"

#if defined(OPEN_MPI)
#include <mpi-ext.h>
#endif

#include <cstdlib>
#include <numeric>
#include <string>
#include <utility>

namespace ister::core {
namespace {

bool mpi_reads_memory_of_kernels() {
  if (const char* said = std::getenv("ISTER_GPU_AWARE_MPI")) return std::string(said) == "1";
  if (on_host) return true;
#if defined(KOKKOS_ENABLE_CUDA) && defined(MPIX_CUDA_AWARE_SUPPORT)
  return MPIX_Query_cuda_support() == 1;
#else
  return false;
#endif
}

}  // namespace

LineShares slab_shares(const Decomposition& decomposition) {
  LineShares shares;
  shares.rank = decomposition.rank();
  for (int rank = 0; rank < decomposition.ranks(); ++rank)
    shares.points.push_back(decomposition.box(rank).count[decomposition.slab_direction()]);
  return shares;
}

SlabExchange::SlabExchange(MPI_Comm comm, ArrayPool& pool, LineShares shares, std::int64_t here, std::int64_t mine)
    : m_comm(comm), m_rank(shares.rank), m_points(std::move(shares.points)) {
  m_here.memory = pool.acquire(here);
  m_mine.memory = pool.acquire(mine);
  const bool copied = m_points.size() > 1 && !pool.counts() && !mpi_reads_memory_of_kernels();
  for (Messages* messages : {&m_here, &m_mine}) {
    messages->resize(m_points.size());
    if (copied) messages->host = PinnedArray("messages", static_cast<std::size_t>(messages->memory.size()));
  }
}

void SlabExchange::send(const Messages& from, const Messages& to) {
  if (m_points.size() == 1) return;
  const bool copied = from.host.extent(0) > 0;
  if (copied) copy(from.host, from.memory.view());
  wait_for_kernels();  // MPI knows nothing of those under way
  MPI_Alltoallv(copied ? from.host.data() : from.memory.data(), from.count.data(), from.offset.data(), MPI_DOUBLE,
                copied ? to.host.data() : to.memory.data(), to.count.data(), to.offset.data(), MPI_DOUBLE, m_comm);
  if (copied) copy(to.memory.view(), to.host);
  m_bytes_sent += static_cast<std::int64_t>(sizeof(double)) *
                  std::accumulate(from.count.begin(), from.count.end(), std::int64_t{0});
}

}  // namespace ister::core
