#include "core/cut_transform.hpp"
#ifndef KOKKOS_ENABLE_CUDA
#include <algorithm>
#include <limits>

#include "core/error.hpp"
#include "core/stream.hpp"

namespace ister::core {
namespace {

int checked_int(std::int64_t value) {
  ISTER_REQUIRE(value <= std::numeric_limits<int>::max());
  return static_cast<int>(value);
}

int even(std::int64_t columns) { return static_cast<int>(columns + columns % 2); }

/// How many components to send at once so that messages reach the size that networks like.
int group_size(const Decomposition& decomposition, int components) {
  if (decomposition.grid().dimensions < 3) return components;
  constexpr double message_bytes = 64.0 * 1024.0;
  const double ranks = decomposition.ranks();
  const double bytes = 8.0 * static_cast<double>(decomposition.grid().total_points()) / (ranks * ranks);
  return std::clamp(static_cast<int>(message_bytes / bytes + 1.0), 1, components);
}

template <class Body>
void parallel_tiles(std::int64_t count, const Body& body) {
  static const std::string label = "tiles";
  Kokkos::parallel_for(label, Kokkos::RangePolicy<Kokkos::DefaultHostExecutionSpace>(0, count), body);
}

}  // namespace

CutTransform::CutTransform(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool, int components,
                           Profiler* profiler)
    : m_comm(comm),
      m_decomposition(decomposition),
      m_layout(decomposition),
      m_points(decomposition.grid().points[decomposition.cut_direction()]),
      m_group(group_size(decomposition, components)),
      m_tile_size(padded(static_cast<std::int64_t>(m_points) * tile_width)),
      m_streams(beyond_caches(components * m_layout.component)),
      m_profiler(profiler) {
  m_work = pool.acquire(2 * m_tile_size * thread_count());
  if (needs_exchange()) {
    const Schedule schedule = make_schedule(m_group);
    m_send = pool.acquire(schedule.send_offset.back());
    m_receive = pool.acquire(schedule.receive_offset.back());
  }
  // The plans of a lone rank read whole components; planning overwrites what it reads: let it be a scratch array.
  const ArrayPool::Lease scratch = needs_exchange() ? ArrayPool::Lease() : pool.acquire(m_layout.component);
  plan_alike(comm, [&] {
    m_transforms.clear();
    for (const Tile& tile : make_schedule(1).tiles)
      if (m_transforms.count(tile.width) == 0) {
        double *work = work_of_thread(0), *lines = work + m_tile_size;
        double* in = needs_exchange() ? lines : scratch.data();
        const std::ptrdiff_t stride = needs_exchange() ? tile.width : m_layout.cut_stride();
        m_transforms.emplace(tile.width, ColumnTransform(m_points, tile.width, stride, tile.width, in, lines, work));
      }
  });
}

void CutTransform::store_row(const double* values, std::int64_t count, double* target) const {
  if (m_streams)
    stream_copy(values, count, target);
  else
    std::copy_n(values, count, target);
}

CutTransform::Schedule CutTransform::make_schedule(int count) const {
  Schedule s;
  const bool line = m_layout.dimensions == 1;
  const std::int64_t columns = line ? 1 : m_layout.columns, rows = line ? 1 : m_layout.rows;
  std::int64_t position = 0;
  for (int slot = 0; slot < count; ++slot)
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t x = 0; x < columns; x += tile_width) {
        const auto n = static_cast<int>(std::min<std::int64_t>(tile_width, columns - x));
        s.tiles.push_back({slot, r * m_layout.pitch + x, n, even(n), position});
        position += even(n);
      }
  const int ranks = m_decomposition.ranks();
  std::int64_t sent = 0, received = 0;
  const auto tiles = static_cast<std::int64_t>(s.tiles.size());
  const auto position_of = [&](std::int64_t tile) { return tile < tiles ? s.tiles[tile].position : position; };
  const Range mine = split_range(tiles, ranks, m_decomposition.rank());
  const std::int64_t my_width = position_of(mine.end) - position_of(mine.begin);
  const int cut = m_decomposition.cut_direction();
  for (int rank = 0; rank < ranks; ++rank) {
    const Range theirs = split_range(tiles, ranks, rank);
    s.tiles_of_rank.push_back(theirs);
    s.send_offset.push_back(checked_int(sent));
    s.receive_offset.push_back(checked_int(received));
    s.send_count.push_back(checked_int((position_of(theirs.end) - position_of(theirs.begin)) * m_layout.cut_count()));
    s.receive_count.push_back(checked_int(my_width * m_decomposition.box(rank).count[cut]));
    sent += s.send_count.back();
    received += s.receive_count.back();
  }
  s.send_offset.push_back(checked_int(sent));
  s.receive_offset.push_back(checked_int(received));
  return s;
}

