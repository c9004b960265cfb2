#include <fmt/format.h>
#include <mpi.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <ctime>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/parallel/execution.hpp"
#include "drivers/bench/bench.hpp"
#include "drivers/bench/statistics.hpp"
#include "drivers/build_info.hpp"
#include "drivers/machine/fingerprint.hpp"

namespace ister::drivers {
namespace {

using Json = nlohmann::ordered_json;

std::string date_and_time() {
  const std::time_t now = std::time(nullptr);
  char text[40];
  std::strftime(text, sizeof text, "%FT%T%z", std::localtime(&now));
  return text;
}

std::string host_name() {
  char name[256] = "";
  gethostname(name, sizeof name - 1);
  return name;
}

Json machine_context() {
  const MachineIdentity machine = identify_machine();
  double load[3] = {};
  Json context = {{"date", date_and_time()},
                  {"host_name", host_name()},
                  {"processor", machine.processor},
                  {"num_cpus", machine.logical_processors},
                  {"machine_fingerprint", machine.fingerprint()},
                  {"caches", Json::array()},
                  {"load_avg", Json::array()}};
  for (const auto& cache : machine.caches)
    context["caches"].push_back(
        {{"type", cache.type}, {"level", cache.level}, {"size", cache.bytes}, {"num_sharing", cache.shared_by}});
  for (int i = 0, known = getloadavg(load, 3); i < known; ++i) context["load_avg"].push_back(load[i]);
  return context;
}

std::string bound(std::optional<double> value) { return value ? fmt::format("{:g}", *value) : ""; }

}  // namespace

std::string Target::met_by(double value) const {
  const auto reaches = [&](double limit) { return more_is_better ? value >= limit : value <= limit; };
  if (stretch && reaches(*stretch)) return "stretch";
  if (reaches(good)) return "good";
  return reaches(must) ? "must" : "missed";
}

double Timing::best() const { return *std::min_element(seconds.begin(), seconds.end()); }

void BenchReport::add(Figure figure) { m_figures.push_back(std::move(figure)); }

std::string BenchReport::take_lines() {
  std::string lines;
  if (m_printed == 0 && !m_figures.empty())
    lines = fmt::format("{:<22} {:>10} {:<7} {:>5} {:>5} {:>7}  {:<8} {}\n", "figure", "value", "unit", "must", "good",
                        "stretch", "meets", "reference");
  for (; m_printed < m_figures.size(); ++m_printed) {
    const Figure& f = m_figures[m_printed];
    lines +=
        fmt::format("{:<22} {:>10.4g} {:<7} {:>5} {:>5} {:>7}  {:<8} {}\n", f.name, f.value, f.unit,
                    f.target ? bound(f.target->must) : "", f.target ? bound(f.target->good) : "",
                    f.target ? bound(f.target->stretch) : "", f.target ? f.target->met_by(f.value) : "-", f.reference);
  }
  return lines;
}

std::string BenchReport::json() const {
  Json context = machine_context();
  context.update({{"executable", "ister bench"},
                  {"library_build_type", "release"},
                  {"ranks", m_ranks.count()},
                  {"threads", m_ranks.threads()},
                  {"compiler", "g++ " __VERSION__},
                  {"kokkos_backend", core::Execution::name()},
                  {"git_revision", revision()},
                  {"versions", version_text()}});
  Json benchmarks = Json::array();
  for (const Timing& t : m_timings) {
    const auto entry = [&](const std::string& suffix, double seconds) {
      Json e = {{"name", t.name + suffix},      {"run_name", t.name}, {"repetitions", t.seconds.size()},
                {"threads", m_ranks.threads()}, {"iterations", 1},    {"real_time", 1e9 * seconds},
                {"cpu_time", 1e9 * seconds},    {"time_unit", "ns"}};
      if (t.items > 0) e["items_per_second"] = t.items / seconds;
      return e;
    };
    for (std::size_t i = 0; i < t.seconds.size(); ++i) {
      Json e = entry("", t.seconds[i]);
      e["run_type"] = "iteration";
      e["repetition_index"] = i;
      benchmarks.push_back(std::move(e));
    }
    const double mean =
        std::accumulate(t.seconds.begin(), t.seconds.end(), 0.0) / static_cast<double>(t.seconds.size());
    for (const auto& [name, value] : {std::pair{"mean", mean}, {"median", median(t.seconds)}, {"min", t.best()}}) {
      Json e = entry(std::string("_") + name, value);
      e["run_type"] = "aggregate";
      e["aggregate_name"] = name;
      e["aggregate_unit"] = "time";
      benchmarks.push_back(std::move(e));
    }
  }
  Json figures = Json::array();
  for (const Figure& f : m_figures) {
    Json e = {{"name", f.name}, {"value", f.value}, {"unit", f.unit}, {"reference", f.reference}};
    if (f.target) {
      e["must"] = f.target->must;
      e["good"] = f.target->good;
      if (f.target->stretch) e["stretch"] = *f.target->stretch;
      e["meets"] = f.target->met_by(f.value);
    }
    figures.push_back(std::move(e));
  }
  return Json({{"context", context}, {"benchmarks", benchmarks}, {"figures", figures}}).dump(1) + "\n";
}

std::vector<Timing> BenchReport::time_in_turn(
    int repetitions, const std::vector<std::pair<std::string, std::function<void()>>>& things) const {
  const MPI_Comm comm = m_ranks.comm();
  std::vector<Timing> timings;
  for (const auto& [name, run] : things) {
    run();  // warms up
    timings.push_back({name, {}, 0.0});
  }
  for (int r = 0; r < m_repetitions.value_or(repetitions); ++r)
    for (std::size_t i = 0; i < things.size(); ++i) {
      MPI_Barrier(comm);
      const double start = MPI_Wtime();
      things[i].second();
      MPI_Barrier(comm);
      double seconds = MPI_Wtime() - start;
      MPI_Allreduce(MPI_IN_PLACE, &seconds, 1, MPI_DOUBLE, MPI_MAX, comm);
      timings[i].seconds.push_back(seconds);
    }
  return timings;
}

}  // namespace ister::drivers
