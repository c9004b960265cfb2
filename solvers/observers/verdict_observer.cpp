#include "solvers/observers/verdict_observer.hpp"

#include <algorithm>
#include <cmath>

namespace ister::solvers {
namespace {

constexpr double empty_rim = 1e-2;  ///< of e_max

constexpr Measured seams[] = {Measured::seam_x, Measured::seam_y, Measured::seam_z};

}  // namespace

bool VerdictObserver::due(const Moment& moment) const {
  return !m_started || moment.last || m_verdicts.end_run() || (m_every_steps > 0 && moment.step % m_every_steps == 0);
}

void VerdictObserver::observe(const Observation& observation) {
  const Diagnostics& d = m_system.diagnostics();
  const double time = observation.moment.time;
  m_verdicts.note(Measured::energy_balance, std::fabs(m_system.balance()), time);
  m_verdicts.note(Measured::resolution, d.resolution, time);
  if (m_system.context().fluid.model().has_bulk()) m_verdicts.note(Measured::bulk_ratio, d.bulk_ratio_max, time);
  note_seam(d, time);
  note_causality(d, time);
  if (m_causality.measures()) m_verdicts.note(Measured::acausal_fraction, m_causality.fraction(), time);
  m_started = true;
}

void VerdictObserver::note_seam(const Diagnostics& d, double time) {
  const int dimensions = m_system.context().decomposition.grid().dimensions;
  if (!m_started)
    for (int n = 0; n < dimensions; ++n) m_empty_rim[n] = d.seam_e[n] < empty_rim * d.e_max;
  else
    m_seam_energy += 0.5 * (m_seam_rate + d.seam_rate) * (time - m_seam_time);
  m_seam_rate = d.seam_rate;
  m_seam_time = time;
  if (!(d.e_max > m_system.context().options.verdict_cut)) return;  // no matter that counts is left
  for (int n = 0; n < dimensions; ++n)
    if (m_empty_rim[n]) m_verdicts.note(seams[n], d.seam_e[n] / d.e_max, time);
  if (std::all_of(m_empty_rim.begin(), m_empty_rim.begin() + dimensions, [](bool empty) { return empty; }))
    m_verdicts.note(Measured::seam_flux, m_seam_energy / m_system.start_energy(), time);
}

/// The speed is a function of e, whatever the place.
void VerdictObserver::note_causality(const Diagnostics& d, double time) {
  constexpr int samples = 64;
  const physics::Causality& causality = m_system.causality();
  const double high = std::log(d.e_max), low = std::min(std::max(std::log(d.e_min), causality.log_cut()), high);
  if (!(high > causality.log_cut())) return;
  double fastest = 0.0;
  for (int i = 0; i <= samples; ++i)
    fastest = std::max(fastest, causality.speed_squared(std::exp(low + (high - low) * i / samples)));
  m_verdicts.note(Measured::signal_speed, fastest, time);
}

void VerdictObserver::note_step(const StateRange& before) {
  const double time = m_system.time(), dt = m_system.last_dt();
  m_verdicts.note(Measured::energy_growth, m_system.range().e_max / before.e_max, time);
  if (m_system.context().milne()) m_verdicts.note(Measured::step_over_tau, dt / (time - dt), time - dt);
}

std::vector<std::string> VerdictObserver::columns() const {
  return {"bulk_ratio_max", "inverse_reynolds", "seam_flux", "seam_ratio", "resolution"};
}

void VerdictObserver::add_values(std::vector<double>& row) {
  const Diagnostics& d = m_system.diagnostics();
  const double at_seam = *std::max_element(d.seam_e.begin(), d.seam_e.end());
  row.insert(row.end(), {d.bulk_ratio_max, d.inverse_reynolds, m_seam_energy / m_system.start_energy(),
                         at_seam / d.e_max, d.resolution});
}

core::Attributes VerdictObserver::checkpoint_numbers() const {
  core::Attributes numbers = m_verdicts.numbers();
  if (!m_started) return numbers;
  numbers["seam"] = std::vector<double>{m_seam_energy, m_seam_rate, m_seam_time};
  numbers["empty_rim"] = std::vector<std::int64_t>(m_empty_rim.begin(), m_empty_rim.end());
  return numbers;
}

void VerdictObserver::restored(const core::Attributes& numbers) {
  m_verdicts.restore(numbers);
  const auto seam = numbers.find("seam"), rim = numbers.find("empty_rim");
  m_started = seam != numbers.end() && rim != numbers.end();
  if (!m_started) return;
  const auto& values = std::get<std::vector<double>>(seam->second);
  m_seam_energy = values.at(0);
  m_seam_rate = values.at(1);
  m_seam_time = values.at(2);
  const auto& empty = std::get<std::vector<std::int64_t>>(rim->second);
  for (std::size_t n = 0; n < m_empty_rim.size(); ++n) m_empty_rim[n] = empty.at(n) != 0;
}

}  // namespace ister::solvers
