#include "core/spectral/device_slab_transform.hpp"
#ifdef KOKKOS_ENABLE_CUDA
#if defined(OPEN_MPI)
#include <mpi-ext.h>
#endif

#include <cstdlib>
#include <limits>
#include <string>

#include "core/base/error.hpp"

namespace ister::core {
namespace {

bool mpi_reads_gpu_memory() {
  if (const char* said = std::getenv("ISTER_GPU_AWARE_MPI")) return std::string(said) == "1";
#if defined(MPIX_CUDA_AWARE_SUPPORT)
  return MPIX_Query_cuda_support() == 1;
#else
  return false;
#endif
}

}  // namespace

void SlabTransform::Parts::add(std::int64_t doubles) {
  const std::int64_t begin = total();
  ISTER_REQUIRE(begin + doubles <= std::numeric_limits<int>::max());
  offset.push_back(static_cast<int>(begin));
  count.push_back(static_cast<int>(doubles));
}

std::int64_t SlabTransform::Parts::total() const {
  return count.empty() ? 0 : static_cast<std::int64_t>(offset.back()) + count.back();
}

SlabTransform::SlabTransform(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool, int /*components*/,
                             Profiler* profiler)
    : m_comm(comm),
      m_decomposition(decomposition),
      m_block(slab_lines(BlockLayout(decomposition))),
      m_symbol(pool, decomposition.grid().points[decomposition.slab_direction()]),
      m_profiler(profiler) {
  const int points = decomposition.grid().points[decomposition.slab_direction()];
  if (packs()) {
    make_messages(pool);
    m_columns = DeviceColumns(pool, points, dealt_lines(m_block, decomposition.ranks(), decomposition.rank()).size());
  } else {
    m_columns = DeviceColumns(pool, points, m_block.point_stride);
  }
}

void SlabTransform::make_messages(ArrayPool& pool) {
  const int ranks = m_decomposition.ranks(), slab_direction = m_decomposition.slab_direction();
  const std::int64_t my_lines = dealt_lines(m_block, ranks, m_decomposition.rank()).size();
  for (int rank = 0; rank < ranks; ++rank) {
    m_here.parts.add(dealt_lines(m_block, ranks, rank).size() * m_block.points);
    m_mine.parts.add(my_lines * m_decomposition.box(rank).count[slab_direction]);
  }
  for (Messages* messages : {&m_here, &m_mine}) {
    messages->memory = pool.acquire(messages->parts.total());
    if (ranks > 1 && !mpi_reads_gpu_memory() && !pool.counts())
      messages->host = HostMessage("messages", static_cast<std::size_t>(messages->memory.size()));
  }
}

void SlabTransform::apply(const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components,
                          FieldBundle& out) {
  const Profiler::Region region(m_profiler, "slab direction");
  m_applied += static_cast<std::int64_t>(components.size());
  m_symbol.load(symbol);
  const int ranks = m_decomposition.ranks();
  int slot = 0;
  for (const int c : components) {
    const double* source = in.component(c);
    double* target = out.component(slot++);
    if (!packs()) {
      m_columns.apply(m_symbol, source, target);
      continue;
    }
    pack_lines(m_block, ranks, source, m_here.memory.data());
    if (ranks > 1) exchange(m_here, m_mine);
    // The pieces that arrive, rank by rank, are consecutive points of the lines.
    double* lines = ranks > 1 ? m_mine.memory.data() : m_here.memory.data();
    m_columns.apply(m_symbol, lines, lines);
    if (ranks > 1) exchange(m_mine, m_here);
    unpack_lines(m_block, ranks, m_here.memory.data(), target);
    const int me = m_decomposition.rank();
    m_bytes_sent += static_cast<std::int64_t>(sizeof(double)) *
                    (m_here.parts.total() - m_here.parts.count[me] + m_mine.parts.total() - m_mine.parts.count[me]);
  }
  Execution().fence();  // the region shall contain what it has started
}

void SlabTransform::exchange(const Messages& from, const Messages& to) const {
  const bool staged = from.host.extent(0) + to.host.extent(0) > 0;
  if (staged) Kokkos::deep_copy(from.host, from.memory.view());
  Execution().fence();  // MPI knows nothing of kernels under way
  MPI_Alltoallv(staged ? from.host.data() : from.memory.data(), from.parts.count.data(), from.parts.offset.data(),
                MPI_DOUBLE, staged ? to.host.data() : to.memory.data(), to.parts.count.data(), to.parts.offset.data(),
                MPI_DOUBLE, m_comm);
  if (staged) Kokkos::deep_copy(to.memory.view(), to.host);
}

}  // namespace ister::core
#endif
