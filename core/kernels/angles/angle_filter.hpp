#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "core/grid/decomposition.hpp"
#include "core/kernels/angles/angle_union.hpp"
#include "core/kernels/angles/interval_bins.hpp"
#include "core/kernels/thresholds.hpp"
#include "core/parallel/execution.hpp"

namespace ister::core {

/// How an AngleFilter goes about it; all give the same answer.
enum class AngleEngine {
  automatic,  ///< by the number of angles
  scalar,     ///< one angle after the other
  vector,     ///< many at a time, without branches
  parallel,   ///< the same on all threads
};

/// What a selection that would be empty means.
enum class IfNone { error, all };

struct AngleSelection {
  std::int64_t count = 0;     ///< indices written
  bool none_matched = false;  ///< all were taken because no angle was inside
};

/// Indices of the angles inside any of several ranges (see AngleRange): ascending, each once. Works on host memory
/// (device::AngleFilter on that of Execution); nothing is allocated after set-up.
class AngleFilter {
 public:
  /// InputError where there is no range.
  explicit AngleFilter(std::vector<AngleRange> ranges, AngleEngine engine = AngleEngine::automatic,
                       const Thresholds& thresholds = {});

  /// Writes the indices of those of the `count` angles (degrees) that are inside; `indices` has room for `count`, of
  /// which all may be written to. Returns how many there are.
  std::int64_t apply(const double* angles, std::int64_t count, std::int64_t* indices);

  /// The same for selections that must not be empty: InputError, or all indices if asked.
  AngleSelection select(const double* angles, std::int64_t count, std::int64_t* indices, IfNone if_none);

  [[nodiscard]] bool contains(double angle) const { return all_ranges().contains(angle); }

 private:
  struct Chunks;

  [[nodiscard]] AngleUnion all_ranges() const;
  [[nodiscard]] AngleEngine engine_for(std::int64_t count) const;
  std::int64_t append_one_by_one(const double* angles, Range part, std::int64_t* indices, std::int64_t found) const;
  std::int64_t in_blocks(const double* angles, Range all, std::int64_t* indices) const;
  [[nodiscard]] const IntervalBins* bins_for(const Interval& spread) const;
  std::int64_t on_all_threads(const double* angles, std::int64_t count, std::int64_t* indices);

  std::vector<AngleRange> m_ranges;
  std::vector<Interval> m_intervals;   ///< see AngleUnion
  std::array<IntervalBins, 2> m_bins;  ///< of the usual circles, -180 to 180 and 0 to 360
  AngleEngine m_engine;
  Thresholds m_thresholds;
  std::vector<std::int64_t> m_counts;  ///< found by each part of the parallel algorithm
};

}  // namespace ister::core
