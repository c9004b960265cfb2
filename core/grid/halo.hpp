#pragma once
#include <mpi.h>

#include <array>
#include <vector>

#include "core/grid/field_bundle.hpp"
#include "core/grid/halo_plan.hpp"

namespace ister::core {

/// Brings to each rank the values of a box of its choice: its block with layers of neighbours around it (`surrounded`),
/// or only those beyond one face. What it delivers is a bundle of `layout()`, the wanted box, in which no index needs
/// wrapping: layout().at(x, y, z) takes global indices, negative ones as well. Receivers own their bundles, so that
/// some may keep the last ones:
///
///     Halo halo(comm, decomposition, pool, surrounded(decomposition.grid(), 3), {0, 1, 2, 3});
///     FieldBundle now(pool, halo.layout(), halo.components());
///     halo.fetch(state, now);
///
/// Costs one message to and from each rank that owns a part of the wanted box, and a copy of what is wanted of the own
/// block. Buffers of what is sent and received come from the pool; a call allocates nothing, and between calls nothing
/// happens. On a GPU messages go by way of the host.
class Halo {
 public:
  /// `wanted`: the same function on all ranks. `components`: which ones of a bundle to bring.
  Halo(MPI_Comm comm, const Decomposition& decomposition, ArrayPool& pool, const WantedBox& wanted,
       const std::vector<int>& components);

  /// Of what is delivered; empty on a rank without points.
  [[nodiscard]] const BlockLayout& layout() const { return m_layout; }
  [[nodiscard]] int components() const { return m_components; }

  /// Component i of `to`, a bundle of layout(), becomes component components[i] of `from`, a bundle of the blocks of
  /// the decomposition. Collective.
  void fetch(const FieldBundle& from, FieldBundle& to) { fetch(from, to, m_layout.box()); }
  /// The same, but of this rank's own block no more than what lies in `within`, a box in the indices of layout():
  /// neighbours cost little, all of a block for a part of it does.
  void fetch(const FieldBundle& from, FieldBundle& to, const Box& within);
  /// The same components of `wide`, a bundle of layout() that holds this rank's block already, in the layers around
  /// that block: for a halo whose box contains it. Collective.
  void surround(FieldBundle& wide);

 private:
  /// What goes to or comes from one rank, its parts one after another as (component, z, y, x).
  struct Message {
    int rank;
    std::vector<Overlap> parts;
    Range place;  ///< in the buffer, in doubles
  };

  /// Where this rank's block and its components are.
  struct Source {
    const double* data;
    BlockLayout layout;
    std::array<std::int64_t, 3> shift;  ///< of the first point of the block
  };

  void add(std::vector<Message>& messages, int rank, std::vector<Overlap> parts) const;
  void post_receives();
  void send(const Source& from);
  void copy_own(const Source& from, const Overlap& part, double* to, const int* components) const;
  void finish(double* to, const int* components);

  MPI_Comm m_comm;
  BlockLayout m_layout;
  std::array<std::int64_t, 3> m_shift;  ///< of the own block in the wanted box
  int m_components;
  Kokkos::View<int*, Memory> m_chosen;  ///< the components, where kernels run
  std::vector<Overlap> m_own;           ///< what is wanted of this rank's own block
  std::vector<Message> m_sends, m_receives;
  ArrayPool::Lease m_send, m_receive;
  HostArray m_host_send, m_host_receive;  ///< the same memory where kernels run on the host
  std::vector<MPI_Request> m_requests;
};

}  // namespace ister::core
