#pragma once
#include "core/parallel/execution.hpp"
#ifdef KOKKOS_ENABLE_CUDA
#include <mpi.h>

#include <vector>

#include "core/parallel/profiler.hpp"
#include "core/spectral/device_fft.hpp"
#include "core/spectral/device_lines.hpp"

namespace ister::core {

/// Applies a line operator along the direction that is cut among the ranks, on a GPU. The lines of a component are
/// dealt to the ranks; each rank completes its lines by one Alltoallv, transforms them side by side and sends them
/// back. A component at a time: the blocks of GPUs are so large that this makes messages of the size networks like.
/// Messages lie in GPU memory where MPI can read it: as ISTER_GPU_AWARE_MPI=0 or 1 says, else as OpenMPI says of
/// itself; otherwise they pass through host memory. On one rank nothing is copied or sent, but for 1-D grids.
class SlabTransform {
 public:
  /// Collective. `components` is for exchanges of several components, which there are none of here.
  SlabTransform(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool, int components,
                Profiler* profiler = nullptr);

  /// Component i of `out` becomes the operator on component components[i] of `in`. Collective.
  void apply(const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components, FieldBundle& out);

  [[nodiscard]] TransformStatistics statistics() const { return {1, m_applied, m_bytes_sent}; }

 private:
  using HostMessage = Kokkos::View<double*, Kokkos::CudaHostPinnedSpace>;
  /// Doubles to or from each rank.
  struct Parts {
    std::vector<int> count, offset;
    void add(std::int64_t doubles);
    [[nodiscard]] std::int64_t total() const;
  };
  /// A buffer of messages in GPU memory, with its copy on the host where MPI needs one.
  struct Messages {
    ArrayPool::Lease memory;
    HostMessage host;
    Parts parts;
  };

  void make_messages(ArrayPool& pool);
  void exchange(const Messages& from, const Messages& to) const;
  [[nodiscard]] bool packs() const { return m_decomposition.ranks() > 1 || m_block.rows * m_block.row == 1; }

  MPI_Comm m_comm;
  Decomposition m_decomposition;
  LineBlock m_block;
  DeviceSymbol m_symbol;
  Messages m_here;  ///< all lines, the points on this rank
  Messages m_mine;  ///< all points of the lines dealt to this rank, in order; unused on one rank
  DeviceColumns m_columns;
  Profiler* m_profiler;
  std::int64_t m_applied = 0, m_bytes_sent = 0;
};

}  // namespace ister::core
#endif