void CutTransform::apply(const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components,
                         const FieldBundle& out) {
  const Profiler::Region region(m_profiler, "cut direction");
  m_applied += static_cast<std::int64_t>(components.size());
  if (!needs_exchange()) return transform_here(symbol, in, components, out);
  const int total = static_cast<int>(components.size());
  for (int first = 0; first < total; first += m_group)
    exchange_group(symbol, in, components.data() + first, std::min(m_group, total - first), out, first);
}

void CutTransform::transform_here(const LineSymbol& symbol, const FieldBundle& in, const std::vector<int>& components,
                                  const FieldBundle& out) const {
  const std::int64_t blocks = (m_layout.columns + tile_width - 1) / tile_width;
  const std::int64_t per_component = blocks * m_layout.rows;
  parallel_tiles(per_component * static_cast<std::int64_t>(components.size()), [&](std::int64_t i) {
    const ThreadToken token;
    const std::int64_t slot = i / per_component, row = i % per_component / blocks, x = i % blocks * tile_width;
    const int width = even(std::min<std::int64_t>(tile_width, m_layout.columns - x));
    const std::int64_t offset = row * m_layout.pitch + x;
    double *work = work_of_thread(token.value()), *lines = work + m_tile_size;
    m_transforms.at(width).apply(symbol, in.component(components[slot]) + offset, lines, work);
    double* target = out.component(static_cast<int>(slot)) + offset;
    for (int k = 0; k < m_points; ++k) store_row(lines + k * width, width, target + k * m_layout.cut_stride());
  });
}

void CutTransform::exchange_group(const LineSymbol& symbol, const FieldBundle& in, const int* components, int count,
                                  const FieldBundle& out, int first_out) {
  auto found = m_schedules.find(count);
  if (found == m_schedules.end()) found = m_schedules.emplace(count, make_schedule(count)).first;
  const Schedule& s = found->second;
  const std::int64_t cut_count = m_layout.cut_count(), cut_stride = m_layout.cut_stride();
  double *send = m_send.data(), *receive = m_receive.data();

  // Tiles lie in the send buffer in order, each as cut_count rows of `width`: the buffer position of a tile is the
  // same whichever rank it goes to.
  parallel_tiles(static_cast<std::int64_t>(s.tiles.size()), [&](std::int64_t t) {
    const Tile& tile = s.tiles[t];
    const double* source = in.component(components[tile.slot]) + tile.offset;
    double* packed = send + tile.position * cut_count;
    for (std::int64_t k = 0; k < cut_count; ++k, source += cut_stride, packed += tile.width) {
      prefetch(source + tile_width, tile_width);
      packed[tile.width - 1] = 0.0;
      std::copy_n(source, tile.columns, packed);
    }
  });
  MPI_Alltoallv(send, s.send_count.data(), s.send_offset.data(), MPI_DOUBLE, receive, s.receive_count.data(),
                s.receive_offset.data(), MPI_DOUBLE, m_comm);
  transform_tiles(symbol, s);
  MPI_Alltoallv(receive, s.receive_count.data(), s.receive_offset.data(), MPI_DOUBLE, send, s.send_count.data(),
                s.send_offset.data(), MPI_DOUBLE, m_comm);
  parallel_tiles(static_cast<std::int64_t>(s.tiles.size()), [&](std::int64_t t) {
    const Tile& tile = s.tiles[t];
    double* target = out.component(first_out + tile.slot) + tile.offset;
    const double* packed = send + tile.position * cut_count;
    for (std::int64_t k = 0; k < cut_count; ++k, target += cut_stride, packed += tile.width)
      store_row(packed, tile.columns, target);
  });

  const int me = m_decomposition.rank();
  m_bytes_sent += static_cast<std::int64_t>(sizeof(double)) *
                  (s.send_offset.back() - s.send_count[me] + s.receive_offset.back() - s.receive_count[me]);
}

void CutTransform::transform_tiles(const LineSymbol& symbol, const Schedule& s) const {
  const Range mine = s.tiles_of_rank[m_decomposition.rank()];
  const int cut = m_decomposition.cut_direction(), ranks = m_decomposition.ranks();
  double* received = m_receive.data();
  parallel_tiles(mine.size(), [&](std::int64_t i) {
    const ThreadToken token;
    const Tile& tile = s.tiles[mine.begin + i];
    const std::int64_t before = tile.position - s.tiles[mine.begin].position;
    double *work = work_of_thread(token.value()), *lines = work + m_tile_size;
    // Each rank's rows of this tile are one contiguous piece of what it sent.
    const auto for_each_piece = [&](const auto& copy) {
      double* row = lines;
      for (int rank = 0; rank < ranks; ++rank) {
        const std::int64_t rows = m_decomposition.box(rank).count[cut];
        copy(received + s.receive_offset[rank] + before * rows, row, rows * tile.width);
        row += rows * tile.width;
      }
    };
    for_each_piece([](const double* piece, double* row, std::int64_t n) { std::copy_n(piece, n, row); });
    m_transforms.at(tile.width).apply(symbol, lines, lines, work);
    for_each_piece([](double* piece, const double* row, std::int64_t n) { std::copy_n(row, n, piece); });
  });
}

}  // namespace ister::core
#endif
