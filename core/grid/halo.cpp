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
  const int* from_components;  ///< null: 0, 1, 2 ...
  const int* to_components;
  std::int64_t columns, rows, planes, run;

  KOKKOS_INLINE_FUNCTION void operator()(std::int64_t i) const {
    const std::int64_t x = i * run % columns, row = i * run / columns;
    const std::int64_t y = row % rows, z = row / rows % planes, c = row / rows / planes;
    const std::int64_t c_from = from_components == nullptr ? c : from_components[c];
    const std::int64_t c_to = to_components == nullptr ? c : to_components[c];
    const double* in = from + c_from * source.component + z * source.plane + y * source.row + source.first + x;
    double* out = to + c_to * target.component + z * target.plane + y * target.row + target.first + x;
    for (std::int64_t k = 0; k < run; ++k) out[k] = in[k];
  }
};

void copy_box(const double* from, const Placement& source, double* to, const Placement& target,
              const int* from_components, const int* to_components, int count, const Overlap& part) {
  static const std::string label = "halo";
  const std::int64_t run = on_host ? part.count[0] : 1;
  Kokkos::parallel_for(label, Kokkos::RangePolicy<Execution>(execution(), 0, part.points() / run * count),
                       CopyBox{from, to, source, target, from_components, to_components, part.count[0], part.count[1],
                               part.count[2], run});
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

std::array<std::int64_t, 3> sum(const std::array<std::int64_t, 3>& a, const std::array<std::int64_t, 3>& b) {
  return {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
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
      m_shift{},
      m_components(static_cast<int>(components.size())),
      m_chosen("components of a halo", components.size()) {
  const Grid& grid = decomposition.grid();
  const Box mine = decomposition.box(), seen = wanted_box(wanted, mine);
  for (int d = grid.dimensions; d < 3; ++d) ISTER_REQUIRE(seen.offset[d] == 0 && seen.count[d] == 1);
  for (int d = 0; d < 3; ++d) m_shift[d] = mine.offset[d] - seen.offset[d];
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

void Halo::post_receives() {
  auto request = m_requests.begin();
  for (const Message& m : m_receives)
    MPI_Irecv(m_host_receive.data() + m.place.begin, size_of(m), MPI_DOUBLE, m.rank, 0, m_comm, &*request++);
}

void Halo::send(const Source& from) {
  for_each_part(m_sends, m_components, [&](const Overlap& part, std::int64_t place) {
    copy_box(from.data, Placement::in_block(from.layout, sum(part.in_owned, from.shift)), m_send.data(),
             Placement::packed(part, place), m_chosen.data(), nullptr, m_components, part);
  });
  copy(m_host_send, m_send.view());
  auto request = m_requests.begin() + static_cast<std::ptrdiff_t>(m_receives.size());
  for (const Message& m : m_sends)
    MPI_Isend(m_host_send.data() + m.place.begin, size_of(m), MPI_DOUBLE, m.rank, 0, m_comm, &*request++);
}

void Halo::copy_own(const Source& from, const Overlap& part, double* to, const int* components) const {
  copy_box(from.data, Placement::in_block(from.layout, sum(part.in_owned, from.shift)), to,
           Placement::in_block(m_layout, part.in_wanted), m_chosen.data(), components, m_components, part);
}

void Halo::finish(double* to, const int* components) {
  MPI_Waitall(static_cast<int>(m_requests.size()), m_requests.data(), MPI_STATUSES_IGNORE);
  copy(m_receive.view(), m_host_receive);
  for_each_part(m_receives, m_components, [&](const Overlap& part, std::int64_t place) {
    copy_box(m_receive.data(), Placement::packed(part, place), to, Placement::in_block(m_layout, part.in_wanted),
             nullptr, components, m_components, part);
  });
}

void Halo::fetch(const FieldBundle& from, FieldBundle& to, const Box& within) {
  const Source source{from.data(), from.layout(), {}};
  post_receives();
  send(source);
  for (const Overlap& whole : m_own) {
    const Overlap part = clipped(whole, m_layout.first, within);
    if (part.points() > 0) copy_own(source, part, to.data(), nullptr);
  }
  finish(to.data(), nullptr);
}

void Halo::surround(FieldBundle& wide) {
  const Source source{wide.data(), m_layout, m_shift};
  post_receives();
  send(source);
  for (const Overlap& part : m_own)
    if (part.in_wanted != sum(part.in_owned, m_shift)) copy_own(source, part, wide.data(), m_chosen.data());
  finish(wide.data(), m_chosen.data());
}

}  // namespace ister::core
