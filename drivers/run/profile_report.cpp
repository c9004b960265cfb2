#include "drivers/run/profile_report.hpp"

#include <nlohmann/json.hpp>

#include "core/parallel/process_memory.hpp"
#include "drivers/build_info.hpp"

namespace ister::drivers {
namespace {

using nlohmann::ordered_json;

ordered_json spread_json(const core::Spread& s) { return {{"min", s.min}, {"mean", s.mean}, {"max", s.max}}; }

/// Share of `hits` in `requests`; everything is a hit where nothing was asked for.
double hit_rate(std::int64_t hits, std::int64_t requests) {
  return requests == 0 ? 1.0 : static_cast<double>(hits) / static_cast<double>(requests);
}

ordered_json regions_json(const std::vector<core::RegionSummary>& regions, std::size_t& next, int depth) {
  ordered_json list = ordered_json::array();
  while (next < regions.size() && regions[next].depth == depth) {
    const core::RegionSummary& r = regions[next++];
    ordered_json entry = {{"name", r.name},
                          {"calls", spread_json(r.calls)},
                          {"total_seconds", spread_json(r.total)},
                          {"self_seconds", spread_json(r.self)}};
    const ordered_json children = regions_json(regions, next, depth + 1);
    if (!children.empty()) entry["regions"] = children;
    list.push_back(entry);
  }
  return list;
}

ordered_json verdict_json(const solvers::Verdicts& verdicts) {
  ordered_json grades;
  for (const std::string& name : solvers::Verdicts::names())
    grades[name] = solvers::grade_name(verdicts.grade_of(name));
  return grades;
}

/// What the verdicts are made of.
ordered_json extremes_json(const solvers::Verdicts& verdicts) {
  ordered_json extremes = ordered_json::object();
  for (int i = 0; i < static_cast<int>(solvers::Measured::count); ++i) {
    const auto what = static_cast<solvers::Measured>(i);
    const solvers::Verdicts::Extreme& extreme = verdicts.extreme(what);
    if (extreme.measured) extremes[solvers::criterion(what).name] = {{"value", extreme.value}, {"time", extreme.time}};
  }
  return extremes;
}

}  // namespace

std::string profile_report(const core::Ranks& ranks, const core::Profiler& profiler,
                           const core::ArrayPool::Statistics& pool_before, const core::ArrayPool& pool,
                           const core::TransformStatistics& transforms_before, const solvers::HydroSystem& system,
                           std::int64_t points, std::int64_t first_step, double wall_seconds,
                           std::int64_t expected_bytes, const solvers::Verdicts& verdicts) {
  const MPI_Comm comm = ranks.comm();
  const core::ArrayPool::Statistics& now = pool.statistics();
  const core::TransformStatistics transforms = system.transforms();
  const std::int64_t steps = system.step_count() - first_step;
  const std::int64_t applied = transforms.applied - transforms_before.applied;
  const std::int64_t new_plans = transforms.plans - transforms_before.plans;
  const auto spread = [&](std::int64_t value) {
    return spread_json(core::spread_over_ranks(comm, static_cast<double>(value)));
  };
  ordered_json report;
  report["summary"] = {{"build", version_text()},
                       {"ranks", ranks.count()},
                       {"threads", ranks.threads()},
                       {"points", points},
                       {"steps", steps},
                       {"wall_seconds", wall_seconds},
                       {"point_steps_per_second", static_cast<double>(points * steps) / wall_seconds}};
  const std::vector<core::RegionSummary> regions = core::summarise(comm, profiler);
  std::size_t next = 0;
  report["hierarchy"] = regions_json(regions, next, 0);
  report["memory"] = {
      {"pool_bytes", spread(now.bytes)},
      {"pool_high_water", spread(now.high_water)},
      {"process_expected", spread(expected_bytes)},
      {"process_peak", spread(core::peak_resident_bytes())},
      {"requests", spread(now.requests)},
      {"hit_rate_in_steps", hit_rate(now.reused - pool_before.reused, now.requests - pool_before.requests)}};
  report["fft"] = {{"plans", transforms.plans},
                   {"line_operators_in_steps", spread(applied)},
                   {"plan_hit_rate_in_steps", hit_rate(applied - new_plans, applied)},
                   {"bytes_sent", spread(transforms.bytes_sent)}};
  report["verdict"] = verdict_json(verdicts);
  report["extremes"] = extremes_json(verdicts);
  return report.dump(2) + "\n";
}

}  // namespace ister::drivers
