#pragma once
#include "core/execution.hpp"
#ifdef KOKKOS_ENABLE_CUDA
#include "core/device_cut_transform.hpp"
#else
#include <mpi.h>

#include <map>
#include <vector>

#include "core/field_bundle.hpp"
#include "core/line_transform.hpp"
#include "core/profiler.hpp"

namespace ister::core {

/// Applies a line operator along the direction that is cut among the ranks. Lines are grouped into tiles of up to
/// `tile_width` columns; the tiles of a group of components are dealt to the ranks, each rank completes its tiles
/// by one Alltoallv, transforms them in cache and sends them back. On one rank nothing is copied or sent.
class CutTransform {
 public:
  static constexpr int tile_width = 16;  ///< input, output and work of 64 to 128 points stay in the first-level cache

  /// `components`: the most that one call will ask for. Collective: the ranks make their plans together.
  CutTransform(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool, int components,
               Profiler* profiler = nullptr);

  /// Component i of `out` becomes the operator on component components[i] of `in`. Collective.
  void apply(const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components,
             const FieldBundle& out);

  [[nodiscard]] TransformStatistics statistics() const {
    return {2 * static_cast<std::int64_t>(m_transforms.size()), m_applied, m_bytes_sent};
  }

 private:
  /// A few neighbouring columns of one component.
  struct Tile {
    int slot;               ///< which component of the group
    std::int64_t offset;    ///< of the first value from the start of the component
    int columns;            ///< that exist
    int width;              ///< the same made even
    std::int64_t position;  ///< width of the tiles before it
  };
  /// Who transforms what of a group of components: tiles are dealt in order, so a rank's tiles are consecutive.
  struct Schedule {
    std::vector<Tile> tiles;
    std::vector<Range> tiles_of_rank;
    std::vector<int> send_count, send_offset, receive_count, receive_offset;  ///< doubles
  };

  Schedule make_schedule(int count) const;
  void make_plans();
  void transform_here(const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components,
                      const FieldBundle& out) const;
  void exchange_group(const LineSymbol& symbol, const FieldBundle& in, const int* components, int count,
                      const FieldBundle& out, int first_out);
  void transform_tiles(const LineSymbol& symbol, const Schedule& schedule) const;
  void store_row(const double* values, std::int64_t count, double* target) const;
  [[nodiscard]] bool needs_exchange() const { return m_decomposition.ranks() > 1 || m_layout.dimensions == 1; }
  /// Two tiles for each thread: work of the transform, and the lines themselves.
  [[nodiscard]] double* work_of_thread(int thread) const { return m_work.data() + 2 * thread * m_tile_size; }

  MPI_Comm m_comm;
  Decomposition m_decomposition;
  BlockLayout m_layout;
  int m_points;                                 ///< of a whole line
  int m_group;                                  ///< components that travel in one exchange
  std::map<int, Schedule> m_schedules;          ///< by number of components
  std::map<int, ColumnTransform> m_transforms;  ///< by width of a tile
  ArrayPool::Lease m_send, m_receive, m_work;
  std::int64_t m_tile_size;
  bool m_streams;  ///< results are written past the caches
  Profiler* m_profiler;
  std::int64_t m_applied = 0, m_bytes_sent = 0;
};

}  // namespace ister::core
#endif
