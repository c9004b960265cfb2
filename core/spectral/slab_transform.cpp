#include "core/spectral/slab_transform.hpp"

#include <algorithm>
#include <cmath>

#include "core/parallel/stream.hpp"

namespace ister::core {
namespace {

int even(std::int64_t columns) { return static_cast<int>(columns + columns % 2); }

/// How many tiles to exchange at once: 256 kB to each rank.
std::int64_t chunk_size(int points, int ranks, std::int64_t tiles) {
  constexpr double message_bytes = 256.0 * 1024.0;
  const double tile_bytes = 8.0 * SlabTransform::tile_width * points;
  const double wanted = message_bytes * ranks / tile_bytes;  // for each rank to transform
  return std::min<std::int64_t>(tiles, ranks * static_cast<std::int64_t>(std::ceil(wanted)));
}

template <class Body>
void parallel_tiles(std::int64_t count, const Body& body) {
  static const std::string label = "tiles";
  Kokkos::parallel_for(label, Kokkos::RangePolicy<HostExecution>(host_execution(), 0, count), body);
}

}  // namespace

SlabTransform::SlabTransform(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool, int components,
                             Profiler* profiler)
    : m_decomposition(decomposition),
      m_layout(decomposition),
      m_points(decomposition.grid().points[decomposition.slab_direction()]),
      m_tiles_per_row(m_layout.dimensions == 1 ? 1 : (m_layout.columns + tile_width - 1) / tile_width),
      m_tiles_per_component(m_tiles_per_row * m_layout.rows),
      m_chunk(chunk_size(m_points, decomposition.ranks(), components * m_tiles_per_component)),
      m_tile_size(padded(static_cast<std::int64_t>(transform_length(m_points)) * tile_width)),
      m_streams(beyond_caches(components * m_layout.component)),
      m_profiler(profiler) {
  m_work = pool.acquire(2 * m_tile_size * thread_count());
  if (needs_exchange()) {
    m_deal.tiles.resize(static_cast<std::size_t>(decomposition.ranks()));
    m_exchange = SlabExchange(comm, pool, slab_shares(decomposition), m_chunk * tile_width * m_layout.slab_layers(),
                              (m_chunk / decomposition.ranks() + 1) * tile_width * m_points);
  }
  // The plans of a lone rank read whole components; planning overwrites what it reads: let it be a scratch array.
  const ArrayPool::Lease scratch = needs_exchange() ? ArrayPool::Lease() : pool.acquire(m_layout.component);
  if (pool.counts()) return;
  plan_alike(comm, [&] {
    m_transforms.clear();
    for (std::int64_t t = 0; t < m_tiles_per_row; ++t) {
      const int width = tile(t).width;
      if (m_transforms.count(width) > 0) continue;
      double *work = work_of_thread(0), *lines = work + m_tile_size;
      double* in = needs_exchange() ? lines : scratch.data();
      const std::ptrdiff_t stride = needs_exchange() ? width : m_layout.slab_stride();
      m_transforms.emplace(width, ColumnTransform(m_points, width, stride, width, in, lines, work));
    }
  });
}

void SlabTransform::store_row(const double* values, std::int64_t count, double* target) const {
  if (m_streams)
    stream_copy(values, count, target);
  else
    std::copy_n(values, count, target);
}

SlabTransform::Tile SlabTransform::tile(std::int64_t number) const {
  const std::int64_t in_component = number % m_tiles_per_component;
  const std::int64_t row = in_component / m_tiles_per_row, x = in_component % m_tiles_per_row * tile_width;
  const std::int64_t row_end = m_layout.dimensions == 1 ? 1 : m_layout.columns;
  const auto columns = static_cast<int>(std::min<std::int64_t>(tile_width, row_end - x));
  return {number / m_tiles_per_component, row * m_layout.pitch + x, columns, even(columns)};
}

std::int64_t SlabTransform::position(std::int64_t tile) const {
  const std::int64_t row_width = m_layout.dimensions == 1 ? 2 : even(m_layout.columns);
  return tile / m_tiles_per_row * row_width + tile % m_tiles_per_row * tile_width;
}

void SlabTransform::deal(const Range& chunk) {
  const int ranks = m_decomposition.ranks();
  m_deal.chunk = chunk;
  for (int rank = 0; rank < ranks; ++rank) {
    const Range r = split_range(chunk.size(), ranks, rank);
    m_deal.tiles[rank] = {chunk.begin + r.begin, chunk.begin + r.end};
  }
  m_exchange.deal([&](int rank) { return position(m_deal.tiles[rank].end) - position(m_deal.tiles[rank].begin); });
}

void SlabTransform::apply(const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components,
                          FieldBundle& out) {
  const Profiler::Region region(m_profiler, "slab direction");
  m_applied += static_cast<std::int64_t>(components.size());
  if (!needs_exchange()) return transform_here(symbol, in, components, out);
  const std::int64_t tiles = m_tiles_per_component * static_cast<std::int64_t>(components.size());
  for (std::int64_t first = 0; first < tiles; first += m_chunk) {
    deal({first, std::min(first + m_chunk, tiles)});
    exchange(symbol, in, components, out);
  }
}

void SlabTransform::transform_here(const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components,
                                   FieldBundle& out) const {
  parallel_tiles(m_tiles_per_component * static_cast<std::int64_t>(components.size()), [&](std::int64_t i) {
    const ThreadToken token;
    const Tile t = tile(i);
    double *work = work_of_thread(token.value()), *lines = work + m_tile_size;
    m_transforms.at(t.width).apply(symbol, in.component(components[t.slot]) + t.offset, lines, work);
    double* target = out.component(static_cast<int>(t.slot)) + t.offset;
    for (int k = 0; k < m_points; ++k) store_row(lines + k * t.width, t.width, target + k * m_layout.slab_stride());
  });
}

template <class Body>
void SlabTransform::for_each_sent_tile(const Body& body) const {
  const Range &chunk = m_deal.chunk, &mine = m_deal.tiles[m_decomposition.rank()];
  const std::int64_t slab_layers = m_layout.slab_layers(), start = position(chunk.begin);
  parallel_tiles(chunk.size() - mine.size(), [&](std::int64_t i) {
    std::int64_t t = chunk.begin + i;
    if (t >= mine.begin) t += mine.size();
    body(tile(t), m_exchange.here() + (position(t) - start) * slab_layers);
  });
}

// A tile is sent as slab_layers rows of `width`.
void SlabTransform::exchange(const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components,
                             FieldBundle& out) {
  const std::int64_t slab_layers = m_layout.slab_layers(), slab_stride = m_layout.slab_stride();
  for_each_sent_tile([&](const Tile& tile, double* packed) {
    const double* source = in.component(components[tile.slot]) + tile.offset;
    for (std::int64_t k = 0; k < slab_layers; ++k, source += slab_stride, packed += tile.width) {
      prefetch(source + tile_width, tile_width);
      packed[tile.width - 1] = 0.0;
      std::copy_n(source, tile.columns, packed);
    }
  });
  m_exchange.complete();
  transform_tiles(symbol, in, components, out);
  m_exchange.give_back();
  for_each_sent_tile([&](const Tile& tile, const double* packed) {
    double* target = out.component(static_cast<int>(tile.slot)) + tile.offset;
    for (std::int64_t k = 0; k < slab_layers; ++k, target += slab_stride, packed += tile.width)
      store_row(packed, tile.columns, target);
  });
}

void SlabTransform::transform_tiles(const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components,
                                    FieldBundle& out) const {
  const int slab_direction = m_decomposition.slab_direction(), ranks = m_decomposition.ranks(),
            me = m_decomposition.rank();
  const Range mine = m_deal.tiles[me];
  const std::int64_t slab_layers = m_layout.slab_layers(), slab_stride = m_layout.slab_stride();
  parallel_tiles(mine.size(), [&](std::int64_t i) {
    const ThreadToken token;
    const Tile t = tile(mine.begin + i);
    const std::int64_t before = position(mine.begin + i) - position(mine.begin);
    double *work = work_of_thread(token.value()), *lines = work + m_tile_size;
    // Other ranks' rows of this tile are one contiguous piece of what each sent, this rank's are where they were.
    const auto for_each_piece = [&](const auto& own, const auto& other) {
      double* row = lines;
      for (int rank = 0; rank < ranks; ++rank) {
        const std::int64_t rows = m_decomposition.box(rank).count[slab_direction];
        if (rank == me)
          own(row);
        else
          other(m_exchange.mine(rank) + before * rows, row, rows * t.width);
        row += rows * t.width;
      }
    };
    for_each_piece(
        [&](double* row) {
          const double* source = in.component(components[t.slot]) + t.offset;
          for (std::int64_t k = 0; k < slab_layers; ++k, source += slab_stride, row += t.width) {
            prefetch(source + tile_width, tile_width);
            row[t.width - 1] = 0.0;
            std::copy_n(source, t.columns, row);
          }
        },
        [](const double* piece, double* row, std::int64_t n) { std::copy_n(piece, n, row); });
    m_transforms.at(t.width).apply(symbol, lines, lines, work);
    for_each_piece(
        [&](const double* row) {
          double* target = out.component(static_cast<int>(t.slot)) + t.offset;
          for (std::int64_t k = 0; k < slab_layers; ++k, target += slab_stride, row += t.width)
            store_row(row, t.columns, target);
        },
        [](double* piece, const double* row, std::int64_t n) { std::copy_n(row, n, piece); });
  });
}

}  // namespace ister::core
