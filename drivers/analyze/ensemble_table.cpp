#include "drivers/analyze/ensemble_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "core/base/error.hpp"

namespace ister::drivers {
namespace {

constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

/// A number, or what a verdict says as one: 0 good, 1 doubtful, 2 bad.
double number_of(const core::Attribute& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return static_cast<double>(*whole);
  if (const auto* real = std::get_if<double>(&value)) return *real;
  const std::map<std::string, double> verdicts{{"good", 0.0}, {"doubtful", 1.0}, {"bad", 2.0}};
  const auto* text = std::get_if<std::string>(&value);
  const auto found = text == nullptr ? verdicts.end() : verdicts.find(*text);
  return found == verdicts.end() ? unknown : found->second;
}

bool is_column(const std::string& name, const core::Attribute& value) {
  return name.rfind("verdict_", 0) == 0 || std::holds_alternative<std::int64_t>(value) ||
         std::holds_alternative<double>(value);
}

/// What the attributes of events are in, where that is no number alone.
std::string units_of(const std::string& attribute) {
  const std::map<std::string, std::string> units{{"b", "fm"}, {"energy", "1/fm"}, {"time", "fm"}, {"wall", "s"}};
  const auto found = units.find(attribute);
  return found == units.end() ? "" : found->second;
}

/// The species of an event together: flow and mean pT are averages over all of their particles.
EventSpecies together(const EnsembleEvent& event, const std::vector<std::string>& chosen) {
  EventSpecies sum;
  for (const std::string& name : chosen) {
    const EventSpecies& one = event.species.at(name);
    sum.dn_dy += one.dn_dy;
    sum.mean_pt += one.dn_dy * one.mean_pt;
    sum.flow.resize(one.flow.size());
    for (std::size_t n = 0; n < one.flow.size(); ++n) sum.flow[n] += one.dn_dy * one.flow[n];
  }
  sum.mean_pt /= sum.dn_dy;
  for (std::complex<double>& v : sum.flow) v /= sum.dn_dy;
  return sum;
}

/// The events of one species or of several together, with nothing where an event has no particles.
std::vector<EventSpecies> species_by_event(const std::vector<EnsembleEvent>& events,
                                           const std::vector<std::string>& chosen) {
  std::vector<EventSpecies> all;
  for (const EnsembleEvent& event : events)
    all.push_back(event.species.empty() ? EventSpecies{} : together(event, chosen));
  return all;
}

Harmonics harmonics_of(const std::vector<EventSpecies>& events) {
  std::size_t count = 0;
  for (const EventSpecies& event : events) count = std::max(count, event.flow.size());
  Harmonics harmonics(count);
  for (std::size_t n = 0; n < count; ++n)
    for (const EventSpecies& event : events)
      harmonics[n].push_back({event.flow.empty() ? 0.0 : event.flow[n], event.dn_dy});
  return harmonics;
}

template <class Value>
std::vector<double> each(const std::vector<EventSpecies>& events, const Value& value) {
  std::vector<double> values;
  for (const EventSpecies& event : events) values.push_back(event.dn_dy > 0.0 ? value(event) : unknown);
  return values;
}

}  // namespace

EnsembleTable::EnsembleTable(const std::vector<EnsembleEvent>& events, const std::vector<std::string>& species) {
  std::vector<double> numbers, outcomes;
  for (const EnsembleEvent& event : events) {
    numbers.push_back(static_cast<double>(event.number));
    outcomes.push_back(static_cast<double>(event.outcome()));
  }
  add("event", numbers);
  add("outcome", outcomes);
  add_attributes(events);
  if (!species.empty()) add_particles(events, species);
}

void EnsembleTable::add(const std::string& name, std::vector<double> values, const std::string& units) {
  m_columns.push_back({name, io::Array(std::move(values)), units});
}

void EnsembleTable::add_attributes(const std::vector<EnsembleEvent>& events) {
  std::set<std::string> names;
  for (const EnsembleEvent& event : events)
    for (const auto& [name, value] : event.attributes)
      if (is_column(name, value)) names.insert(name);
  for (const std::string& name : names) {
    std::vector<double> values;
    for (const EnsembleEvent& event : events) {
      const auto found = event.attributes.find(name);
      values.push_back(found == event.attributes.end() ? unknown : number_of(found->second));
    }
    add(name, std::move(values), units_of(name));
  }
}

void EnsembleTable::add_particles(const std::vector<EnsembleEvent>& events, const std::vector<std::string>& species) {
  const std::vector<EventSpecies> all = species_by_event(events, species);
  m_flow = harmonics_of(all);
  add("dN_dy", each(all, [](const EventSpecies& s) { return s.dn_dy; }));
  add("mean_pt", each(all, [](const EventSpecies& s) { return s.mean_pt; }), "GeV");
  for (std::size_t n = 0; n < m_flow.size(); ++n) {
    const double order = static_cast<double>(n + 1);
    add(fmt::format("v_{}", n + 1), each(all, [&](const EventSpecies& s) { return std::abs(s.flow[n]); }));
    add(fmt::format("psi_v_{}", n + 1), each(all, [&](const EventSpecies& s) { return std::arg(s.flow[n]) / order; }));
  }
  for (const std::string& name : species) {
    const std::vector<EventSpecies> one = species_by_event(events, {name});
    m_flow_of_species[name] = harmonics_of(one);
    add(name + "/dN_dy", each(one, [](const EventSpecies& s) { return s.dn_dy; }));
    add(name + "/mean_pt", each(one, [](const EventSpecies& s) { return s.mean_pt; }), "GeV");
  }
}

const std::vector<double>* EnsembleTable::find(const std::string& name) const {
  const auto found =
      std::find_if(m_columns.begin(), m_columns.end(), [&](const io::NamedArray& c) { return c.name == name; });
  return found == m_columns.end() ? nullptr : &found->array.values;
}

const std::vector<double>& EnsembleTable::column(const std::string& name) const {
  if (const std::vector<double>* found = find(name)) return *found;
  std::vector<std::string> names;
  for (const io::NamedArray& column : m_columns) names.push_back(column.name);
  throw InputError(fmt::format("the events have no \"{}\"; they have {}", name, fmt::join(names, ", ")));
}

std::vector<std::complex<double>> EnsembleTable::eccentricity(int n) const {
  const std::vector<double>*size = find(fmt::format("eps_{}", n)), *plane = find(fmt::format("psi_{}", n));
  std::vector<std::complex<double>> values;
  if (size == nullptr || plane == nullptr) return values;
  for (std::size_t i = 0; i < size->size(); ++i)
    values.push_back((*size)[i] * std::exp(std::complex<double>(0.0, n * (*plane)[i])));
  return values;
}

}  // namespace ister::drivers
