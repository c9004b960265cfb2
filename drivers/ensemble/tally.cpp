#include "drivers/ensemble/tally.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "drivers/run/progress.hpp"
#include "solvers/verdict.hpp"

namespace ister::drivers {
namespace {

constexpr solvers::Grade grades[] = {solvers::Grade::good, solvers::Grade::doubtful, solvers::Grade::bad};
constexpr std::size_t grade_count = std::size(grades);

void sum_over_ranks(double* values, std::size_t count, MPI_Comm comm) {
  MPI_Allreduce(MPI_IN_PLACE, values, static_cast<int>(count), MPI_DOUBLE, MPI_SUM, comm);
}

}  // namespace

Tally::Tally() : m_grades(solvers::Verdicts::names().size() * grade_count) {}

void Tally::count(const core::Attributes& event) {
  const std::vector<std::string>& names = solvers::Verdicts::names();
  for (std::size_t v = 0; v < names.size(); ++v)
    for (std::size_t g = 0; g < grade_count; ++g)
      if (event.at("verdict_" + names[v]) == core::Attribute(std::string(solvers::grade_name(grades[g]))))
        ++m_grades[v * grade_count + g];
}

void Tally::book(const core::Profiler& profiler, double seconds) {
  m_seconds[all] += seconds;
  std::string outermost;
  for (const core::Profiler::Record& record : profiler.records()) {
    if (record.depth == 0) outermost = record.name;
    if (record.name == "step") m_seconds[steps] += record.total;
    if (record.name == "surface" && outermost == "observers") m_seconds[surface] += record.total;
    if (record.name == "observers") m_seconds[observers] += record.total;
    if (record.name == "spectra") m_seconds[spectra] += record.total;
    if (record.name == "initial state") m_seconds[initial] += record.total;
  }
}

std::vector<std::string> Tally::lines(MPI_Comm comm) const {
  std::vector<double> counts = m_grades;
  std::array<double, shares> seconds = m_seconds;
  sum_over_ranks(counts.data(), counts.size(), comm);
  sum_over_ranks(seconds.data(), seconds.size(), comm);
  std::string verdicts;
  const std::vector<std::string>& names = solvers::Verdicts::names();
  for (std::size_t v = 0; v < names.size(); ++v) {
    const double* n = &counts[v * grade_count];
    verdicts += fmt::format("{}{} {:.0f}/{:.0f}/{:.0f}", v == 0 ? "" : ", ", names[v], n[0], n[1], n[2]);
  }
  const auto percent = [&](double part) { return 100.0 * part / std::max(seconds[all], 1e-9); };
  const double rest = seconds[all] - seconds[steps] - seconds[observers] - seconds[spectra] - seconds[initial];
  return {
      "verdicts (good/doubtful/bad): " + verdicts,
      fmt::format("time: {} of ranks that ran events, {:.1f} % in steps, {:.1f} % in observers, {:.1f} % in "
                  "surfaces, {:.1f} % in spectra, {:.2f} % in initial states, {:.2f} % in the rest",
                  readable(seconds[all]).text, percent(seconds[steps]), percent(seconds[observers] - seconds[surface]),
                  percent(seconds[surface]), percent(seconds[spectra]), percent(seconds[initial]), percent(rest))};
}

}  // namespace ister::drivers
