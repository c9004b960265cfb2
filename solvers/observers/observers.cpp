#include "solvers/observers/observers.hpp"

#include <utility>

#include "solvers/named_components.hpp"

namespace ister::solvers {
namespace {

void remember(const core::FieldBundle& from, core::FieldBundle& to) {
  const auto whole = to.view();
  core::copy(whole, core::ConstDeviceArray(from.data(), whole.size()));
}

}  // namespace

void Observers::add(std::unique_ptr<Observer> observer) {
  const Observer::Needs needs = observer->needs();
  if (needs.rates && m_rates.components() == 0) m_rates = m_system.make_bundle();
  Watcher watcher{std::move(observer), {}, {}};
  if (needs.previous) watcher.previous = m_system.make_bundle();
  if (needs.previous && needs.rates) watcher.previous_rates = m_system.make_bundle();
  m_watchers.push_back(std::move(watcher));
}

void Observers::look(const Moment& moment) {
  bool has_rates = false;
  for (Watcher& watcher : m_watchers) {
    watcher.keeps = false;
    if (watcher.observer->due(moment)) show(watcher, moment, has_rates);
  }
  const core::FieldBundle* rates = &m_rates;
  for (Watcher& watcher : m_watchers)
    if (watcher.keeps) keep(watcher, moment.time, rates);
}

void Observers::show(Watcher& watcher, const Moment& moment, bool& has_rates) {
  const Observer::Needs needs = watcher.observer->needs();
  if (needs.rates && !std::exchange(has_rates, true)) m_system.primitive_rates(m_rates);
  const core::FieldBundle& primitives = m_system.primitives();
  Observation seen{moment, primitives};
  if (needs.rates) seen.rates = &m_rates;
  if (needs.previous && watcher.has_seen) {
    seen.previous = &watcher.previous;
    if (needs.rates) seen.previous_rates = &watcher.previous_rates;
    seen.previous_time = watcher.previous_time;
  }
  watcher.keeps = needs.previous && watcher.observer->keeps(moment);
  watcher.observer->observe(seen);
}

/// The first one that keeps rates takes them as they are, for its old ones.
void Observers::keep(Watcher& watcher, double time, const core::FieldBundle*& rates) {
  remember(m_system.primitives(), watcher.previous);
  if (watcher.previous_rates.components() > 0) {
    if (rates == &m_rates)
      std::swap(m_rates, watcher.previous_rates);
    else
      remember(*rates, watcher.previous_rates);
    rates = &watcher.previous_rates;
  }
  watcher.previous_time = time;
  watcher.has_seen = true;
}

std::vector<std::string> Observers::columns() const {
  std::vector<std::string> columns;
  for (const Watcher& watcher : m_watchers)
    for (std::string& column : watcher.observer->columns()) columns.push_back(std::move(column));
  return columns;
}

std::vector<double> Observers::row() const {
  std::vector<double> row;
  for (const Watcher& watcher : m_watchers) watcher.observer->add_values(row);
  return row;
}

std::vector<core::NamedField> Observers::checkpoint_fields() {
  std::vector<core::NamedField> fields;
  for (Watcher& watcher : m_watchers) {
    const std::string name = "observer_" + watcher.observer->name();
    add_components(fields, name + "_", watcher.previous, watcher.previous.components());
    add_components(fields, name + "_rate_", watcher.previous_rates, watcher.previous_rates.components());
    for (core::NamedField& own : watcher.observer->checkpoint_fields()) {
      own.name = name + "_" + own.name;
      fields.push_back(std::move(own));
    }
  }
  return fields;
}

core::Attributes Observers::checkpoint_numbers() const {
  core::Attributes numbers;
  for (const Watcher& watcher : m_watchers) {
    const std::string prefix = "observer_" + watcher.observer->name() + "_";
    if (watcher.has_seen) numbers[prefix + "time"] = watcher.previous_time;
    for (auto& [name, value] : watcher.observer->checkpoint_numbers()) numbers[prefix + name] = value;
  }
  return numbers;
}

void Observers::restored(const core::Attributes& numbers) {
  for (Watcher& watcher : m_watchers) {
    const std::string prefix = "observer_" + watcher.observer->name() + "_";
    const auto time = numbers.find(prefix + "time");
    watcher.has_seen = time != numbers.end();
    if (watcher.has_seen) watcher.previous_time = std::get<double>(time->second);
    core::Attributes own;
    for (const auto& [name, value] : numbers)
      if (name.rfind(prefix, 0) == 0) own[name.substr(prefix.size())] = value;
    watcher.observer->restored(own);
  }
}

}  // namespace ister::solvers
