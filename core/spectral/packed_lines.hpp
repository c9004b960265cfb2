#pragma once
#include "core/spectral/field_transform.hpp"
#include "core/spectral/line_block.hpp"
#include "core/spectral/slab_exchange.hpp"

namespace ister::core {

/// Applies a line operator to all lines of a component along one direction, for StoredSweep: packs them side by side,
/// completes those that are cut among ranks by a SlabExchange, transforms them, and sends and puts them back. A
/// component at a time: the blocks of GPUs are so large that this makes messages of the size networks like. Lines that
/// lie side by side already, as those along the slab direction of a lone rank, are neither packed nor sent.
class PackedLines {
 public:
  PackedLines() = default;
  /// Lines of a block, and which points of them each rank has: block.points of them this one. Collective.
  PackedLines(MPI_Comm comm, ArrayPool& pool, const LineBlock& block, const LineShares& shares);

  /// Components of the block's layout; out may be in. Collective.
  void apply(const LineSymbol& symbol, const double* in, double* out);

  [[nodiscard]] int plans() const { return m_columns->plans(); }
  [[nodiscard]] std::int64_t bytes_sent() const { return m_exchange.bytes_sent(); }

 private:
  [[nodiscard]] std::int64_t lines_of(int rank) const { return dealt_lines(m_block, m_ranks, rank).size(); }
  /// Copies what a rank deals to itself between the buffers of the exchange.
  void copy_own(const double* from, double* to) const;

  LineBlock m_block;
  int m_rank = 0, m_ranks = 1;
  bool m_packs = false;
  SlabExchange m_exchange;
  std::unique_ptr<LineOperator> m_columns;
};

}  // namespace ister::core
