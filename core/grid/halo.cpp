#include "core/grid/halo.hpp"

#include <algorithm>
#include <limits>
#include <string>

#include "core/base/error.hpp"

namespace ister::core {
namespace {

/// Where a box of points lies: of component c the point (x, y, z) at c component + x + y row + z plane.
struct Placement {
  std::int64_t component, plane, row, first;

  static Placement in_block(const BlockLayout& layout, const std::array<std::int64_t, 3>& offset) {
    return {layout.component, layout.plane, layout.stride(1),
            offset[0] + offset[1] * layout.stride(1) + offset[2] * layout.plane};
  }
  static Placement packed(const Overlap& part, std::int64_t first) {
    return {part.points(), part.count[0] * part.count[1], part.count[0], first};
  }
};

/// Copies a box of several components. Call i treats `run` points, a whole row on the host.
struct CopyBox {
  const double* from;
  double* to;
  Placement source, target;
  const int* components;  ///< of the source; null where they are those of the target
  std::int64_t columns, rows, planes, run;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    const std::int64_t x = i * run % columns, row = i * run / columns;
    const std::int64_t y = row % rows, z = row / rows % planes, c = row / rows / planes;
    const std::int64_t chosen = components == nullptr ? c : components[c];
    const double* in = from + chosen * source.component + z * source.plane + y * source.row + source.first + x;
    double* out = to + c * target.component + z * target.plane + y * target.row + target.first + x;
    for (std::int64_t k = 0; k < run; ++k) out[k] = in[k];
  }
};

void copy_box(const double* from, const Placement& source, double* to, const Placement& target, const int* components,
              int count, const Overlap& part) {
  static const std::string label = "halo";
  const std::int64_t run = on_host ? part.count[0] : 1;
  Kokkos::parallel_for(label, Kokkos::RangePolicy<Execution>(execution(), 0, part.points() / run * count),
                       CopyBox{from, to, source, target, components, part.count[0], part.count[1], part.count[2], run});
}

/// What of an overlap lies in a box, where the wanted box begins at `first`.
Overlap clipped(Overlap part, const std::int64_t* first, const Box& within) {
  for (int d = 0; d < 3; ++d) {
    const std::int64_t at = first[d] + part.in_wanted[d];
    const std::int64_t before = std::clamp<std::int64_t>(within.offset[d] - at, 0, part.count[d]);
    const std::int64_t end = std::clamp<std::int64_t>(within.offset[d] + within.count[d] - at, before, part.count[d]);
    part.in_owned[d] += before;
    part.in_wanted[d] += before;
    part.count[d] = end - before;
  }
  return part;
}

/// Calls body(part, its place in the buffer) for the parts of messages.
template <class Messages, class Body>
void for_each_part(const Messages& messages, int components, const Body& body) {
  for (const auto& message : messages) {
    std::int64_t place = message.place.begin;
    for (const Overlap& part : message.parts) {
      body(part, place);
      place += part.points() * components;
    }
  }
}

template <class Message>
int size_of(const Message& message) {
  return static_cast<int>(message.place.size());
}

}  // namespace

Halo::Halo(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool, const WantedBox& wanted,
           const std::vector<int>& components)
    : m_comm(comm),
      m_layout(decomposition.grid().dimensions, wanted_box(wanted, decomposition.box())),
      m_components(static_cast<int>(components.size())),
      m_chosen("components of a halo", components.size()) {
  const Grid& grid = decomposition.grid();
  const Box mine = decomposition.box(), seen = wanted_box(wanted, mine);
  for (int d = grid.dimensions; d < 3; ++d) ISTER_REQUIRE(seen.offset[d] == 0 && seen.count[d] == 1);
  for (int rank = 0; rank < decomposition.ranks(); ++rank) {
    const Box theirs = decomposition.box(rank);
    if (rank == decomposition.rank()) {
      m_own = overlaps(grid, mine, seen);
    } else {
      add(m_sends, rank, overlaps(grid, mine, wanted_box(wanted, theirs)));
      add(m_receives, rank, overlaps(grid, theirs, seen));
    }
  }
  m_requests.resize(m_sends.size() + m_receives.size());
  m_send = pool.acquire(m_sends.empty() ? 0 : m_sends.back().place.end);
  m_receive = pool.acquire(m_receives.empty() ? 0 : m_receives.back().place.end);
  const Kokkos::View<const int*, Kokkos::HostSpace> chosen(components.data(), components.size());
  Kokkos::deep_copy(m_chosen, chosen);
  if (pool.counts()) return;
  m_host_send = Kokkos::create_mirror_view(Kokkos::HostSpace(), m_send.view());
  m_host_receive = Kokkos::create_mirror_view(Kokkos::HostSpace(), m_receive.view());
}

void Halo::add(std::vector<Message>& messages, int rank, std::vector<Overlap> parts) const {
  if (parts.empty()) return;
  std::int64_t size = 0;
  for (const Overlap& part : parts) size += part.points() * m_components;
  ISTER_REQUIRE(size <= std::numeric_limits<int>::max());
  const std::int64_t begin = messages.empty() ? 0 : messages.back().place.end;
  messages.push_back({rank, std::move(parts), {begin, begin + size}});
}

void Halo::pack(const FieldBundle& from) const {
  for_each_part(m_sends, m_components, [&](const Overlap& part, std::int64_t place) {
    copy_box(from.data(), Placement::in_block(from.layout(), part.in_owned), m_send.data(),
             Placement::packed(part, place), m_chosen.data(), m_components, part);
  });
  copy(m_host_send, m_send.view());
}

void Halo::unpack(FieldBundle& to) const {
  copy(m_receive.view(), m_host_receive);
  for_each_part(m_receives, m_components, [&](const Overlap& part, std::int64_t place) {
    copy_box(m_receive.data(), Placement::packed(part, place), to.data(), Placement::in_block(m_layout, part.in_wanted),
             nullptr, m_components, part);
  });
}

void Halo::fetch(const FieldBundle& from, FieldBundle& to, const Box& within) {
  auto request = m_requests.begin();
  for (const Message& m : m_receives)
    MPI_Irecv(m_host_receive.data() + m.place.begin, size_of(m), MPI_DOUBLE, m.rank, 0, m_comm, &*request++);
  pack(from);
  for (const Message& m : m_sends)
    MPI_Isend(m_host_send.data() + m.place.begin, size_of(m), MPI_DOUBLE, m.rank, 0, m_comm, &*request++);
  for (const Overlap& whole : m_own) {
    const Overlap part = clipped(whole, m_layout.first, within);
    if (part.points() == 0) continue;
    copy_box(from.data(), Placement::in_block(from.layout(), part.in_owned), to.data(),
             Placement::in_block(m_layout, part.in_wanted), m_chosen.data(), m_components, part);
  }
  MPI_Waitall(static_cast<int>(m_requests.size()), m_requests.data(), MPI_STATUSES_IGNORE);
  unpack(to);
}

}  // namespace ister::core
