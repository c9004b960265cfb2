#pragma once
#include <mpi.h>

#include <limits>
#include <vector>

#include "core/base/error.hpp"
#include "core/grid/array_pool.hpp"
#include "core/grid/decomposition.hpp"

namespace ister::core {

/// How many points of a line each rank owns.
struct LineShares {
  int rank = 0;                      ///< this one
  std::vector<std::int64_t> points;  ///< of each rank
};
/// Of lines along the slab direction.
LineShares slab_shares(const Decomposition& decomposition);

/// The one MPI exchange of derivatives and filters: ranks send each other the points of the lines that they complete,
/// and take them back. Two buffers in the memory of kernels hold them, rank by rank: `here` the points of this rank, in
/// pieces by the rank that gets them; `mine` all points of the lines of this rank, in pieces by the rank that sends
/// them, hence in order. What a rank deals to itself has its place in both but is left to the caller.
///
/// MPI reads the buffers themselves on a host, and on a GPU where it can: as ISTER_GPU_AWARE_MPI=0 or 1 says, else as
/// OpenMPI says of itself. Otherwise messages pass through copies in host memory.
class SlabExchange {
 public:
  SlabExchange() = default;
  /// Buffers for at most so many doubles.
  SlabExchange(MPI_Comm comm, ArrayPool& pool, LineShares shares, std::int64_t here, std::int64_t mine);

  /// From now on rank r completes lines_of(r) lines, in the order of the ranks.
  template <class Lines>
  void deal(const Lines& lines_of);

  /// From `here` of all ranks to `mine`. Collective.
  void complete() { send(m_here, m_mine); }
  /// From `mine` back to `here` of all ranks. Collective.
  void give_back() { send(m_mine, m_here); }

  [[nodiscard]] double* here() const { return m_here.memory.data(); }
  [[nodiscard]] double* mine() const { return m_mine.memory.data(); }
  /// A rank's piece of the same.
  [[nodiscard]] double* here(int rank) const { return here() + m_here.offset[rank]; }
  [[nodiscard]] double* mine(int rank) const { return mine() + m_mine.offset[rank]; }

  [[nodiscard]] std::int64_t bytes_sent() const { return m_bytes_sent; }

 private:
  struct Messages {
    ArrayPool::Lease memory;
    PinnedArray host;  ///< copy, where MPI needs one
    std::vector<int> count, offset;

    void resize(std::size_t ranks) {
      count.resize(ranks);
      offset.resize(ranks);
    }
  };

  [[nodiscard]] static int checked_int(std::int64_t value) {
    ISTER_REQUIRE(value <= std::numeric_limits<int>::max());
    return static_cast<int>(value);
  }
  void send(const Messages& from, const Messages& to);

  MPI_Comm m_comm = MPI_COMM_NULL;
  int m_rank = 0;
  std::vector<std::int64_t> m_points;
  Messages m_here, m_mine;
  std::int64_t m_bytes_sent = 0;
};

template <class Lines>
void SlabExchange::deal(const Lines& lines_of) {
  const std::int64_t my_lines = lines_of(m_rank), my_points = m_points[m_rank];
  std::int64_t here = 0, mine = 0;
  for (int rank = 0; rank < static_cast<int>(m_points.size()); ++rank) {
    const std::int64_t out = lines_of(rank) * my_points, in = my_lines * m_points[rank];
    m_here.offset[rank] = checked_int(here);
    m_mine.offset[rank] = checked_int(mine);
    m_here.count[rank] = rank == m_rank ? 0 : checked_int(out);
    m_mine.count[rank] = rank == m_rank ? 0 : checked_int(in);
    here += out;
    mine += in;
  }
}

}  // namespace ister::core
