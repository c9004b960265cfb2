#pragma once
#include <string>

#include "core/grid/array_pool.hpp"
#include "core/parallel/profiler.hpp"
#include "core/parallel/ranks.hpp"
#include "solvers/hydro_system.hpp"
#include "solvers/verdict.hpp"

namespace ister::drivers {

/// What a run needed, as JSON: a summary (wall clock, steps, rates), the hierarchy of regions with self and total time
/// as min/mean/max over the ranks, the array pool, the memory of the processes, expected and at most taken, the
/// transforms, verdicts and what these are made of. `before` are the counts when the steps began:
/// hit rates are those of the steps, warm after the set-up. Collective; the text is complete on every rank.
std::string profile_report(const core::Ranks& ranks, const core::Profiler& profiler,
                           const core::ArrayPool::Statistics& pool_before, const core::ArrayPool& pool,
                           const core::TransformStatistics& transforms_before, const solvers::HydroSystem& system,
                           std::int64_t points, std::int64_t first_step, double wall_seconds,
                           std::int64_t expected_bytes, const solvers::Verdicts& verdicts);

}  // namespace ister::drivers
