#include "solvers/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace ister::solvers {
namespace {

constexpr const char* larger_box =
    "matter meets its images: a larger box (grid.lower, grid.upper), an earlier time.end";

/// Where thresholds come from: solvers/README.md.
constexpr Criterion criteria[] = {
    {"balance", "energy_balance", 1e-3, 1e-2, true, "|balance|, energy gone or gained relative to that at the start,",
     "unless another verdict says why, the flow is steeper than the grid: more grid.points, numerics.preset = "
     "\"event\", a shorter step, or viscosity (an ideal fluid steepens into shocks)"},
    {"balance", "energy_growth", 2.0, 2.0, true, "growth of e_max in a step",
     "initial data with jumps from cell to cell: smooth them, raise initial.floor, shorten the step"},
    {"cavitation", "bulk_ratio", 0.6, 1.0, false, "|Pi|/p where e > history.verdict_cut",
     "p + Pi < 0 is no fluid: a smaller or wider zeta_over_s, a later time.start"},
    {"seam", "seam_x", 0.02, 0.1, false, "e at the rim along x relative to e_max", larger_box},
    {"seam", "seam_y", 0.02, 0.1, false, "e at the rim along y relative to e_max", larger_box},
    {"seam", "seam_z", 0.02, 0.1, false, "e at the rim along z (eta) relative to e_max", larger_box},
    {"seam", "seam_flux", 1e-3, 1e-2, false, "energy through the rim relative to that at the start", larger_box},
    {"seam", "surface_at_seam", 0.0, 0.0, false, "number of cells at the rim that a surface cuts", larger_box},
    {"resolution", "resolution", 1e-4, 1e-2, false, "share of the power of ln e in the finest quarter of wavenumbers",
     "the grid does not resolve the flow: more grid.points, or smoother initial data"},
    {"resolution", "step_over_tau", 0.25, 0.5, false, "length of a step relative to tau",
     "the expansion is not resolved in time: a shorter time.step or time.cfl, or a later time.start"},
    {"causality", "signal_speed", 1.0 + 1e-9, 1.0 + 1e-9, false,
     "squared speed of signals where e > history.verdict_cut",
     "longer relaxation times: transport.tau_pi_coefficient, transport.tau_bulk"},
    {"causality", "acausal_fraction", 0.05, 0.5, false, "share of the matter whose fronts are faster than light",
     "stresses are too large for the theory: a later time.start, smaller eta_over_s and zeta_over_s"},
};
static_assert(std::size(criteria) == static_cast<std::size_t>(Measured::count));

Grade judge(const Criterion& c, double value) {
  if (value <= c.good) return Grade::good;
  return value <= c.doubtful ? Grade::doubtful : Grade::bad;
}

}  // namespace

const char* grade_name(Grade grade) {
  static constexpr const char* grades[] = {"none", "good", "doubtful", "bad"};
  return grades[static_cast<int>(grade)];
}

const Criterion& criterion(Measured what) { return criteria[static_cast<std::size_t>(what)]; }

Grade grade(Measured what, double value) { return judge(criterion(what), value); }

const std::vector<std::string>& Verdicts::names() {
  static const std::vector<std::string> names{"balance", "cavitation", "seam", "resolution", "causality"};
  return names;
}

void Verdicts::note(Measured what, double value, double time) {
  Extreme& extreme = m_extremes[static_cast<std::size_t>(what)];
  if (!extreme.measured || !(value <= extreme.value)) extreme = {value, time, true};
}

Grade Verdicts::grade_of(std::size_t what) const {
  return m_extremes[what].measured ? judge(criteria[what], m_extremes[what].value) : Grade::none;
}

Grade Verdicts::grade_of(const std::string& verdict) const {
  Grade worst = Grade::none;
  for (std::size_t i = 0; i < measured_count; ++i)
    if (criteria[i].verdict == verdict) worst = std::max(worst, grade_of(i));
  return worst;
}

/// Of criteria that are equally bad the first one is shown.
std::string Verdicts::line() const {
  std::string text;
  for (const std::string& name : names()) {
    std::string value;
    const Grade verdict = grade_of(name);
    for (std::size_t i = 0; i < measured_count && value.empty(); ++i)
      if (name == criteria[i].verdict && m_extremes[i].measured && grade_of(i) == verdict)
        value = fmt::format(" ({:.2g})", m_extremes[i].value);
    text += (text.empty() ? "verdict: " : ", ") + name + " " + grade_name(verdict) + value;
  }
  return text;
}

std::string Verdicts::remark(std::size_t what) const {
  const Criterion& c = criteria[what];
  const Extreme& e = m_extremes[what];
  return fmt::format("{} {}: {} reached {:.3g} at time {:.6g} fm (good up to {:.3g}); {}", c.verdict,
                     grade_name(grade_of(what)), c.description, e.value, e.time, c.good, c.remedy);
}

std::vector<std::string> Verdicts::remarks(Grade from) const {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < measured_count; ++i)
    if (grade_of(i) >= from) lines.push_back(remark(i));
  return lines;
}

bool Verdicts::end_run() const {
  for (std::size_t i = 0; i < measured_count; ++i)
    if (criteria[i].ends_run && grade_of(i) == Grade::bad) return true;
  return false;
}

core::Attributes Verdicts::attributes() const {
  core::Attributes attributes;
  for (const std::string& name : names()) attributes["verdict_" + name] = std::string(grade_name(grade_of(name)));
  return attributes;
}

core::Attributes Verdicts::numbers() const {
  core::Attributes numbers;
  for (std::size_t i = 0; i < measured_count; ++i)
    if (m_extremes[i].measured)
      numbers[std::string("extreme_") + criteria[i].name] =
          std::vector<double>{m_extremes[i].value, m_extremes[i].time};
  return numbers;
}

void Verdicts::restore(const core::Attributes& numbers) {
  for (std::size_t i = 0; i < measured_count; ++i) {
    m_extremes[i] = {};
    const auto found = numbers.find(std::string("extreme_") + criteria[i].name);
    if (found == numbers.end()) continue;
    const auto& saved = std::get<std::vector<double>>(found->second);
    m_extremes[i] = {saved.at(0), saved.at(1), true};
  }
}

}  // namespace ister::solvers
