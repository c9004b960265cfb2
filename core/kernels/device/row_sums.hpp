#pragma once
#include "core/kernels/device/launch.hpp"

namespace ister::core::device {

template <class Value, class Term>
struct LaneSum {
  Term term;
  std::int64_t points, lanes;
  Value* partial;

  KOKKOS_FUNCTION void operator()(std::int64_t row, std::int64_t lane) const {
    Value sum{};
    for (std::int64_t n = lane; n < points; n += lanes) sum += term(row, n);
    partial[row * lanes + lane] = sum;
  }
};

template <class Value>
struct SumOfLanes {
  const Value* partial;
  std::int64_t lanes;
  Value* sums;

  KOKKOS_FUNCTION void operator()(std::int64_t row) const {
    Value sum{};
    for (std::int64_t lane = 0; lane < lanes; ++lane) sum += partial[row * lanes + lane];
    sums[row] = sum;
  }
};

/// Sums over the points of many rows. Each of the lanes of a row adds up every lanes-th of its points, which keeps a
/// GPU busy with few rows and neighbours in memory together; their number, and so the order of a sum, depends on the
/// room alone.
template <class Value>
class RowSums {
 public:
  /// Room for that many rows.
  explicit RowSums(std::int64_t rows) : m_lanes(lanes_for(rows)), m_partial("row sums", rows * m_lanes) {}

  /// sums[row] = sum_n term(row, n), n = 0 .. points - 1.
  template <class Term>
  void apply(std::int64_t rows, std::int64_t points, const Term& term, Value* sums) const {
    static const std::string lane_label = "lane sums", label = "row sums";
    for_each_entry(lane_label, rows, m_lanes, LaneSum<Value, Term>{term, points, m_lanes, m_partial.data()});
    Kokkos::parallel_for(label, items(rows), SumOfLanes<Value>{m_partial.data(), m_lanes, sums});
  }

 private:
  /// As many as fill a GPU.
  static std::int64_t lanes_for(std::int64_t rows) {
    constexpr std::int64_t most = 128, items = 1 << 17;
    std::int64_t lanes = most;
    while (lanes > 1 && rows * lanes > items) lanes /= 2;
    return lanes;
  }

  std::int64_t m_lanes;
  Values<Value> m_partial;  ///< (row, lane)
};

}  // namespace ister::core::device
