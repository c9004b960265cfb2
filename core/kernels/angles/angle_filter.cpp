#include "core/kernels/angles/angle_filter.hpp"

#include <algorithm>
#include <numeric>

#include "core/base/error.hpp"
#include "core/kernels/angles/append_inside.hpp"

namespace ister::core {
namespace {

constexpr std::int64_t block = 512;

bool is_within(const Interval& inner, const Interval& outer) {
  return inner.lower >= outer.lower && inner.upper <= outer.upper;
}

using HostPolicy = Kokkos::RangePolicy<HostExecution>;

}  // namespace

AngleFilter::AngleFilter(std::vector<AngleRange> ranges, AngleEngine engine, const Thresholds& thresholds)
    : m_ranges(std::move(ranges)),
      m_intervals(AngleUnion::intervals_of(m_ranges)),
      m_engine(engine),
      m_thresholds(thresholds),
      m_counts(static_cast<std::size_t>(thread_count())) {
  m_bins[0].build({-180.0, 180.0}, m_intervals);
  m_bins[1].build({0.0, 360.0}, m_intervals);
}

AngleUnion AngleFilter::all_ranges() const {
  return {m_intervals.data(), static_cast<std::int64_t>(m_intervals.size()), m_ranges.data(),
          static_cast<std::int64_t>(m_ranges.size())};
}

AngleEngine AngleFilter::engine_for(std::int64_t count) const {
  if (m_engine != AngleEngine::automatic) return m_engine;
  if (count >= m_thresholds.angles_parallel_from && m_counts.size() > 1) return AngleEngine::parallel;
  return count >= m_thresholds.angles_vector_from ? AngleEngine::vector : AngleEngine::scalar;
}

std::int64_t AngleFilter::apply(const double* angles, std::int64_t count, std::int64_t* indices) {
  switch (engine_for(count)) {
    case AngleEngine::parallel:
      return on_all_threads(angles, count, indices);
    case AngleEngine::vector:
      return in_blocks(angles, {0, count}, indices);
    default:
      return append_one_by_one(angles, {0, count}, indices, 0);
  }
}

AngleSelection AngleFilter::select(const double* angles, std::int64_t count, std::int64_t* indices, IfNone if_none) {
  const std::int64_t found = apply(angles, count, indices);
  if (found > 0) return {found, false};
  if (if_none == IfNone::error) throw InputError("no angle is inside any of the ranges");
  std::iota(indices, indices + count, std::int64_t{0});
  return {count, true};
}

std::int64_t AngleFilter::append_one_by_one(const double* angles, Range part, std::int64_t* indices,
                                            std::int64_t found) const {
  const AngleUnion ranges = all_ranges();
  for (std::int64_t i = part.begin; i < part.end; ++i)
    if (ranges.contains(angles[i])) indices[found++] = i;
  return found;
}

std::int64_t AngleFilter::in_blocks(const double* angles, Range all, std::int64_t* indices) const {
  std::int64_t found = 0;
  const IntervalBins* bins = has_lane_compression ? m_bins.data() : nullptr;
  for (std::int64_t begin = all.begin; begin < all.end; begin += block) {
    const Range part{begin, std::min(begin + block, all.end)};
    if (bins != nullptr && bins->usable()) {
      Range rest = part;
      bool outside = false;
      const std::int64_t next = append_by_bins(angles, rest, *bins, outside, indices, found);
      if (!outside) {
        found = append_one_by_one(angles, rest, indices, next);
        continue;
      }
    }
    const Interval spread = spread_of(angles, part);
    if (has_lane_compression) bins = bins_for(spread);
    if (!is_within(spread, {-AngleUnion::direct_limit, AngleUnion::direct_limit})) {
      found = append_one_by_one(angles, part, indices, found);
      continue;
    }
    // Only the intervals that angles of the block can be in.
    const auto first = std::partition_point(m_intervals.begin(), m_intervals.end(),
                                            [&](const Interval& i) { return i.upper < spread.lower; });
    const auto last =
        std::partition_point(first, m_intervals.end(), [&](const Interval& i) { return i.lower <= spread.upper; });
    found =
        append_inside(angles, part, m_intervals.data() + (first - m_intervals.begin()), last - first, indices, found);
  }
  return found;
}

const IntervalBins* AngleFilter::bins_for(const Interval& spread) const {
  for (const IntervalBins& bins : m_bins)
    if (is_within(spread, bins.domain())) return &bins;
  return nullptr;
}

/// The parts of the parallel algorithm, one for each thread. Each writes from its own first index on.
struct AngleFilter::Chunks {
  AngleFilter* filter;
  const double* angles;
  std::int64_t count;
  std::int64_t* indices;

  [[nodiscard]] Range part(int n) const { return split_range(count, static_cast<int>(filter->m_counts.size()), n); }
  void operator()(int n) const {
    filter->m_counts[static_cast<std::size_t>(n)] = filter->in_blocks(angles, part(n), indices + part(n).begin);
  }
};

std::int64_t AngleFilter::on_all_threads(const double* angles, std::int64_t count, std::int64_t* indices) {
  const int parts = static_cast<int>(m_counts.size());
  const Chunks chunks{this, angles, count, indices};
  Kokkos::parallel_for("angle filter", HostPolicy(host_execution(), 0, parts), chunks);
  std::int64_t found = m_counts[0];
  for (int n = 1; n < parts; ++n) {
    const std::int64_t* from = indices + chunks.part(n).begin;
    std::copy(from, from + m_counts[static_cast<std::size_t>(n)], indices + found);
    found += m_counts[static_cast<std::size_t>(n)];
  }
  return found;
}

}  // namespace ister::core
