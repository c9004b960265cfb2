#include "core/spectral/packed_lines.hpp"

#include <numeric>

namespace ister::core {

PackedLines::PackedLines(MPI_Comm comm, ArrayPool& pool, const LineBlock& block, const LineShares& shares)
    : m_block(block),
      m_rank(shares.rank),
      m_ranks(static_cast<int>(shares.points.size())),
      m_packs(m_ranks > 1 || !block.side_by_side()) {
  const auto points = static_cast<int>(std::accumulate(shares.points.begin(), shares.points.end(), std::int64_t{0}));
  const std::int64_t mine = m_packs ? lines_of(m_rank) : block.point_stride;
  if (m_packs) {
    m_exchange = SlabExchange(comm, pool, shares, block.points * block.lines(), m_ranks > 1 ? mine * points : 0);
    m_exchange.deal([this](int rank) { return lines_of(rank); });
  }
  m_columns = make_column_operator(comm, pool, points, mine);
}

void PackedLines::apply(const LineSymbol& symbol, const double* in, double* out) {
  if (!m_packs) return m_columns->apply(symbol, in, out);
  pack_lines(m_block, m_ranks, in, m_exchange.here());
  if (m_ranks > 1) {
    m_exchange.complete();
    copy_own(m_exchange.here(m_rank), m_exchange.mine(m_rank));
    m_columns->apply(symbol, m_exchange.mine(), m_exchange.mine());
    m_exchange.give_back();
    copy_own(m_exchange.mine(m_rank), m_exchange.here(m_rank));
  } else {
    m_columns->apply(symbol, m_exchange.here(), m_exchange.here());
  }
  unpack_lines(m_block, m_ranks, m_exchange.here(), out);
}

void PackedLines::copy_own(const double* from, double* to) const {
  const auto size = static_cast<std::size_t>(m_block.points * lines_of(m_rank));
  copy(DeviceArray(to, size), ConstDeviceArray(from, size));
}

}  // namespace ister::core
