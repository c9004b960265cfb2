#include "drivers/analyze/ensemble_events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.hpp"
#include "io/event_file.hpp"

namespace ister::drivers {
namespace {

using io::Array;
using io::EventRecord;

/// What is read of a species.
const std::vector<std::string> wanted{"dN_dy", "mean_pt", "vn", "psi_n"};

/// The arrays of one species by their names.
using Arrays = std::map<std::string, Array>;

EventSpecies species_from(const Arrays& arrays, const std::string& place) {
  const auto of = [&](const char* name) -> const Array& {
    const auto found = arrays.find(name);
    if (found == arrays.end()) throw InputError(fmt::format("{}: there is no {}", place, name));
    return found->second;
  };
  const auto number = [&](const char* name) {
    if (of(name).values.size() != 1) throw InputError(fmt::format("{}/{}: one number is needed", place, name));
    return of(name).values.front();
  };
  const std::vector<double>&v = of("vn").values, &psi = of("psi_n").values;
  if (v.size() != psi.size())
    throw InputError(fmt::format("{}: vn has {} harmonics, psi_n has {}", place, v.size(), psi.size()));
  EventSpecies species{number("dN_dy"), number("mean_pt"), {}};
  for (std::size_t n = 0; n < v.size(); ++n)
    species.flow.push_back(v[n] * std::exp(std::complex<double>(0.0, static_cast<double>(n + 1) * psi[n])));
  const auto finite = [](const std::complex<double>& value) { return std::isfinite(std::abs(value)); };
  if (!(species.dn_dy > 0.0) || !std::isfinite(species.dn_dy) || !std::isfinite(species.mean_pt) ||
      !std::all_of(species.flow.begin(), species.flow.end(), finite))
    throw InputError(fmt::format("{}: dN_dy is to be positive, mean_pt, vn and psi_n finite", place));
  return species;
}

EnsembleEvent event_from(EventRecord&& record, const std::filesystem::path& file) {
  EnsembleEvent event{
      file.string() + (record.name.empty() ? "" : ": " + record.name), 0, std::move(record.attributes), {}};
  std::map<std::string, Arrays> species;
  for (io::NamedArray& one : record.spectra) {
    const std::size_t slash = one.name.rfind('/');
    species[one.name.substr(0, slash)].emplace(one.name.substr(slash + 1), std::move(one.array));
  }
  for (const auto& [name, arrays] : species)
    if (!arrays.empty()) event.species.emplace(name, species_from(arrays, event.place + ": " + name));
  return event;
}

std::vector<std::string> names_of(const EnsembleEvent& event) {
  std::vector<std::string> names;
  for (const auto& [name, species] : event.species) names.push_back(name);
  return names;
}

/// InputError where an event has other species than the first one that has any, or they have other harmonics.
void require_alike(const EnsembleEvent& event, const EnsembleEvent& first) {
  if (names_of(event) != names_of(first))
    throw InputError(fmt::format("{}: its species are {}, those of {} are {}", event.place,
                                 fmt::join(names_of(event), ", "), first.place, fmt::join(names_of(first), ", ")));
  const std::size_t harmonics = first.species.begin()->second.flow.size();
  for (const auto& [name, species] : event.species)
    if (species.flow.size() != harmonics)
      throw InputError(fmt::format("{}: {} has {} harmonics, {} of {} has {}", event.place, name, species.flow.size(),
                                   first.species.begin()->first, first.place, harmonics));
}

}  // namespace

Outcome EnsembleEvent::outcome() const {
  Outcome worst = Outcome::good;
  for (const auto& [name, value] : attributes) {
    if (name == "exit_code" && value != core::Attribute(std::int64_t{0})) return Outcome::failed;
    if (name.rfind("verdict_", 0) != 0) continue;
    if (value == core::Attribute(std::string("bad"))) worst = Outcome::bad;
    if (value == core::Attribute(std::string("doubtful"))) worst = std::max(worst, Outcome::doubtful);
  }
  return worst;
}

std::vector<EnsembleEvent> read_ensemble(const std::vector<std::filesystem::path>& files) {
  std::vector<EnsembleEvent> events;
  for (const std::filesystem::path& file : files)
    for (EventRecord& record : io::read_events(file, wanted)) {
      const std::size_t digits = record.name.find_last_of('_') + 1;
      const std::int64_t number =
          record.name.empty() ? static_cast<std::int64_t>(events.size()) : std::stoll(record.name.substr(digits));
      events.push_back(event_from(std::move(record), file));
      events.back().number = number;
    }
  const auto before = [](const EnsembleEvent& a, const EnsembleEvent& b) { return a.number < b.number; };
  std::stable_sort(events.begin(), events.end(), before);
  const auto twice = std::adjacent_find(events.begin(), events.end(),
                                        [](const auto& a, const auto& b) { return a.number == b.number; });
  if (twice != events.end())
    throw InputError(
        fmt::format("{}: the same event as {}: every event counts once", std::next(twice)->place, twice->place));
  return events;
}

std::vector<std::string> species_of(const std::vector<EnsembleEvent>& events) {
  const auto has_any = [](const EnsembleEvent& event) { return !event.species.empty(); };
  const auto first = std::find_if(events.begin(), events.end(), has_any);
  if (first == events.end()) return {};
  for (const EnsembleEvent& event : events)
    if (has_any(event)) require_alike(event, *first);
  return names_of(*first);
}

}  // namespace ister::drivers
