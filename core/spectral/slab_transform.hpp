#pragma once
#include <mpi.h>

#include <map>
#include <vector>

#include "core/grid/field_bundle.hpp"
#include "core/parallel/profiler.hpp"
#include "core/spectral/line_transform.hpp"
#include "core/spectral/slab_exchange.hpp"

namespace ister::core {

/// Applies a line operator along the direction that is cut among the ranks, in host memory, for FusedSweep. Lines are
/// grouped into tiles of up to `tile_width` columns, and the tiles of all components into chunks whose messages are
/// long enough for a network and short enough to stay in cache. The tiles of a chunk are dealt to the ranks, each rank
/// completes its tiles by one Alltoallv, transforms them and sends them back. On one rank nothing is copied or sent.
class SlabTransform {
 public:
  static constexpr int tile_width = 16;  ///< input, output and work of 64 to 128 points stay in the first-level cache

  /// `components`: the most that one call will ask for. Collective: the ranks make their plans together.
  SlabTransform(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool, int components,
                Profiler* profiler = nullptr);

  /// Component i of `out` becomes the operator on component components[i] of `in`. Collective.
  void apply(const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components, FieldBundle& out);

  [[nodiscard]] TransformStatistics statistics() const {
    return {2 * static_cast<std::int64_t>(m_transforms.size()), m_applied, m_exchange.bytes_sent()};
  }

 private:
  /// A few neighbouring columns of one component.
  struct Tile {
    std::int64_t slot;    ///< which of the components
    std::int64_t offset;  ///< of the first value from the start of the component
    int columns;          ///< that exist
    int width;            ///< the same made even
  };
  /// Who transforms what of a chunk: tiles are dealt in order, so a rank's tiles are consecutive. What a rank deals to
  /// itself stays in the fields.
  struct Deal {
    Range chunk;
    std::vector<Range> tiles;  ///< of each rank
  };

  [[nodiscard]] Tile tile(std::int64_t number) const;
  /// Widths of all tiles before this one.
  [[nodiscard]] std::int64_t position(std::int64_t tile) const;
  void deal(const Range& chunk);
  void transform_here(const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components,
                      FieldBundle& out) const;
  void exchange(const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components, FieldBundle& out);
  void transform_tiles(const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components,
                       FieldBundle& out) const;
  /// Calls body(tile, its place among what is sent) for the tiles of the chunk that other ranks transform.
  template <class Body>
  void for_each_sent_tile(const Body& body) const;
  void store_row(const double* values, std::int64_t count, double* target) const;
  [[nodiscard]] bool needs_exchange() const { return m_decomposition.ranks() > 1 || m_layout.dimensions == 1; }
  /// Two tiles for each thread: work of the transform, and the lines themselves.
  [[nodiscard]] double* work_of_thread(int thread) const { return m_work.data() + 2 * thread * m_tile_size; }

  Decomposition m_decomposition;
  BlockLayout m_layout;
  int m_points;  ///< of a whole line
  std::int64_t m_tiles_per_row, m_tiles_per_component;
  std::int64_t m_chunk;  ///< tiles in one exchange, at most
  Deal m_deal;
  std::map<int, ColumnTransform> m_transforms;  ///< by width of a tile
  SlabExchange m_exchange;
  ArrayPool::Lease m_work;
  std::int64_t m_tile_size;
  bool m_streams;  ///< results are written past the caches
  Profiler* m_profiler;
  std::int64_t m_applied = 0;
};

}  // namespace ister::core
