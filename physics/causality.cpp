#include "physics/causality.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "physics/units.hpp"

namespace ister::physics {

namespace {

constexpr double lowest_log_e = -690.0, highest_log_e = 690.0;  // what a double holds, nearly
constexpr double above_rounding = 1.001;                        // of values printed to four digits

struct Sample {
  double log_e;
  double excess;  ///< of the squared signal speed above the limit
};

double excess(const FluidModel& fluid, double log_e) {
  const FluidPoint point = fluid.at(log_e);
  return signal_speed(point, fluid.has_shear(), fluid.has_bulk()).squared() - largest_causal_speed_squared;
}

/// Fine where matter is met with, coarse far away, where nothing but power laws is left.
double spacing(double log_e) { return log_e > -40.0 && log_e < 20.0 ? 1.0 / 64.0 : 0.25; }

std::vector<Sample> coarse_scan(const FluidModel& fluid, double low, double high) {
  std::vector<Sample> samples;
  for (double log_e = low; log_e < high; log_e += spacing(log_e)) samples.push_back({log_e, excess(fluid, log_e)});
  samples.push_back({high, excess(fluid, high)});
  return samples;
}

/// The same, much denser around maxima below the limit that may rise above it between samples.
std::vector<Sample> scan(const FluidModel& fluid, double low, double high) {
  constexpr int parts = 128;
  const std::vector<Sample> coarse = coarse_scan(fluid, low, high);
  std::vector<Sample> samples{coarse.front()};
  for (std::size_t i = 1; i + 1 < coarse.size(); ++i) {
    const Sample &left = coarse[i - 1], &here = coarse[i], &right = coarse[i + 1];
    const double rise = 2.0 * here.excess - left.excess - right.excess;
    if (here.excess <= 0.0 && here.excess > left.excess && here.excess >= right.excess && here.excess + rise > 0.0) {
      for (int k = 1; k < parts; ++k) {
        const double log_e = left.log_e + (right.log_e - left.log_e) * k / parts;
        samples.push_back({log_e, excess(fluid, log_e)});
      }
    } else {
      samples.push_back(here);
    }
  }
  samples.push_back(coarse.back());
  return samples;
}

/// Where the excess changes sign between two samples.
double edge(const FluidModel& fluid, Sample left, const Sample& right) {
  double low = left.log_e, high = right.log_e;
  const bool rising = left.excess <= 0.0;
  for (int halving = 0; halving < 50; ++halving) {
    const double middle = 0.5 * (low + high);
    ((excess(fluid, middle) > 0.0) == rising ? high : low) = middle;
  }
  return 0.5 * (low + high);
}

std::vector<LogEnergyRange> within(const std::vector<LogEnergyRange>& ranges, double low, double high) {
  std::vector<LogEnergyRange> cut;
  for (const LogEnergyRange& range : ranges)
    if (range.low < high && range.high > low) cut.push_back({std::max(low, range.low), std::min(high, range.high)});
  return cut;
}

/// The ln e in the ranges where the signal speed is largest.
double worst_of(const FluidModel& fluid, const std::vector<LogEnergyRange>& ranges) {
  Sample worst{0.0, -1.0};
  for (const LogEnergyRange& range : ranges)
    for (const Sample& sample : scan(fluid, range.low, range.high))
      if (sample.excess > worst.excess) worst = sample;
  return worst.log_e;
}

}  // namespace

std::vector<LogEnergyRange> acausal_ranges(const FluidModel& fluid, double low, double high) {
  if (low > high) return {};
  const std::vector<Sample> samples = scan(fluid, low, high);
  std::vector<LogEnergyRange> ranges;
  bool inside = samples.front().excess > 0.0;
  if (inside) ranges.push_back({low, high});
  for (std::size_t i = 1; i < samples.size(); ++i) {
    if ((samples[i].excess > 0.0) == inside) continue;
    const double at = edge(fluid, samples[i - 1], samples[i]);
    if (inside)
      ranges.back().high = at;
    else
      ranges.push_back({at, high});
    inside = !inside;
  }
  return ranges;
}

Causality::Causality(const FluidModel& fluid, const TransportOptions& transport, double verdict_cut)
    : m_fluid(fluid),
      m_transport(transport),
      m_log_cut(std::max(std::log(verdict_cut), lowest_log_e)),
      m_acausal(acausal_ranges(fluid, m_log_cut, highest_log_e)) {}

bool Causality::holds_between(double e_min, double e_max) const {
  constexpr double rounding = 1e-9;
  const double low = std::log(e_min) - rounding, high = std::log(e_max) + rounding;
  return std::none_of(m_acausal.begin(), m_acausal.end(),
                      [&](const LogEnergyRange& range) { return range.low < high && range.high > low; });
}

SignalSpeed Causality::speed(double log_e) const {
  return signal_speed(m_fluid.at(log_e), m_fluid.has_shear(), m_fluid.has_bulk());
}

double Causality::speed_squared(double energy_density) const {
  const double log_e = std::log(energy_density);
  return log_e > m_log_cut ? speed(log_e).squared() : 0.0;
}

std::string Causality::change_of_shear(double factor) const {
  if (!m_transport.table.empty()) return "lower beta_pi of transport.table";
  factor *= above_rounding;
  return fmt::format("raise transport.tau_pi_coefficient to {:.4g} or more", m_transport.tau_pi_coefficient * factor);
}

std::string Causality::change_of_bulk(double factor) const {
  if (!m_transport.table.empty()) return "lower beta_Pi of transport.table";
  factor *= above_rounding;
  if (m_transport.tau_bulk)
    return fmt::format("raise transport.tau_bulk to {:.4g} fm or more", *m_transport.tau_bulk * factor);
  return fmt::format("lower transport.tau_bulk_coefficient to {:.4g} or less",
                     m_transport.tau_bulk_coefficient / factor);
}

std::string Causality::remedy(const SignalSpeed& c) const {
  const double room = 1.0 - c.sound;
  if (std::min(c.shear, c.bulk) >= room) {
    const double factor = (c.shear + c.bulk) / room;
    return change_of_shear(factor) + ", and " + change_of_bulk(factor);
  }
  if (c.shear >= c.bulk) return change_of_shear(c.shear / (room - c.bulk));
  return change_of_bulk(c.bulk / (room - c.shear));
}

std::string Causality::describe(double energy_density) const {
  const SignalSpeed c = speed(std::log(energy_density));
  const double temperature = m_fluid.at(std::log(energy_density)).temperature;
  const bool by_sound = c.sound > c.shear && c.sound > c.bulk;
  return fmt::format(
      "cs2 + 4 eta/(3 w tau_pi) + zeta/(w tau_Pi) = {:.4g} + {:.4g} + {:.4g} = {:.8g} at e = {:.4g} GeV/fm^3, T = "
      "{:.4g} "
      "MeV, but a causal fluid has at most 1; the largest term is that of {}: {} (matter counts where e > "
      "history.verdict_cut, here {:.4g} GeV/fm^3)",
      c.sound, c.shear, c.bulk, c.squared(), units::natural_to_gev_per_fm3(energy_density),
      units::inverse_fm_to_mev(temperature),
      by_sound            ? "sound"
      : c.shear >= c.bulk ? "shear"
                          : "bulk",
      (by_sound ? "lower it in [eos], or " : "") + remedy(c), units::natural_to_gev_per_fm3(std::exp(m_log_cut)));
}

std::string Causality::text_of(const std::vector<LogEnergyRange>& ranges) const {
  const auto mev = [&](double log_e) { return units::inverse_fm_to_mev(m_fluid.at(log_e).temperature); };
  const auto gev = [](double log_e) { return units::natural_to_gev_per_fm3(std::exp(log_e)); };
  std::string text;
  for (const auto& [low, high] : ranges)
    text += fmt::format("{}T = {:.4g} to {:.4g} MeV (e = {:.3g} to {:.3g} GeV/fm^3)", text.empty() ? "" : ", ",
                        mev(low), mev(high), gev(low), gev(high));
  return text;
}

std::vector<std::string> Causality::warnings(double e_min, double e_max) const {
  constexpr double heating = 1.1;  // of T
  const double low = std::log(e_min), high = std::log(e_max);
  // Beyond its ends a table says nothing that a warning of what may come could rest on.
  const double known_low = m_fluid.log_e_of_temperature(m_fluid.lowest_temperature());
  const double known_high = m_fluid.log_e_of_temperature(m_fluid.highest_temperature());
  const double heated = m_fluid.log_e_of_temperature(heating * m_fluid.at(high).temperature);
  std::vector<std::string> lines;
  const auto reach = within(m_acausal, std::min(low, known_low), std::max(high, std::min(heated, known_high)));
  if (!reach.empty())
    lines.push_back(
        fmt::format("the fluid is acausal at {}: none of it is there now, but the run stops (exit 4) if it "
                    "gets there; {}",
                    text_of(reach), remedy(speed(worst_of(m_fluid, reach)))));
  const auto dilute = acausal_ranges(m_fluid, std::max(low, lowest_log_e), std::min(high, m_log_cut));
  if (!dilute.empty())
    lines.push_back(
        fmt::format("dilute matter is acausal at {}; below history.verdict_cut it does not count", text_of(dilute)));
  return lines;
}

}  // namespace ister::physics
